/** The market's ground on one day as it is drawn: every premises with its grid and group, and whether it trades. */
import type { Grid, Market, Name, Ring } from "../api/types.ts";
import { boxOf, flat, outline, pathOf, type Shop } from "../core/plan.ts";
import type { Rect } from "../core/sight.ts";

/** The market as it is on one day; what a plan would change is laid over it by `placed`. */
export interface DayMarket extends Market {
  readonly day: string;
  readonly groups: readonly { readonly id: string; readonly grid: string; readonly number: number; readonly centre: string | null }[];
  readonly shops: Market["shops"] & { readonly open: readonly boolean[] };
}
export interface Cell extends Shop {
  readonly open: boolean;
  readonly ring: Ring;
  readonly box: Rect;
}
interface Some {
  readonly cells: readonly Cell[];
  /** All its premises. */
  readonly path: string;
  readonly x: number;
  readonly y: number;
}
export interface GridOn extends Some {
  readonly id: string;
  readonly name: Name;
  readonly tint: number;
  readonly leader: Grid["leader"];
}
export interface GroupOn extends Some {
  readonly id: string;
  readonly number: number;
  /** Index of its grid. */
  readonly grid: number;
  readonly centre: Cell | null;
  readonly outline: string;
}
export interface Floor {
  readonly bounds: Market["bounds"];
  readonly cells: readonly Cell[];
  readonly at: ReadonlyMap<string, Cell>;
  readonly grids: readonly GridOn[];
  readonly groups: readonly GroupOn[];
  readonly halls: readonly { readonly path: string; readonly name: Name; readonly x: number; readonly y: number; readonly above: boolean }[];
  readonly gates: Market["gates"];
}

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / (values.length || 1);
const some = (cells: readonly Cell[]): Some => ({
  cells, path: cells.map(({ path }) => path).join(""), x: mean(cells.map(({ x }) => x)), y: mean(cells.map(({ y }) => y)),
});

/** Everything that is drawn, computed once a day that is looked at. */
export function lay(market: DayMarket): Floor {
  const cells = market.shops.id.map((id, index): Cell => {
    const ring = flat(market.shops.ring[index] ?? []);
    const box = boxOf(ring);
    const [l, t, r, b] = box;
    return {
      index, id, name: market.shops.name[index] ?? id, grid: market.shops.grid[index] ?? -1, group: market.shops.group[index] ?? -1,
      open: market.shops.open[index] ?? true, path: pathOf(ring), x: (l + r) / 2, y: (t + b) / 2, width: r - l, ring, box,
    };
  });
  const at = new Map(cells.map((cell) => [cell.id, cell]));
  const gridAt = new Map(market.grids.map(({ id }, index) => [id, index]));
  const ofGrid = sorted(cells, market.grids.length, ({ grid }) => grid);
  const ofGroup = sorted(cells, market.groups.length, ({ group }) => group);
  return {
    bounds: market.bounds,
    cells,
    at,
    gates: market.gates,
    grids: market.grids.map(({ id, name, tint, leader }, i) => ({ id, name, tint, leader, ...some(ofGrid[i]!) })),
    groups: market.groups.map(({ id, number, grid, centre }, i) => ({
      id, number, grid: gridAt.get(grid) ?? -1, centre: (centre && at.get(centre)) || null,
      outline: outline(ofGroup[i]!.map(({ ring }) => ring)), ...some(ofGroup[i]!),
    })),
    halls: hallsOf(market),
  };
}

function sorted(cells: readonly Cell[], n: number, of: (cell: Cell) => number): Cell[][] {
  const found: Cell[][] = Array.from({ length: n }, () => []);
  for (const cell of cells) found[of(cell)]?.push(cell);
  return found;
}

function hallsOf(market: Market): Floor["halls"] {
  const middle = (market.bounds[1] + market.bounds[3]) / 2;
  return market.halls.map(({ ring, name }) => {
    const [l, t, r, b] = boxOf(ring);
    const above = (t + b) / 2 < middle;
    return { path: pathOf(ring), name, x: (l + r) / 2, y: above ? t : b, above };
  });
}

/** Whether a point lies in a ring; corners in order, the last joins the first. */
export function inside(ring: Ring, x: number, y: number): boolean {
  let within = false;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within;
  });
  return within;
}

/** The premises at a point, or null. */
export const cellAt = (floor: Floor, x: number, y: number): Cell | null =>
  floor.cells.find(({ ring, box: [l, t, r, b] }) => x >= l && x <= r && y >= t && y <= b && inside(ring, x, y)) ?? null;

/** The premises whose middle lies between two corners. */
export function within(floor: Floor, [x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): Cell[] {
  const [l, r] = x1 < x2 ? [x1, x2] : [x2, x1];
  const [t, b] = y1 < y2 ? [y1, y2] : [y2, y1];
  return floor.cells.filter(({ x, y }) => x >= l && x <= r && y >= t && y <= b);
}

/** Left, top, right, bottom of some premises. */
export const around = (cells: readonly Cell[]): Rect => [
  Math.min(...cells.map(({ box }) => box[0])), Math.min(...cells.map(({ box }) => box[1])),
  Math.max(...cells.map(({ box }) => box[2])), Math.max(...cells.map(({ box }) => box[3])),
];

const PARTS = /^(.*?)(\d+)$/;
/**
 * Numbers that follow one another, as a person says them: `C-101 … C-104`, `D-055`. Words that end in no number stand alone.
 * Both ends and how many there are.
 */
export function stretches(words: readonly string[]): { readonly first: string; readonly last: string; readonly n: number }[] {
  const found: { first: string; last: string; n: number; stem: string; end: number }[] = [];
  const parted = words.map((word) => {
    const [, stem = word, digits = ""] = PARTS.exec(word) ?? [];
    return { word, stem, number: digits === "" ? NaN : Number(digits) };
  });
  parted.sort((one, other) => (one.stem < other.stem ? -1 : one.stem > other.stem ? 1 : one.number - other.number));
  for (const { word, stem, number } of parted) {
    const last = found.at(-1);
    if (last && last.stem === stem && number === last.end + 1) Object.assign(last, { last: word, n: last.n + 1, end: number });
    else found.push({ first: word, last: word, n: 1, stem, end: number });
  }
  return found.map(({ first, last, n }) => ({ first, last, n }));
}

/** Premises whose grid (or group) differs between two layings of the same ground, by index in the later. */
export function differs(before: Floor, after: Floor, by: "grid" | "group"): ReadonlySet<number> {
  const ids = (floor: Floor, cell: Cell): string | undefined => (by === "grid" ? floor.grids[cell.grid]?.id : floor.groups[cell.group]?.id);
  return new Set(after.cells.filter((cell) => {
    const was = before.at.get(cell.id);
    return was !== undefined && ids(before, was) !== ids(after, cell);
  }).map(({ index }) => index));
}
