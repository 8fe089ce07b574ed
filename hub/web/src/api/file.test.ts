import { expect, test } from "vitest";
import { lines } from "./file.ts";

test.each([["", 0], ["a", 1], ["a\n", 1], ["a\r\nb\r\n", 2], ["a\nb", 2]])("the lines of %j are %i", async (text, n) => {
  expect(await lines(new Blob([text]))).toBe(n);
});
