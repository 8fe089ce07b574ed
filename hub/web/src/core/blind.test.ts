import { expect, test } from "vitest";
import type { Camera, CameraState, Market } from "../api/types.ts";
import { blindNow, firstTiles, watched } from "./blind.ts";
import type { Drawing } from "./plan.ts";

const camera = (id: string, more: Partial<Camera> = {}): Camera => ({ id, device: "edge-1", critical: false, ...more }) as Camera;
const market = (...cameras: Camera[]): Market => ({ cameras }) as unknown as Market;
const told = (...all: [id: string, state: string, since?: string][]): Map<string, CameraState> =>
  new Map(all.map(([id, state, since = "2026-11-22T03:00:00Z"]) => [id, { id, state, since, reason: null, still_at: state === "live" ? since : null }]));
const nothing = { sectors: new Map() } as unknown as Drawing;

test("a critical blind camera comes first, then the one that has been blind longest", () => {
  const all = market(camera("a"), camera("b"), camera("c", { critical: true }), camera("d"));
  const states = told(["a", "lost", "2026-11-22T02:30:00Z"], ["b", "covered", "2026-11-22T01:00:00Z"], ["c", "lost"], ["d", "live"]);
  expect(blindNow(all, states, nothing).map(({ camera: { id } }) => id)).toEqual(["c", "b", "a"]);
});
test("a camera that no edge reads is not called blind", () => {
  expect(blindNow(market(camera("a", { device: null })), told(["a", "lost"]), nothing)).toEqual([]);
});
test("nor is one of another grid, of which a guard is not told", () => {
  expect(blindNow(market(camera("a"), camera("b")), told(["a", "live"]), nothing)).toEqual([]);
  expect(watched(market(camera("a"), camera("b")), told(["a", "live"])).map(({ id }) => id)).toEqual(["a"]);
});
test("a camera that is still connecting shows nothing yet, and is said to", () => {
  expect(blindNow(market(camera("a")), told(["a", "opening"]), nothing).map(({ state }) => state)).toEqual(["opening"]);
});
test("the first tiles are critical cameras that send pictures", () => {
  const all = market(camera("dead", { critical: true }), camera("plain"), camera("key", { critical: true }));
  expect(firstTiles(all, told(["dead", "lost"], ["plain", "live"], ["key", "live"]), 2)).toEqual(["key", "plain"]);
});
