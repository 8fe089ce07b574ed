import { expect, test } from "vitest";
import { Cutter } from "./feed.ts";

test("an event that comes in pieces is whole when it is told", () => {
  const cutter = new Cutter();
  expect(cutter.push('id: 7\nevent: alert\ndata: {"id"')).toEqual([]);
  expect(cutter.push(':"a"}\n')).toEqual([]);
  expect(cutter.push("\n")).toEqual([{ id: "7", event: "alert", data: '{"id":"a"}' }]);
});
test("several events of one piece are told in order", () => {
  expect(new Cutter().push("id: 1\ndata: a\n\nid: 2\ndata: b\n\n").map(({ id }) => id)).toEqual(["1", "2"]);
});
test("a breath of the hub is no event", () => {
  expect(new Cutter().push(": still here\n\n")).toEqual([]);
});
test("lines of data belong together, and carriage returns do not matter", () => {
  expect(new Cutter().push("data: a\r\ndata: b\r\n\r\n")).toEqual([{ id: "", event: "message", data: "a\nb" }]);
});
