import { describe, expect, it } from "vitest";
import { lastHeard } from "./heard.ts";

describe("when the hub was last heard", () => {
  it("is what was remembered", () => expect(lastHeard(() => "2026-11-22T12:00:00.000Z")).toBe("2026-11-22T12:00:00.000Z"));
  it("is nothing on a machine that never heard it, or that remembers nonsense", () => {
    expect(lastHeard(() => null)).toBeNull();
    expect(lastHeard(() => "soon")).toBeNull();
  });
});
