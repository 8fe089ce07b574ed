import { expect, test } from "vitest";
import { say, sayCode } from "./words.ts";

test("English has a form for one and a form for many", () => {
  expect(say("top.blind", "en", { n: 1 })).toBe("Blind now: 1 camera");
  expect(say("top.blind", "en", { n: 3 })).toBe("Blind now: 3 cameras");
  expect(say("top.blind", "zh", { n: 1 })).toBe("现在看不见 1 台");
});
test("a code without a word stands as it is, so nothing is lost", () => {
  expect(sayCode("kind", "fire", "zh")).toBe("明火");
  expect(sayCode("kind", "flood", "zh")).toBe("flood");
});
