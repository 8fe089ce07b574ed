import { expect, test } from "vitest";
import { MOST, numbers } from "./armband.ts";

test("a row of numbers keeps its noughts", () => {
  expect(numbers("0298-0301, a7，0300")).toEqual(["0298", "0299", "0300", "0301", "A7"]);
});
test("nobody brings in a million by one slip of the hand", () => {
  expect(numbers("1-999999999999").length).toBe(MOST + 1);
  expect(numbers("20-10")).toEqual([]);
});
