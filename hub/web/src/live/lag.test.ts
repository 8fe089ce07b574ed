import { expect, test } from "vitest";
import { Lag } from "./lag.ts";

/** Pictures of five a second from second `from` to `to` of the page; `off` is the hub's clock less the page's. */
function watch(lag: Lag, from: number, to: number, off: number, way = (_: number) => 20): number[] {
  const waited: number[] = [];
  for (let at = from * 1000; at < to * 1000; at += 200) waited.push(lag.of(at + off, at + way(at)));
  return waited;
}

test("a picture that waited longer than the quickest is late by the difference", () => {
  const lag = new Lag();
  expect(Math.max(...watch(lag, 0, 15, 1e12, (at) => 20 + (at % 600) / 10))).toBe(40);
  expect(lag.of(15_000 + 1e12, 16_500)).toBe(1_480);
});

test("a page that is behind for some seconds is told so all the while", () => {
  const lag = new Lag();
  watch(lag, 0, 30, 0);
  expect(Math.min(...watch(lag, 30, 38, 0, () => 2_020))).toBe(2_000);
  expect(Math.max(...watch(lag, 40, 50, 0))).toBe(0);
});

test("once a clock was set by seconds pictures are late no longer than twenty seconds", () => {
  const lag = new Lag();
  watch(lag, 0, 100, 0);
  const waited = watch(lag, 100, 200, -3_000);
  expect(waited[0]).toBe(3_000);
  expect(waited.findIndex((ms) => ms === 0)).toBeLessThanOrEqual(20 * 5);
  expect(Math.max(...waited.slice(20 * 5))).toBe(0);
});

test("clocks that drift apart by four seconds a day make no picture late", () => {
  const lag = new Lag();
  for (let hour = 0; hour < 24; hour += 1) expect(Math.max(...watch(lag, hour * 3600, hour * 3600 + 60, (-hour * 4_000) / 24))).toBe(0);
});

test("what was quick before a pause counts no more after it", () => {
  const lag = new Lag();
  watch(lag, 0, 10, 0);
  expect(lag.of(60_000, 65_000)).toBe(0);
});
