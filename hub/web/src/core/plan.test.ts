import { describe, expect, test } from "vitest";
import type { Market } from "../api/types.ts";
import { draw, fit, levelOf, outline, viewOf, zoom } from "./plan.ts";
import { neighbour, pan } from "./walk.ts";

/** `n` shops of 4 by 5 metres in two rows, ten a group, two grids. */
function market(n: number): Market {
  const index = Array.from({ length: n }, (_, i) => i);
  const half = Math.ceil(n / 2);
  const at = (i: number): [number, number] => [(i % half) * 4, i < half ? 0 : 8];
  return {
    bounds: [0, 0, half * 4, 13],
    halls: [], streets: [], gates: [], cameras: [],
    grids: [{ id: "w", name: "W", shops: half, leader: null, tint: 0 }, { id: "e", name: "E", shops: n - half, leader: null, tint: 1 }],
    groups: Array.from({ length: Math.ceil(n / 10) }, (_, i) => ({ id: `g${i}`, grid: "w", number: i + 1 })),
    shops: {
      id: index.map((i) => `s-${i}`), name: index.map((i) => `S-${i}`), grid: index.map((i) => (i < half ? 0 : 1)),
      group: index.map((i) => Math.floor(i / 10)),
      ring: index.map((i) => { const [x, y] = at(i); return [x, y, x + 4, y, x + 4, y + 5, x, y + 5]; }),
    },
  } as unknown as Market;
}

describe("the plan", () => {
  test("draws 1,800 shops as one path a grid", () => {
    const drawing = draw(market(1800));
    expect(drawing.shops).toHaveLength(1800);
    expect(drawing.grids.map(({ path }) => path.match(/M/g)?.length)).toEqual([900, 900]);
  });
  test("is drawn in well under the time to a ready page", () => {
    const big = market(1800);
    const began = performance.now();
    draw(big);
    expect(performance.now() - began).toBeLessThan(300);
  });
  test("computes the view of a camera that an edge reads, and of no other", () => {
    const camera = (id: string, device: string | null) => ({ id, device, x: 1, y: 6.5, bearing: 90, fov: 60, range: 12 });
    const { sectors } = draw({ ...market(20), cameras: [camera("seen", "edge"), camera("idle", null)] } as unknown as Market);
    expect(sectors.get("seen")).toMatchObject({ path: expect.stringMatching(/^M1 6.5L/) });
    expect(sectors.get("seen")!.metres2).toBeGreaterThan(10);
    expect(sectors.get("idle")).toMatchObject({ path: "", metres2: 0 });
  });
  test("outlines a group without the walls between its own shops", () => {
    const pair = [[[0, 0], [4, 0], [4, 5], [0, 5]], [[4, 0], [8, 0], [8, 5], [4, 5]]] as [number, number][][];
    expect(outline(pair).match(/M/g)).toHaveLength(6);
  });
  test("shows grids from afar, then aisles, then shops", () => {
    expect([2.5, 5, 10].map(levelOf)).toEqual(["grids", "aisles", "shops"]);
  });
});

describe("looking nearer", () => {
  const bounds = [0, 0, 320, 200] as const;
  const home = fit(bounds, 800, 500);
  test("keeps the point under the pointer where it is", () => {
    const near = zoom(home, 2, 50, 50, home);
    const where = (eye: typeof home) => { const view = viewOf(eye, 800, 500); return [(50 - view.x) * eye.scale, (50 - view.y) * eye.scale]; };
    expect(where(near)[0]).toBeCloseTo(where(home)[0]!, 6);
    expect(where(near)[1]).toBeCloseTo(where(home)[1]!, 6);
  });
  test("never goes farther out than the whole market", () => expect(zoom(home, 0.1, 0, 0, home)).toBe(home));
  test("cannot be dragged out of the market", () => expect(pan(home, 1e6, -1e6, bounds)).toMatchObject({ x: 320, y: 0 }));
});

describe("arrow keys", () => {
  test("go to the shop beside, and stay at the end of the row", () => {
    const { shops } = draw(market(20));
    expect(neighbour(shops, shops[3]!, 1, 0).id).toBe("s-4");
    expect(neighbour(shops, shops[3]!, 0, 1).id).toBe("s-13");
    expect(neighbour(shops, shops[0]!, -1, 0).id).toBe("s-0");
  });
});
