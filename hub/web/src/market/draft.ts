/** What a plan would make of the ground, and moves by hand on it. */
import type { Change, Edited, Move } from "../api/plan.ts";
import type { Cell, DayMarket, Floor } from "./floor.ts";
import { stretches } from "./floor.ts";

/** What of a plan is laid over the ground. */
export type Laid = Pick<Edited, "changes" | "grids" | "groups">;

/** The market as it would be; the ground itself stays. */
export function over(market: DayMarket, plan: Laid): DayMarket {
  const tints = market.grids.length;
  const grids = [
    ...market.grids,
    ...plan.grids.filter(({ id }) => !market.grids.some((grid) => grid.id === id)).map(({ id, name, shops, number }) => ({ id, name, shops, leader: null, tint: (tints + number) % 5 })),
  ];
  const told = new Map(plan.groups.map((group) => [group.id, group]));
  const groups = [
    ...market.groups.map((group) => ({ ...group, ...(told.has(group.id) && { grid: told.get(group.id)!.grid, centre: told.get(group.id)!.centre }) })),
    ...plan.groups.filter(({ id }) => !market.groups.some((group) => group.id === id)).map(({ id, grid, number, centre }) => ({ id, grid, number, centre })),
  ];
  const gridAt = new Map(grids.map(({ id }, index) => [id, index]));
  const groupAt = new Map(groups.map(({ id }, index) => [id, index]));
  const changed = new Map(plan.changes.map((change) => [change.shop, change]));
  const column = (now: readonly number[], at: ReadonlyMap<string, number>, to: (change: Change) => string | null): number[] =>
    market.shops.id.map((id, i) => {
      const change = changed.get(id);
      return change ? (at.get(to(change) ?? "") ?? -1) : (now[i] ?? -1);
    });
  return {
    ...market, grids, groups,
    shops: {
      ...market.shops,
      grid: column(market.shops.grid, gridAt, ({ grid_to }) => grid_to),
      group: column(market.shops.group, groupAt, ({ group_to }) => group_to),
    },
  };
}

/**
 * The moves that lead from one state of a draft back to an earlier one, shops with one way together.
 * `known`: groups that are there now; another, which the draft had made, is made again.
 */
export function back(now: readonly Change[], earlier: readonly Change[], known: ReadonlySet<string>): Move[] {
  const was = new Map(earlier.map((change) => [change.shop, change]));
  const is = new Map(now.map((change) => [change.shop, change]));
  const moves = new Map<string, { shops: string[]; grid: string; group: string | null }>();
  for (const shop of new Set([...was.keys(), ...is.keys()])) {
    const [old, current] = [was.get(shop), is.get(shop)];
    const to = old ? [old.grid_to, old.group_to] as const : [current!.grid_from, current!.group_from] as const;
    const at = current ? [current.grid_to, current.group_to] as const : [old!.grid_from, old!.group_from] as const;
    if (to[0] === at[0] && to[1] === at[1]) continue;
    const key = to.join(" ");
    const move = moves.get(key) ?? { shops: [], grid: to[0], group: to[1] === null || known.has(to[1]) ? to[1] : "new" };
    move.shops.push(shop);
    moves.set(key, move);
  }
  return [...moves.values()];
}

const RANGE = /^(.*?)(\d+)\s*(?:…|\.\.\.?|-|–|~|至|到|to)\s*(.*?)(\d+)$/i;
const plain = (words: string): string => words.trim().toLowerCase();
/** Premises as somebody types them: `C-101, D-055`, `C-101 … C-108`, `C-101-108`. `lost`: words that name none. */
export function typed(floor: Floor, text: string, say: (cell: Cell) => string): { readonly cells: Cell[]; readonly lost: string[] } {
  const known = new Map<string, Cell>();
  for (const cell of floor.cells) known.set(plain(cell.id), cell).set(plain(say(cell)), cell);
  const found = new Set<Cell>();
  const lost: string[] = [];
  for (const part of text.split(/[,，、;；\n]+/).map((each) => each.trim()).filter(Boolean)) {
    const cells = one(known, part);
    if (cells.length) for (const cell of cells) found.add(cell);
    else lost.push(part);
  }
  return { cells: [...found], lost };
}
function one(known: ReadonlyMap<string, Cell>, part: string): Cell[] {
  const exact = known.get(plain(part));
  if (exact) return [exact];
  const [, stem = "", first = "", other = "", last = ""] = RANGE.exec(part) ?? [];
  if (!first || (other && plain(other) !== plain(stem))) return [];
  const cells: Cell[] = [];
  for (let n = Number(first); n <= Number(last) && n - Number(first) < 500; n += 1) {
    const cell = known.get(plain(`${stem}${String(n).padStart(first.length, "0")}`));
    if (cell) cells.push(cell);
  }
  return cells;
}

/** Premises in few words: `C-101 … C-108、D-055`, at most so many stretches and then how many are left. */
export function told(words: readonly string[], most: number): { readonly shown: string[]; readonly left: number } {
  const all = stretches(words);
  const shown = all.slice(0, most);
  return {
    shown: shown.map(({ first, last, n }) => (n === 1 ? first : n === 2 ? `${first}、${last}` : `${first} … ${last}`)),
    left: words.length - shown.reduce((sum, { n }) => sum + n, 0),
  };
}

/** Groups to which some premises may go in a grid, the nearest first. */
export function nearGroups(floor: Floor, cells: readonly Cell[], grid: number): Floor["groups"] {
  const [x, y] = (["x", "y"] as const).map((axis) => cells.reduce((sum, cell) => sum + cell[axis], 0) / (cells.length || 1)) as [number, number];
  return floor.groups
    .filter((group) => group.grid === grid && group.cells.length > 0)
    .sort((one, other) => Math.hypot(one.x - x, one.y - y) - Math.hypot(other.x - x, other.y - y));
}
