import { expect, test } from "vitest";
import { counted, MOST, next, type Receipt, type Said, settle, spoken, unneeded } from "./said.ts";

const NOON = Date.UTC(2026, 10, 22, 4);
const said = (id: string, more: Partial<Said> = {}): Said => ({
  id, kind: "scan", body: { code: id }, photos: [], local: NOON, offset: 0, who: "p-1", market: "m-1", state: "waiting", why: null, ...more,
});
const receipt = (id: string, state: string): Receipt => ({ id, state, zh: "二维码过期了", en: "The code has expired" });

test("no more go at once than the hub takes, in the order they were said", () => {
  const all = Array.from({ length: 60 }, (_, i) => said(String(i)));
  expect(next(all, new Set())).toEqual(all.slice(0, MOST));
});

test("a report that waits for its photo holds up no scan, and goes once the photo is there", () => {
  const [report, scan] = [said("a", { kind: "report", photos: ["f00d"] }), said("b")];
  expect(next([report, scan], new Set())).toEqual([scan]);
  expect(next([report, scan], new Set(["f00d"]))).toEqual([report, scan]);
});

test("what was refused is not sent again", () => {
  expect(next([said("a", { state: "refused" })], new Set())).toEqual([]);
});

test("what has no receipt stays, whatever else came", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => said(id));
  const found = settle([a!, b!, c!, d!], [receipt("b", "refused"), receipt("a", "taken"), receipt("c", "waits")]);
  expect(found.taken).toEqual([a]);
  expect(found.refused).toEqual([{ ...b, state: "refused", why: { zh: "二维码过期了", en: "The code has expired" } }]);
  expect(found.kept).toEqual([c, d]);
});

test("a phone whose clock is an hour off tells the hub's time", () => {
  const HOUR = 3_600_000;
  expect(spoken(said("a", { local: NOON + HOUR, offset: -HOUR }), 0).at).toBe("2026-11-22T04:00:00.000Z");
});

test("what was said before the hub was ever heard is told by the clock as it is known when it goes", () => {
  expect(spoken(said("a", { offset: null }), 60_000).at).toBe("2026-11-22T04:01:00.000Z");
  expect(spoken(said("a", { offset: null }), null).at).toBe("2026-11-22T04:00:00.000Z");
});

test("a photo that another report names stays until that one is taken too", () => {
  const [a, b] = [said("a", { photos: ["f00d", "beef"] }), said("b", { photos: ["f00d"] })];
  expect(unneeded([a], [a, b])).toEqual(["beef"]);
  expect(unneeded([a, b], [a, b])).toEqual(["f00d", "beef"]);
});

test("kinds are counted, the most first", () => {
  expect(counted([said("a", { kind: "report" }), said("b"), said("c")])).toEqual([["scan", 2], ["report", 1]]);
});
