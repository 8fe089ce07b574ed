import { expect, test } from "vitest";
import { wayOf } from "./way.ts";

const length = (way: readonly (readonly [number, number])[]): number =>
  way.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - way[i]![0], y - way[i]![1]), 0);

test("an open floor is crossed with one turn", () => {
  const way = wayOf([0.5, 0.5], [20.5, 10.5], []);
  expect(way[0]).toEqual([0.5, 0.5]);
  expect(way.at(-1)).toEqual([20.5, 10.5]);
  expect(way).toHaveLength(3);
  expect(length(way)).toBeCloseTo(30);
});

test("a row of shops is walked round, by no metre through it", () => {
  const shops = [[5, -10, 8, 15]] as const;
  const way = wayOf([0.5, 0.5], [20.5, 0.5], shops);
  for (const [x, y] of way) expect(x > 5 && x < 8 && y > -10 && y < 15).toBe(false);
  expect(length(way)).toBeGreaterThan(38);
});

test("a point at a wall is reached from the aisle", () => {
  const way = wayOf([0.5, 0.5], [6.5, 20.5], [[5, 10, 12, 30]]);
  expect(way.at(-1)).toEqual([6.5, 20.5]);
  expect(way.length).toBeGreaterThan(2);
});

test("where nothing leads there the straight line is shown", () => {
  const box = [[10, 10, 40, 12], [10, 38, 40, 40], [10, 10, 12, 40], [38, 10, 40, 40]] as const;
  expect(wayOf([0, 0], [25, 25], box)).toEqual([[0, 0], [25, 25]]);
});

test("who stays in a hall is led through its aisles and not round its walls", () => {
  const shops = [[0, 10, 30, 40], [34, 10, 60, 40]] as const;
  const hall = [0, 0, 60, 50] as const;
  for (const [x, y] of wayOf([50, 5], [50, 45], shops, hall)) expect(x >= 0 && x <= 60 && y >= 0 && y <= 50).toBe(true);
  expect(wayOf([50, 5], [50, 45], shops).some(([x]) => x > 60)).toBe(true);
});
