import { describe, expect, test } from "vitest";
import type { Alert, Severity } from "../api/types.ts";
import { due, forget } from "./sound.ts";

const START = Date.parse("2026-11-22T03:00:00Z");
const iso = (ms: number): string => new Date(ms).toISOString();
const alert = (id: string, severity: Severity, ack: number, more: Partial<Alert> = {}): Alert =>
  ({ id, severity, state: "NEW", lease: null, received_at: iso(START), ack_due: iso(START + ack * 1000), ...more }) as Alert;

/** Every tone of so many seconds, asked four times a second. */
function listen(alerts: Alert[], seconds: number, muted = false): [number, string][] {
  let played: ReadonlySet<string> = new Set();
  const heard: [number, string][] = [];
  for (let ms = 0; ms <= seconds * 1000; ms += 250) {
    const now = due(alerts, played, START + ms, muted);
    played = now.played;
    if (now.tone) heard.push([ms / 1000, now.tone]);
  }
  return heard;
}

describe("sound", () => {
  test("a P0 sounds every two seconds until somebody takes it", () => {
    expect(listen([alert("a", 0, 30)], 6)).toEqual([[0, "alarm"], [2, "alarm"], [4, "alarm"], [6, "alarm"]]);
    expect(listen([alert("a", 0, 30, { state: "ACKED" })], 6)).toEqual([]);
  });
  test("a P1 sounds once, again at half its limit and at its limit", () => {
    expect(listen([alert("a", 1, 120)], 300)).toEqual([[0, "tone"], [60, "tone"], [120, "tone"]]);
  });
  test("a P2 clicks once and a P3 is silent", () => {
    expect(listen([alert("a", 2, 600), alert("b", 3, 3600)], 700)).toEqual([[0, "click"]]);
  });
  test("follows severity, not count: of many at once only the gravest is heard", () => {
    expect(listen([alert("a", 2, 600), alert("b", 1, 120), alert("c", 1, 120)], 1)).toEqual([[0, "tone"]]);
  });
  test("a mute holds back all but the alarm", () => {
    expect(listen([alert("a", 1, 120)], 1, true)).toEqual([]);
    expect(listen([alert("a", 0, 30)], 1, true)).toEqual([[0, "alarm"]]);
  });
  test("an alert raised to a higher severity sounds again", () => {
    const first = due([alert("a", 2, 600)], new Set(), START);
    expect(due([alert("a", 1, 120)], first.played, START).tone).toBe("tone");
  });
  test("steps of alerts that are gone are forgotten", () => {
    expect([...forget(new Set(["a/1/0", "b/1/0"]), (id) => id === "b")]).toEqual(["b/1/0"]);
  });
});
