/** Shapes on a picture: what may be drawn, how a point moves, and what is wrong with an outline. */
import type { Drawn, Point, Rule, RuleField, RuleKind } from "../api/scene.ts";

export type Kind = "zone" | "line" | "mask";
export interface Shape {
  /** Of this page alone. */
  readonly key: number;
  readonly kind: Kind;
  /** The zone's id; a mask has none. */
  readonly id: string;
  readonly points: readonly Point[];
  readonly area: number | null;
  readonly rules: readonly Rule[];
}
export type Fault = "few" | "crosses" | "flat" | "short" | "id" | "twice" | "norules" | "many";

export const LEAST = { zone: 3, mask: 3, line: 2 } as const;
export const MOST_POINTS = 64;
export const MOST_SHAPES = 32;
const LEAST_AREA = 1e-5;
const LEAST_LENGTH = 0.01;
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

let keys = 0;
const round = (share: number): number => Math.round(Math.min(Math.max(share, 0), 1) * 1e4) / 1e4;
/** Within the picture, to a ten-thousandth of it. */
export const snapped = ([x, y]: Point): Point => [round(x), round(y)];

export const shaped = (kind: Kind, points: readonly Point[], id = "", rules: readonly Rule[] = []): Shape => ({
  key: ++keys, kind, id, points, area: null, rules,
});

/** What the hub has drawn, as shapes in the order of the page: zones and lines, then masks. */
export function shapesOf(drawn: Drawn | null): Shape[] {
  const zones = (drawn?.zones ?? []).map((zone) => ({
    ...shaped(zone.line ? "line" : "zone", zone.line ?? zone.polygon ?? [], zone.id, zone.rules),
    area: zone.area ?? null,
  }));
  return [...zones, ...(drawn?.masks ?? []).map((points) => shaped("mask", points))];
}

/** The same as the hub keeps it. */
export function drawnOf(shapes: readonly Shape[]): Required<Drawn> {
  return {
    masks: shapes.filter(({ kind }) => kind === "mask").map(({ points }) => points),
    zones: shapes
      .filter(({ kind }) => kind !== "mask")
      .map(({ id, kind, points, area, rules }) => ({
        id,
        polygon: kind === "zone" ? points : null,
        line: kind === "line" ? points : null,
        area,
        rules,
      })),
  };
}

/** Whether two drawings are the same for an edge, whatever was left out of either. */
export function same(one: Drawn | null, other: Drawn | null): boolean {
  const plain = (drawn: Drawn | null): string => JSON.stringify(drawnOf(shapesOf(drawn)), (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value);
  return plain(one) === plain(other);
}

/** A name that no zone has yet. */
export function freshId(shapes: readonly Shape[], kind: Kind): string {
  if (kind === "mask") return "";
  for (let n = 1; ; n++) if (!shapes.some(({ id }) => id === `${kind}-${n}`)) return `${kind}-${n}`;
}

export const moved = (shape: Shape, index: number, to: Point): Shape => ({
  ...shape, points: shape.points.map((point, i) => (i === index ? snapped(to) : point)),
});
export const inserted = (shape: Shape, index: number, at: Point): Shape =>
  shape.points.length >= MOST_POINTS || shape.kind === "line" ? shape : { ...shape, points: [...shape.points.slice(0, index), snapped(at), ...shape.points.slice(index)] };
/** Without one of its corners; null where too few would be left. */
export const without = (shape: Shape, index: number): Shape | null =>
  shape.points.length <= LEAST[shape.kind] ? null : { ...shape, points: shape.points.filter((_, i) => i !== index) };
/** All of it moved, as far as the picture goes. */
export function shifted(shape: Shape, dx: number, dy: number): Shape {
  const within = (by: number, values: readonly number[]): number => Math.min(Math.max(by, -Math.min(...values)), 1 - Math.max(...values));
  const x = within(dx, shape.points.map(([at]) => at));
  const y = within(dy, shape.points.map(([, at]) => at));
  return { ...shape, points: shape.points.map(([px, py]) => snapped([px + x, py + y])) };
}
export const middle = ([x1, y1]: Point, [x2, y2]: Point): Point => [(x1 + x2) / 2, (y1 + y2) / 2];

const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const between = (a: Point, b: Point, c: Point): boolean =>
  Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (abc === 0 && between(a, b, c)) || (abd === 0 && between(a, b, d)) || (cda === 0 && between(c, d, a)) || (cdb === 0 && between(c, d, b));
}
/** Whether any two sides of an outline that do not follow one another meet. */
export function crosses(points: readonly Point[]): boolean {
  const last = points.length - 1;
  const side = (i: number): [Point, Point] => [points[i]!, points[(i + 1) % points.length]!];
  return points.some((_, i) => points.some((_, j) => j > i + 1 && !(i === 0 && j === last) && meet(...side(i), ...side(j))));
}
const area = (points: readonly Point[]): number =>
  Math.abs(points.reduce((sum, a, i) => { const b = points[(i + 1) % points.length]!; return sum + a[0] * b[1] - b[0] * a[1]; }, 0)) / 2;

/** What is wrong with one shape among all; null: nothing. */
export function fault(shape: Shape, shapes: readonly Shape[]): Fault | null {
  const { kind, points, id } = shape;
  if (points.length < LEAST[kind]) return "few";
  if (kind === "line" && Math.hypot(points[1]![0] - points[0]![0], points[1]![1] - points[0]![1]) < LEAST_LENGTH) return "short";
  if (kind !== "line" && crosses(points)) return "crosses";
  if (kind !== "line" && area(points) < LEAST_AREA) return "flat";
  if (shapes.filter((each) => (each.kind === "mask") === (kind === "mask")).length > MOST_SHAPES) return "many";
  if (kind === "mask") return null;
  if (!SLUG.test(id)) return "id";
  if (shapes.some((other) => other.key !== shape.key && other.kind !== "mask" && other.id === id)) return "twice";
  return shape.rules.length === 0 ? "norules" : null;
}

/** A rule of a kind as it begins. */
export const begun = ({ kind, fields }: RuleKind): Rule => ({ kind, ...Object.fromEntries(fields.map((field) => [field.name, field.default ?? null])) });

/** Whether what is typed for a field is within its limits. */
export function fits(field: RuleField, value: unknown): boolean {
  if (value === null || value === undefined || value === "") return field.maybe;
  if (field.form === "labels") return Array.isArray(value) && value.length > 0;
  if (field.form !== "number" && field.form !== "whole") return true;
  return typeof value === "number" && Number.isFinite(value) &&
    (field.form === "number" || Number.isInteger(value)) &&
    (field.least === undefined || value >= field.least) && (field.most === undefined || value <= field.most) &&
    (field.over === undefined || value > field.over) && (field.under === undefined || value < field.under);
}

/** The first field of a rule that is not as it must be. */
export const misfit = (rule: Rule, kind: RuleKind | undefined): RuleField | null => kind?.fields.find((field) => !fits(field, rule[field.name])) ?? null;

/** What was drawn, and what was drawn before: each step may be taken back. */
export class History {
  #past: (readonly Shape[])[] = [];
  #ahead: (readonly Shape[])[] = [];
  #tag = "";

  /** Remember how it stood; steps of one tag that follow each other are one. */
  keep(now: readonly Shape[], tag = ""): void {
    if (tag && tag === this.#tag) return;
    this.#tag = tag;
    this.#past = [...this.#past.slice(-199), now];
    this.#ahead = [];
  }
  /** The next step is one of its own. */
  part(): void {
    this.#tag = "";
  }
  undo(now: readonly Shape[]): readonly Shape[] | null {
    const before = this.#past.pop();
    if (before) this.#ahead.push(now);
    this.#tag = "";
    return before ?? null;
  }
  redo(now: readonly Shape[]): readonly Shape[] | null {
    const after = this.#ahead.pop();
    if (after) this.#past.push(now);
    this.#tag = "";
    return after ?? null;
  }
  get steps(): number {
    return this.#past.length;
  }
}
