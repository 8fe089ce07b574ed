import { expect, test } from "vitest";
import type { LoneTold } from "../api/phone.ts";
import { after, unheard } from "./lone.ts";
import type { Said } from "./said.ts";

const NOON = Date.UTC(2026, 10, 22, 4);
const MINUTE = 60_000;
const said = (act: string | null, minute: number, minutes = 30): Said => ({
  id: `${act}-${minute}`, kind: act ? "lone" : "scan", body: act ? { act, minutes } : { by: "qr" }, photos: [], local: NOON + minute * MINUTE,
  offset: 0, who: "p-1", market: "m-1", state: "waiting", why: null,
});
const told = (state = "on"): LoneTold => ({ minutes: 20, due_at: "2026-11-22T04:20:00.000Z", state, alert: null });

test("a start that the hub has not heard runs here, and the hub knows of no timer", () => {
  const own = after(null, [said("start", 0)]);
  expect(own).toEqual({ minutes: 30, due: NOON + 30 * MINUTE, state: "on" });
  expect(unheard(null, own)).toBe("start");
});

test("a word counts from when it was said, for as long as the timer was started for", () => {
  const own = after(told(), [said("reset", 15)]);
  expect(own?.due).toBe(NOON + 35 * MINUTE);
  expect(unheard(after(told(), []), own)).toBe("word");
});

test("a point that is scanned is a word, where a timer runs", () => {
  expect(after(told(), [said(null, 10)])?.due).toBe(NOON + 30 * MINUTE);
  expect(after(null, [said(null, 10)])).toBeNull();
});

test("a stop that the hub has not heard leaves the hub counting", () => {
  expect(unheard(after(told(), []), after(told(), [said("stop", 5)]))).toBe("stop");
});

test("what the hub has heard is unheard no more", () => {
  expect(unheard(after(told(), []), after(told(), []))).toBeNull();
  expect(unheard(null, null)).toBeNull();
});

test("a word ends what has lapsed", () => {
  expect(after(told("lapsed"), [])?.state).toBe("lapsed");
  expect(after(told("lapsed"), [said("reset", 22)])?.state).toBe("on");
});

test("a phone whose clock is an hour off counts by the hub's time", () => {
  expect(after(null, [{ ...said("start", 60), offset: -60 * MINUTE }])?.due).toBe(NOON + 30 * MINUTE);
});
