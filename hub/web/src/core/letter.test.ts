import { expect, test } from "vitest";
import type { Letter } from "../api/letter.ts";
import { joined, kindOf, readable } from "./letter.ts";

const letter = (id: string, minute: number, state: Letter["state"] = "open"): Letter =>
  ({ id, state, device: null, topic: "", reason: "", size: 1, received_at: `2026-11-22T03:0${minute}:00Z`, person: null, decided_at: null });

test("its topic says what kind of message it was", () => {
  expect(kindOf("lf/v1/yunda/edge-west/event")).toBe("event");
  expect(kindOf("somewhere else")).toBe("somewhere else");
});
test("JSON is read in lines, and what is none stands as it came", () => {
  expect(readable('{"v":"1.0","id":7}')).toBe('{\n  "v": "1.0",\n  "id": 7\n}');
  expect(readable("<b>not json")).toBe("<b>not json");
});
test("a letter that was decided keeps its place under the reader", () => {
  const before = joined([[letter("c", 3), letter("b", 2)], [letter("a", 1)]], new Map());
  const after = joined([[letter("c", 3)], [letter("a", 1)]], new Map([["b", letter("b", 2, "dropped")]]));
  expect(before.map(({ id }) => id)).toEqual(["c", "b", "a"]);
  expect(after.map(({ id, state }) => `${id} ${state}`)).toEqual(["c open", "b dropped", "a open"]);
});
