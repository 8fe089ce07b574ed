import { expect, test } from "vitest";
import { within } from "./fit.ts";

test("a large picture is scaled by its longer side, a small one stays", () => {
  expect(within(4000, 3000, 1600)).toEqual([1600, 1200]);
  expect(within(3000, 4000, 1600)).toEqual([1200, 1600]);
  expect(within(640, 480, 1600)).toEqual([640, 480]);
});

test("a very narrow picture keeps a pixel of its width", () => {
  expect(within(2, 16_000, 1600)).toEqual([1, 1600]);
});
