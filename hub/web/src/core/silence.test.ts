import { describe, expect, test } from "vitest";
import { silence, since } from "./silence.ts";

const NOW = 1_000_000;
const ago = (s: number): number => NOW - s * 1000;

describe("silence", () => {
  test("a hub that was heard and proved a moment ago is not silent", () => {
    expect(silence(NOW, ago(1), ago(6))).toBeNull();
    expect(silence(NOW, ago(29.9), ago(29.9))).toBeNull();
  });
  test("nothing for thirty seconds is a P0", () => {
    expect(silence(NOW, ago(30), ago(34))).toBe("cut");
  });
  test("a hub that speaks and hears no device for thirty seconds is one too", () => {
    expect(silence(NOW, ago(1), ago(30))).toBe("deaf");
  });
  test("trouble keeps its beginning for as long as it goes on", () => {
    const first = since(new Map(), ["broker"], 10);
    const second = since(first, ["broker", "database"], 20);
    expect([...second]).toEqual([["broker", 10], ["database", 20]]);
    expect([...since(second, [], 30)]).toEqual([]);
  });
});
