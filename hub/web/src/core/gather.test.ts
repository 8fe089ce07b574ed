import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gather } from "./gather.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("one alert is shown at once, whatever came before", () => {
  const given: (readonly string[])[] = [];
  const gather = new Gather<string>(40, (all) => given.push(all));
  gather.push("a");
  vi.advanceTimersByTime(0);
  expect(given).toEqual([["a"]]);
  vi.advanceTimersByTime(500);
  gather.push("b");
  vi.advanceTimersByTime(0);
  expect(given).toEqual([["a"], ["b"]]);
});

test("what comes together is given together", () => {
  const given: (readonly string[])[] = [];
  const gather = new Gather<string>(40, (all) => given.push(all));
  for (const one of ["a", "b", "c"]) gather.push(one);
  vi.advanceTimersByTime(0);
  expect(given).toEqual([["a", "b", "c"]]);
});

test("a flood is given a few times a second, in its order, and nothing of it is lost", () => {
  const given: (readonly number[])[] = [];
  const gather = new Gather<number>(40, (all) => given.push(all));
  for (let ms = 0; ms < 400; ms += 1) {
    gather.push(ms);
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(40);
  expect(given.length).toBeLessThanOrEqual(12);
  expect(given.flat()).toEqual(Array.from({ length: 400 }, (_, ms) => ms));
});
