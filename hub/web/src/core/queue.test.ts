import { describe, expect, test } from "vitest";
import type { Alert, Severity } from "../api/types.ts";
import { arrive, EMPTY, isUntaken, type Line, owner, settle, step, waiting } from "./queue.ts";

const NOW = Date.parse("2026-11-22T03:14:00Z");
function alert(id: string, severity: Severity, secondsAgo: number, more: Partial<Alert> = {}): Alert {
  const at = new Date(NOW - secondsAgo * 1000).toISOString();
  return { id, severity, state: "NEW", received_at: at, lease: null, version: 1, ...more } as Alert;
}
const mapOf = (...alerts: Alert[]): Map<string, Alert> => new Map(alerts.map((each) => [each.id, each]));
const lease = (seconds: number) => ({ person: "he", name: "何素琴", until: new Date(NOW + seconds * 1000).toISOString() });

describe("the list of alerts", () => {
  test("puts the gravest first and among equals the latest", () => {
    const alerts = mapOf(alert("old-p2", 2, 300), alert("p3", 3, 1), alert("p1", 1, 200), alert("new-p2", 2, 10));
    expect(settle(alerts, EMPTY).order).toEqual(["p1", "new-p2", "old-p2", "p3"]);
  });

  test("does not move under the reader when a graver alert arrives", () => {
    const before = settle(mapOf(alert("a", 2, 60), alert("b", 3, 60)), EMPTY);
    const fresh = alert("c", 1, 0);
    const after = arrive(mapOf(alert("a", 2, 60), alert("b", 3, 60), fresh), before, fresh, false);
    expect(after.order).toEqual(before.order);
    expect(after.picked).toBe("a");
    expect(after.held).toEqual(["c"]);
  });

  test("takes the waiting ones in when asked, and keeps the picked one picked", () => {
    const alerts = mapOf(alert("a", 2, 60), alert("c", 1, 0));
    const line: Line = { order: ["a"], held: ["c"], picked: "a" };
    expect(settle(alerts, line)).toEqual({ order: ["c", "a"], held: [], picked: "a" });
  });

  test("puts an arrival in at once when nobody has touched anything for a while", () => {
    const fresh = alert("c", 1, 0);
    const after = arrive(mapOf(alert("a", 2, 60), fresh), { order: ["a"], held: [], picked: "a" }, fresh, true);
    expect(after.order).toEqual(["c", "a"]);
    expect(after.picked).toBe("a");
  });

  test("shows the first alert of a quiet night at once", () => {
    const fresh = alert("a", 2, 0);
    expect(arrive(mapOf(fresh), EMPTY, fresh, false)).toEqual({ order: ["a"], held: [], picked: "a" });
  });

  test("keeps the row of an alert that was decided until it is settled", () => {
    const done = alert("a", 2, 60, { state: "DISMISSED" });
    const line: Line = { order: ["a", "b"], held: [], picked: "a" };
    const alerts = mapOf(done, alert("b", 3, 60));
    expect(arrive(alerts, line, done, false).order).toEqual(["a", "b"]);
    expect(settle(alerts, line)).toEqual({ order: ["b"], held: [], picked: "b" });
  });

  test("forgets a waiting alert that somebody else decided meanwhile", () => {
    const gone = alert("c", 1, 5, { state: "CONFIRMED" });
    expect(arrive(mapOf(alert("a", 2, 60), gone), { order: ["a"], held: ["c"], picked: "a" }, gone, false).held).toEqual([]);
  });

  test("does not count an update of a waiting alert twice", () => {
    const again = alert("c", 1, 5, { version: 2 });
    const line: Line = { order: ["a"], held: ["c"], picked: "a" };
    expect(arrive(mapOf(alert("a", 2, 60), again), line, again, false)).toBe(line);
  });

  test("walks with J and K and stops at both ends", () => {
    const line: Line = { order: ["a", "b"], held: [], picked: "a" };
    expect(step(line, 1).picked).toBe("b");
    expect(step(step(line, 1), 1).picked).toBe("b");
    expect(step(line, -1).picked).toBe("a");
  });

  test("says how many wait by severity", () => {
    const alerts = mapOf(alert("x", 3, 0), alert("y", 1, 0), alert("z", 3, 0));
    expect(waiting(alerts, { order: [], held: ["x", "y", "z"], picked: null })).toEqual([[1, 1], [3, 2]]);
  });
});

describe("a lease", () => {
  test("that has lapsed is nobody's, so the alert is untaken again", () => {
    expect(isUntaken(alert("a", 1, 60, { lease: lease(5) }), NOW)).toBe(false);
    expect(isUntaken(alert("a", 1, 60, { lease: lease(-5) }), NOW)).toBe(true);
  });
});

describe("the screen", () => {
  test("belongs to an untaken P0 and to nothing less", () => {
    expect(owner(mapOf(alert("a", 1, 0)), NOW)).toBeNull();
    expect(owner(mapOf(alert("a", 1, 0), alert("fire", 0, 3)), NOW)?.id).toBe("fire");
    expect(owner(mapOf(alert("fire", 0, 3, { state: "ACKED" })), NOW)).toBeNull();
    expect(owner(mapOf(alert("fire", 0, 3, { lease: lease(60) })), NOW)).toBeNull();
  });
});
