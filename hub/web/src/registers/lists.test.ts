import { expect, test } from "vitest";
import { without } from "./lists.ts";

const rows = (...ids: readonly string[]): { readonly id: string }[] => ids.map((id) => ({ id }));

test("what the first page tells anew is not told again by a later one", () => {
  expect(without(rows("c", "d", "e"), rows("a", "d"))).toEqual(rows("c", "e"));
  expect(without(rows("c"), rows("a", "b"))).toEqual(rows("c"));
});
