import { expect, test } from "vitest";
import type { RoundPoint, RoundTold } from "../api/phone.ts";
import { lastOf, nextOf, pointOf, steps } from "./round.ts";
import type { Said } from "./said.ts";

const point = (number: number, more: Partial<RoundPoint> = {}): RoundPoint => ({
  checkpoint: `p-${number}`, number, name: { zh: `${number} 号点`, en: `Point ${number}` }, x: number, y: 0, key: false, tag: null, fence: false,
  by: "2026-11-22T03:25:00Z", visited_at: null, skipped: null, ...more,
});
const word = { id: "walking", zh: "巡逻中", en: "Under way" };
const round = (points: readonly RoundPoint[]): RoundTold => ({
  id: "r-1", kind: word, name: word, grid: "g-1", state: word, due_at: "", closes_at: "", open: true, started_at: "", started_by: null, count: points.length, reached: 0, points,
});
const said = (kind: string, body: Said["body"]): Said => ({ id: kind, kind, body, photos: [], local: 0, offset: 0, who: "p", market: "m", state: "waiting", why: null });
const CODE = "LF1-2-1-20270221-ABCDEFGHIJKLMNOP";

test("a scan without a network brings the walker to the next point", () => {
  const found = steps(round([point(1, { visited_at: "2026-11-22T03:00:00Z" }), point(2), point(3)]), [said("scan", { by: "qr", code: CODE })]);
  expect(found.map(({ state, own }) => [state, own])).toEqual([["seen", false], ["seen", true], ["ahead", false]]);
  expect(nextOf(found)).toMatchObject({ place: 2, step: { point: { number: 3 } } });
  expect(lastOf(found, 2)?.number).toBe(2);
});

test("a point that could not be reached is told with its reason and does not hold up the round", () => {
  const found = steps(round([point(1), point(2)]), [said("skip", { round: "r-1", checkpoint: "p-1", reason: "locked" })]);
  expect(found[0]).toMatchObject({ state: "skipped", reason: "locked", own: true });
  expect(nextOf(found)?.step.point.number).toBe(2);
  expect(lastOf(found, 1)).toBeNull();
});

test("a reason of another round is none of this one", () => {
  const found = steps(round([point(1)]), [said("skip", { round: "r-0", checkpoint: "p-1", reason: "locked" })]);
  expect(found[0]?.state).toBe("ahead");
});

test("a point that was skipped and then seen after all was seen", () => {
  expect(steps(round([point(2, { skipped: "locked" })]), [said("scan", { by: "hand", code: CODE })])[0]?.state).toBe("seen");
});

test("a round has no next point once all are walked", () => {
  expect(nextOf(steps(round([point(1, { visited_at: "2026-11-22T03:00:00Z" })]), []))).toBeNull();
});

test("a scan of a point elsewhere, or of no point, moves nothing", () => {
  expect(pointOf([point(1)], { code: CODE })).toBeNull();
  expect(pointOf([point(1)], { code: "HELLO" })).toBeNull();
  expect(pointOf([point(1)], { by: "gps", checkpoint: "p-1" })?.number).toBe(1);
});
