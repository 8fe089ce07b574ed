/** The way between two points of the market, round what stands there: metres, y down. */
import type { Rect } from "./sight.ts";

type Point = readonly [x: number, y: number];
/** Metres of ground around both points that a way may use. */
const AROUND = 24;
const STEPS = [[1, 0], [-1, 0], [0, 1], [0, -1]] as const;
/** Metres that a turn costs: who is told the way wants few of them. */
const TURN = 3;

/** Corners of a way by the metre, from `from` to `to`, within `hall` if it can be; the straight line where none is found. */
export function wayOf(from: Point, to: Point, blocks: readonly Rect[], hall: Rect | null = null): readonly Point[] {
  return (hall && search(from, to, blocks, indoors(hall))) ?? search(from, to, blocks, around(from, to)) ?? [from, to];
}

/** Without the strip along the walls, which is no aisle. */
const indoors = ([left, top, right, bottom]: Rect): Rect => [left + 1, top + 1, right - 1, bottom - 1];

const around = (from: Point, to: Point): Rect => [
  Math.min(from[0], to[0]) - AROUND, Math.min(from[1], to[1]) - AROUND, Math.max(from[0], to[0]) + AROUND, Math.max(from[1], to[1]) + AROUND,
];

const clamp = (at: number, size: number): number => Math.min(Math.max(Math.floor(at), 0), size - 1);

function search(from: Point, to: Point, blocks: readonly Rect[], ground: Rect): readonly Point[] | null {
  const [left, top] = [Math.floor(ground[0]), Math.floor(ground[1])];
  const [width, height] = [Math.ceil(ground[2]) - left, Math.ceil(ground[3]) - top];
  const walls = raster(blocks, left, top, width, height);
  const cell = ([x, y]: Point): number => clamp(y - top, height) * width + clamp(x - left, width);
  // a point hangs at a wall, and rounding may put it within
  const [start, end] = [cell(from), cell(to)];
  clear(walls, start, width);
  clear(walls, end, width);
  const came = walk(walls, start, end, width, height);
  if (!came) return null;
  const middle = (at: number): Point => [(at % width) + left + 0.5, Math.floor(at / width) + top + 0.5];
  return corners([from, ...came.slice(1, -1).map(middle), to]);
}

function raster(blocks: readonly Rect[], left: number, top: number, width: number, height: number): Uint8Array {
  const walls = new Uint8Array(width * height);
  for (const [l, t, r, b] of blocks) {
    for (let y = Math.max(Math.floor(t - top), 0); y < Math.min(Math.ceil(b - top), height); y += 1) {
      walls.fill(1, y * width + Math.max(Math.floor(l - left), 0), y * width + Math.max(Math.min(Math.ceil(r - left), width), 0));
    }
  }
  return walls;
}

/** A point hangs at a wall: two metres around it are ground, so that a way comes out. */
function clear(walls: Uint8Array, at: number, width: number): void {
  for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) if (at + dy * width + dx in walls) walls[at + dy * width + dx] = 0;
}

/** Cells from `start` to `end`, the shortest with few turns (Dijkstra over cell and direction, by buckets of metres). */
function walk(walls: Uint8Array, start: number, end: number, width: number, height: number): readonly number[] | null {
  const cost = new Int32Array(walls.length * 4).fill(-1);
  const from = new Int32Array(walls.length * 4).fill(-1);
  const buckets: number[][] = [STEPS.map((_, d) => start * 4 + d)];
  for (let metres = 0; metres < buckets.length; metres += 1) {
    for (const state of buckets[metres] ?? []) {
      if (cost[state]! >= 0 && cost[state]! < metres) continue;
      cost[state] = metres;
      const at = state >> 2;
      if (at === end) return back(from, state);
      STEPS.forEach(([dx, dy], d) => {
        const [x, y] = [(at % width) + dx, Math.floor(at / width) + dy];
        const next = (y * width + x) * 4 + d;
        const then = metres + 1 + (d === (state & 3) ? 0 : TURN);
        if (x < 0 || y < 0 || x >= width || y >= height || walls[next >> 2] || (cost[next]! >= 0 && cost[next]! <= then)) return;
        cost[next] = then;
        from[next] = state;
        (buckets[then] ??= []).push(next);
      });
    }
  }
  return null;
}

function back(from: Int32Array, state: number): readonly number[] {
  const cells: number[] = [];
  for (let at = state; at >= 0; at = from[at]!) cells.unshift(at >> 2);
  return cells;
}

/** Only where it turns. */
const corners = (way: readonly Point[]): readonly Point[] =>
  way.filter(([x, y], i) => {
    const [before, after] = [way[i - 1], way[i + 1]];
    return !before || !after || (x - before[0]) * (after[1] - y) !== (y - before[1]) * (after[0] - x);
  });
