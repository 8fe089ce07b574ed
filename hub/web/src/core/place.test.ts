import { expect, test } from "vitest";
import type { Market } from "../api/types.ts";
import { shopOf, shops, spots } from "./place.ts";

const market = {
  id: "yunda",
  name: { zh: "运达市场", en: "Yunda Market" },
  grids: [{ id: "east", name: { zh: "东格", en: "East" } }],
  groups: [{ id: "east-1", grid: "east", number: 1 }],
  shops: { id: ["c-10", "c-1"], grid: [0, -1], group: [0, -1], name: ["C-10", { zh: "茶行", en: "Tea" }], ring: [] },
} as unknown as Market;

test("a grant can be given at the market, a grid or a group", () => {
  expect(spots(market).map(({ path }) => path)).toEqual(["yunda", "yunda/east", "yunda/east/east-1"]);
  expect(spots(market)[2]!.name).toEqual({ zh: "东格 第 1 组", en: "East, group 1" });
});
test("a shop is found by number or name and stands below its group", () => {
  expect(shops(market, "c-1", 9).map(({ path }) => path)).toEqual(["yunda/east/east-1/c-10", "yunda/c-1"]);
  expect(shops(market, "茶", 9).map(({ id }) => id)).toEqual(["c-1"]);
  expect(shops(market, " ", 9)).toEqual([]);
});
test("a shop is known by its id, and nothing by another's", () => {
  expect(shopOf(market, "c-10")?.path).toBe("yunda/east/east-1/c-10");
  expect(shopOf(market, "")).toBeNull();
});
