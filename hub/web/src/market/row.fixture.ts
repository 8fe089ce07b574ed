/** For the tests of this folder: a market that is one row of shops. */
import type { DayMarket } from "./floor.ts";

/** `n` shops of 4 by 5 metres in a row, five a group, ten a grid; every seventh is closed. */
export function market(n: number, grid = (i: number) => Math.floor(i / 10)): DayMarket {
  const index = Array.from({ length: n }, (_, i) => i);
  const grids = Array.from({ length: Math.ceil(n / 10) }, (_, i) => ({ id: `g${i}`, name: `G${i}`, shops: 10, leader: null, tint: i }));
  return {
    day: "2026-11-22", bounds: [0, 0, n * 4, 5], halls: [], streets: [], gates: [], cameras: [], grids,
    groups: Array.from({ length: Math.ceil(n / 5) }, (_, i) => ({ id: `t${i}`, grid: `g${Math.floor(i / 2)}`, number: i + 1, centre: `s-${i * 5 + 2}` })),
    shops: {
      id: index.map((i) => `s-${i}`), name: index.map((i) => `S-${String(i + 1).padStart(3, "0")}`), grid: index.map(grid),
      group: index.map((i) => Math.floor(i / 5)), open: index.map((i) => i % 7 !== 0),
      ring: index.map((i) => [i * 4, 0, i * 4 + 4, 0, i * 4 + 4, 5, i * 4, 5]),
    },
  } as unknown as DayMarket;
}
