import { expect, test } from "vitest";
import { areaPath, bearingTo, lensOf, metres2, placed, same, sector, share, towards, turned } from "./draw.ts";

const LENS = { x: 10, y: 20, bearing: 90, fov: 60, range_m: 30, height_m: 3, width_px: 1920 };

test("a bearing counts from up, clockwise, and there and back is the same", () => {
  expect(towards({ x: 0, y: 0 }, 90, 10)[0]).toBeCloseTo(10);
  expect(towards({ x: 0, y: 0 }, 0, 10)[1]).toBeCloseTo(-10);
  for (const bearing of [0, 45, 90, 180, 270, 359]) expect(bearingTo(LENS, ...towards(LENS, bearing, 25))).toBe(bearing);
  expect(turned(355, 10)).toBe(5);
  expect(turned(3, -5)).toBe(358);
});
test("a sector begins at the camera; a panorama has no such corner", () => {
  expect(sector(LENS)).toMatch(/^M10 20L/);
  expect(sector({ ...LENS, fov: 360 })).not.toMatch(/^M10 20L/);
});
test("holes of an area are rings of the same path", () => {
  expect(areaPath([[[0, 0, 4, 0, 4, 4, 0, 4], [1, 1, 2, 1, 2, 2]]])).toBe("M0 0L4 0L4 4L0 4ZM1 1L2 1L2 2Z");
});
test("a lens is the same until something of it is another", () => {
  expect(same(LENS, placed(LENS, 10, 20))).toBe(true);
  expect(same(LENS, placed(LENS, 10.5, 20))).toBe(false);
  expect(lensOf({ ...LENS, extra: 1 } as never)).toEqual(LENS);
});
test("figures are said as on the plan", () => {
  expect(metres2(1277.4)).toBe("1,277");
  expect(share(0.46)).toBe("46.0\u2009%");
});
