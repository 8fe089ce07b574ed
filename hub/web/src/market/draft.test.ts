import { describe, expect, test } from "vitest";
import type { Change, PlanGroup } from "../api/plan.ts";
import { back, nearGroups, over, told, typed } from "./draft.ts";
import { differs, lay } from "./floor.ts";
import { market } from "./row.fixture.ts";

const change = (shop: string, grid_to: string, group_to: string | null, grid_from = "g0", group_from: string | null = "t1"): Change =>
  ({ shop, grid_from, grid_to, group_from, group_to, walk_from: 1, walk_to: 2 });
const group = (id: string, grid: string, centre: string | null): PlanGroup =>
  ({ id, grid, number: 9, shops: 5, centre, elect: false, new: id === "new-1", gone: false });

describe("a plan over the ground", () => {
  const now = market(40);
  test("moves the shops that it names and no other", () => {
    const then = lay(over(now, { changes: [change("s-9", "g1", "t2")], grids: [], groups: [] }));
    expect([...differs(lay(now), then, "grid")]).toEqual([9]);
    expect(then.grids.map(({ cells }) => cells.length)).toEqual([9, 11, 10, 10]);
    expect(then.groups[2]!.cells.map(({ id }) => id)).toContain("s-9");
  });
  test("has the new group with its centre shop, and loses no shop", () => {
    const then = lay(over(now, { changes: [change("s-8", "g1", "new-1"), change("s-9", "g1", "new-1")], grids: [], groups: [group("new-1", "g1", "s-9")] }));
    expect(then.groups.at(-1)).toMatchObject({ id: "new-1", grid: 1, centre: { id: "s-9" } });
    expect(then.groups.reduce((sum, { cells }) => sum + cells.length, 0)).toBe(40);
  });
});

describe("going back a step", () => {
  const known = new Set(["t1", "t2", "t3"]);
  test("moves what the step moved, and nothing else", () => {
    const first = [change("s-9", "g1", "t2")];
    const second = [...first, change("s-8", "g1", "t2"), change("s-7", "g1", "t3")];
    expect(back(second, first, known)).toEqual([{ shops: ["s-8", "s-7"], grid: "g0", group: "t1" }]);
    expect(back(first, [], known)).toEqual([{ shops: ["s-9"], grid: "g0", group: "t1" }]);
    expect(back(first, first, known)).toEqual([]);
  });
  test("makes a group again that the step had left without a shop", () => {
    expect(back([], [change("s-9", "g1", "group-7")], known)).toEqual([{ shops: ["s-9"], grid: "g1", group: "new" }]);
  });
  test("brings back what a step had put home again", () => {
    expect(back([], [change("s-9", "g1", "t2")], known)).toEqual([{ shops: ["s-9"], grid: "g1", group: "t2" }]);
  });
});

describe("premises as somebody types them", () => {
  const floor = lay(market(40));
  const ids = (text: string) => typed(floor, text, ({ name }) => String(name)).cells.map(({ id }) => id);
  test("by number, by stretch, and several with commas of either kind", () => {
    expect(ids("s-003")).toEqual(["s-2"]);
    expect(ids("S-001 … S-003，S-010")).toEqual(["s-0", "s-1", "s-2", "s-9"]);
    expect(ids("S-001-003")).toEqual(["s-0", "s-1", "s-2"]);
  });
  test("what names no shop is said", () => expect(typed(floor, "S-001, X-9", ({ name }) => String(name)).lost).toEqual(["X-9"]));
  test("are told in few words", () => {
    expect(told(["C-101", "C-102", "C-103", "D-001"], 1)).toEqual({ shown: ["C-101 … C-103"], left: 1 });
  });
});

test("the groups to which a shop may go begin with the nearest", () => {
  const floor = lay(market(40));
  expect(nearGroups(floor, [floor.cells[9]!], 1).map(({ id }) => id)).toEqual(["t2", "t3"]);
});
