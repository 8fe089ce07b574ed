import { describe, expect, test } from "vitest";
import type { Camera } from "../api/types.ts";
import { area, type Rect, sight } from "./sight.ts";

const camera = (more: Partial<Camera>): Camera => ({ id: "c", x: 0, y: 0, bearing: 90, fov: 60, range: 20, ...more }) as Camera;

describe("what a camera looks at", () => {
  test("in the open it is the whole fan", () => {
    expect(area(sight(camera({}), []))).toBeCloseTo((Math.PI * 400) / 6, 0);
  });
  test("a wall cuts it, and nothing behind the wall is seen", () => {
    const wall: Rect = [5, -50, 6, 50];
    expect(Math.max(...sight(camera({}), [wall]).map(([x]) => x))).toBeCloseTo(5, 6);
  });
  test("a camera that hangs inside a shop is not blinded by it", () => {
    const shop: Rect = [-1, -1, 1, 1];
    expect(area(sight(camera({}), [shop]))).toBeGreaterThan(200);
  });
  test("a wall behind it does not matter", () => {
    expect(area(sight(camera({}), [[-6, -50, -5, 50]]))).toBeCloseTo(area(sight(camera({}), [])), 6);
  });
  test("zero is up on the plan, and a quarter turn is to the right", () => {
    const end = (bearing: number): [number, number] => sight(camera({ bearing, fov: 2 }), [])[1]!;
    expect(end(0)[1]).toBeCloseTo(-20, 0);
    expect(end(90)[0]).toBeCloseTo(20, 0);
    expect(end(180)[1]).toBeCloseTo(20, 0);
  });
});
