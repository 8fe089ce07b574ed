import { expect, test } from "vitest";
import { abandoned } from "./draft.ts";
import type { Said } from "./said.ts";

const NOW = Date.UTC(2026, 10, 22, 4);
const HOUR = 3_600_000;
const naming = (sha: string): Said => ({
  id: sha, kind: "report", body: {}, photos: [sha], local: NOW, offset: 0, who: "p-1", market: "m-1", state: "refused", why: null,
});

test("a photo that nothing names goes after a day and not before", () => {
  const photos = [{ sha: "old", at: NOW - 25 * HOUR }, { sha: "new", at: NOW - 23 * HOUR }];
  expect(abandoned(photos, [], NOW)).toEqual(["old"]);
});

test("a photo that is named stays as long as what names it, also where that was refused", () => {
  expect(abandoned([{ sha: "a", at: NOW - 99 * HOUR }], [naming("a")], NOW)).toEqual([]);
});

test("a photo that an older build kept without its time is old", () => {
  expect(abandoned([{ sha: "a" }, { sha: "b" }], [naming("b")], NOW)).toEqual(["a"]);
});
