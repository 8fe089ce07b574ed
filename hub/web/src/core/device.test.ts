import { describe, expect, test } from "vitest";
import type { Config, Device } from "../api/device.ts";
import { configured, faults, fieldsOf, typedOf } from "./device.ts";

const camera = (state: string) => ({ id: "c", name: { zh: "", en: "" }, place: { zh: "", en: "" }, state, since: null, reason: null });
const config = (version: number, state: Config["state"] = "sent", fields: Config["fields"] = {}): Config =>
  ({ id: "", version, state, fields, reason: null, by: { zh: "", en: "" }, at: "" });
const device = (more: Partial<Device> = {}): Device => ({
  id: "edge-west", status: "active", online: true, seen_at: "2026-11-22T03:00:00Z", queued: 0, dropped: 0, clock_offset_ms: 12,
  clock_source: "ntp", cameras: [camera("live")], desired: null, reported: null, by_hand: [], may: [], ...more,
});
const reported = (version: number): Device["reported"] => ({ version, firmware: null, error: null, epoch: null, at: "" });

describe("a device", () => {
  test("that is well has no faults", () => {
    expect(faults(device())).toEqual([]);
  });
  test("that is silent is not also called blind: one cause, one word", () => {
    expect(faults(device({ online: false, cameras: [camera("lost")] }))).toEqual(["silent"]);
  });
  test("tells everything that somebody should look at", () => {
    const ill = device({ clock_offset_ms: -2500, dropped: 3, queued: 101, cameras: [camera("covered")], desired: config(2, "rejected") });
    expect(faults(ill)).toEqual(["blind", "clock", "dropped", "depth", "config"]);
  });
  test("that was never connected, or is shut out, is no fault", () => {
    expect(faults(device({ status: "planned", online: false, seen_at: null }))).toEqual([]);
    expect(faults(device({ status: "revoked", online: false }))).toEqual([]);
  });
});
describe("a configuration", () => {
  test("goes from wanted to held, or is refused", () => {
    expect(configured(device())).toBe("own");
    expect(configured(device({ desired: config(2), reported: reported(1) }))).toBe("waiting");
    expect(configured(device({ desired: config(2, "applied"), reported: reported(2) }))).toBe("same");
    expect(configured(device({ desired: config(2, "rolled-back"), reported: reported(1) }))).toBe("refused");
  });
  test("is sent as it was typed, with masks and zones left as they are and empty fields left out", () => {
    const held = config(1, "applied", { cameras: { a: { fps: 4, masks: [1] }, b: { still_every: 2 } } });
    expect(typedOf(held, "a")).toEqual({ fps: "4", still_every: "" });
    expect(fieldsOf(held, { a: { fps: "", still_every: "5" }, b: { fps: "", still_every: "" }, c: { fps: "2.5", still_every: "" } })).toEqual({
      cameras: { a: { masks: [1], still_every: 5 }, c: { fps: 2.5 } },
    });
  });
});
