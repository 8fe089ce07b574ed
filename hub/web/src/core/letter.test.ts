import { expect, test } from "vitest";
import { kindOf, readable } from "./letter.ts";

test("its topic says what kind of message it was", () => {
  expect(kindOf("lf/v1/yunda/edge-west/event")).toBe("event");
  expect(kindOf("somewhere else")).toBe("somewhere else");
});
test("JSON is read in lines, and what is none stands as it came", () => {
  expect(readable('{"v":"1.0","id":7}')).toBe('{\n  "v": "1.0",\n  "id": 7\n}');
  expect(readable("<b>not json")).toBe("<b>not json");
});
