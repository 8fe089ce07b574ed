import { expect, test } from "vitest";
import { base64url, learnt, message, wired } from "./proof.ts";

test("a proof is for one request, at one second, of one session", () => {
  expect(message("GET", "/api/cases?limit=1", 1_732_250_000, "ab12")).toBe("GET\n/api/cases?limit=1\n1732250000\nab12");
});
test("what is signed is the path as the hub hears it", () => {
  expect(wired("/api/shops/店/contacts?q=a b", "file:///")).toBe("/api/shops/%E5%BA%97/contacts?q=a%20b");
});
test("bytes are written as the hub reads them: no padding, nothing that a header or an address changes", () => {
  expect(base64url(new Uint8Array([251, 255, 254, 0]))).toBe("-__-AA");
});
test("a phone whose clock is wrong learns the hub's, and one that is right does not ask twice", () => {
  const now = Date.parse("2026-11-22T04:00:00Z");
  expect(learnt("Sun, 22 Nov 2026 04:07:00 GMT", now, 0)).toBe(420_000);
  expect(learnt("Sun, 22 Nov 2026 04:07:00 GMT", now, 420_000)).toBe(420_000);
  expect(learnt(null, now, 5)).toBe(5);
});
