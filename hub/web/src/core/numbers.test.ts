import { expect, test } from "vitest";
import { dialled } from "./numbers.ts";

test("a number is dialled as it is written, without its spaces and what stands behind it", () => {
  expect(dialled("0571 8765 4321 转 3")).toBe("057187654321");
  expect(dialled("值班室 +86 571-8765-4321")).toBe("+8657187654321");
  expect(dialled("8110")).toBe("8110");
  expect(dialled("还没有装")).toBe("");
});
