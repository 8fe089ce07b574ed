import { describe, expect, test } from "vitest";
import { differs, inside, lay, stretches, within } from "./floor.ts";
import { market } from "./row.fixture.ts";

describe("the ground of a day", () => {
  test("has every premises once, in its grid and its group", () => {
    const floor = lay(market(1800));
    expect(floor.grids.flatMap(({ cells }) => cells)).toHaveLength(1800);
    expect(floor.groups.flatMap(({ cells }) => cells)).toHaveLength(1800);
    expect(floor.groups[1]!.centre?.id).toBe("s-7");
    expect(floor.cells.filter(({ open }) => !open)).toHaveLength(258);
  });
  test("knows which premises a plan gives another grid", () => {
    const now = lay(market(40));
    const then = lay(market(40, (i) => (i === 9 ? 1 : Math.floor(i / 10))));
    expect([...differs(now, then, "grid")]).toEqual([9]);
    expect([...differs(now, then, "group")]).toEqual([]);
  });
  test("catches what lies in a band, whichever way it was drawn", () => {
    const floor = lay(market(20));
    const caught = within(floor, [17, 6], [5, 0]).map(({ id }) => id);
    expect(caught).toEqual(["s-1", "s-2", "s-3"]);
    expect(within(floor, [5, 0], [17, 6]).map(({ id }) => id)).toEqual(caught);
  });
});

describe("a place on the plan", () => {
  const corner = [[0, 0], [8, 0], [8, 4], [4, 4], [4, 8], [0, 8]] as const;
  test("is told apart in premises around a corner", () => {
    expect(inside(corner, 2, 6)).toBe(true);
    expect(inside(corner, 6, 6)).toBe(false);
  });
});

describe("numbers of premises", () => {
  test("that follow one another are said as a stretch", () => {
    expect(stretches(["C-103", "C-101", "C-102", "D-055"])).toEqual([
      { first: "C-101", last: "C-103", n: 3 }, { first: "D-055", last: "D-055", n: 1 },
    ]);
  });
  test("of other aisles or without a number stand alone", () => {
    expect(stretches(["Kiosk", "C-099", "D-100"]).map(({ first, n }) => [first, n])).toEqual([["C-099", 1], ["D-100", 1], ["Kiosk", 1]]);
  });
});
