import { expect, test } from "vitest";
import type { RosterGuard, RosterMonth } from "../api/roster.ts";
import { dayWords, idOf, letter, monthBy, monthWords, placeOf, stepped, toldBy } from "./roster.ts";

const guard = (id: string, ...days: readonly string[]): RosterGuard =>
  ({ id, cells: days.map((day) => ({ day, state: "plain", shift: "night" })) }) as unknown as RosterGuard;
const month = (...people: readonly RosterGuard[]): RosterMonth => ({ people }) as unknown as RosterMonth;

test("a month leads to the months before and after it, over the year's end", () => {
  expect([monthBy("2026-11", 1), monthBy("2026-12", 1), monthBy("2026-01", -1), monthBy("2026-11", -12)]).toEqual(["2026-12", "2027-01", "2025-12", "2025-11"]);
});

test("days and months are written as each language writes them", () => {
  expect([dayWords("2026-11-26", "zh"), dayWords("2026-11-26", "en")]).toEqual(["11月26日 周四", "Thu 26 Nov"]);
  expect([monthWords("2026-11", "zh"), monthWords("2026-11", "en")]).toEqual(["2026 年 11 月", "November 2026"]);
  const night = { zh: "夜班", en: "Night" } as Parameters<typeof letter>[0];
  expect([letter(night, "zh"), letter(night, "en")]).toEqual(["夜", "N"]);
});

test("an address says the tab, whose month and which month, and is read as it was written", () => {
  for (const id of ["", "central", "central~2026-12", "groups", "groups~east-1", "groups~~2026-12", "book~central"]) expect(idOf(placeOf(id))).toBe(id);
  expect(placeOf("central~2026-13")).toEqual({ tab: "rooms", node: "central", month: "" });
  expect(placeOf("groups~east-1~2026-12")).toEqual({ tab: "groups", node: "east-1", month: "2026-12" });
});

test("publishing tells whoever has other shifts than before, and whoever has none any more", () => {
  const draft = month(guard("qiu", "2026-11-01"), guard("jiang", "2026-11-02"), guard("new"));
  const held = month(guard("qiu", "2026-11-01"), guard("jiang", "2026-11-03"), guard("gone", "2026-11-04"), guard("idle"));
  expect(toldBy(draft, held).map(({ id }) => id)).toEqual(["jiang", "gone"]);
  expect(toldBy(draft, null).map(({ id }) => id)).toEqual(["qiu", "jiang"]);
});

test("arrows walk from cell to cell and stop at the edge", () => {
  expect(stepped(0, 0, "ArrowUp", 10, 30)).toEqual([0, 0]);
  expect(stepped(9, 29, "ArrowRight", 10, 30)).toEqual([9, 29]);
  expect(stepped(3, 3, "ArrowDown", 10, 30)).toEqual([4, 3]);
  expect(stepped(3, 3, "End", 10, 30)).toEqual([3, 29]);
});
