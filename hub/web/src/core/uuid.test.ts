import { expect, test } from "vitest";
import { uuid7 } from "./uuid.ts";

const NOON = Date.UTC(2026, 10, 22, 4);

test("an id tells its millisecond first and is of version 7", () => {
  const id = uuid7(NOON, new Uint8Array(10).fill(0xff));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7fff-bfff-ffffffffffff$/);
  expect(parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(NOON);
});

test("a later id sorts after an earlier one", () => {
  const none = new Uint8Array(10);
  expect(uuid7(NOON, none) < uuid7(NOON + 1, none)).toBe(true);
});

test("ids of one millisecond differ by what is drawn", () => {
  const draw = () => crypto.getRandomValues(new Uint8Array(10));
  expect(new Set(Array.from({ length: 100 }, () => uuid7(NOON, draw()))).size).toBe(100);
});
