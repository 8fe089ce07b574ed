import { expect, test } from "vitest";
import type { Point } from "../api/scene.ts";
import { begun, crosses, drawnOf, fault, fits, freshId, History, inserted, moved, same, shaped, shapesOf, shifted, without } from "./draw.ts";

const SQUARE: readonly Point[] = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]];
const BOW: readonly Point[] = [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]];
const RULE = { kind: "linger", seconds: 20 };

test("an outline that crosses itself is told from one that does not", () => {
  expect(crosses(SQUARE)).toBe(false);
  expect(crosses(BOW)).toBe(true);
  expect(crosses([[0, 0], [1, 0], [1, 1], [0.5, 0.2], [0, 1]])).toBe(false);
});
test("each fault of a shape has its own name", () => {
  const zone = shaped("zone", SQUARE, "yard", [RULE]);
  expect(fault(zone, [zone])).toBe(null);
  expect(fault({ ...zone, points: SQUARE.slice(0, 2) }, [zone])).toBe("few");
  expect(fault({ ...zone, points: BOW }, [zone])).toBe("crosses");
  expect(fault({ ...zone, points: [[0, 0], [0.5, 0], [0.5, 0.00001]] }, [zone])).toBe("flat");
  expect(fault({ ...zone, id: "Yard" }, [zone])).toBe("id");
  expect(fault({ ...zone, rules: [] }, [zone])).toBe("norules");
  expect(fault(zone, [zone, shaped("zone", SQUARE, "yard", [RULE])])).toBe("twice");
  expect(fault(shaped("line", [[0.5, 0.5], [0.505, 0.5]], "gate", [RULE]), [])).toBe("short");
  expect(fault(shaped("mask", SQUARE), [zone])).toBe(null);
});
test("a polygon keeps three corners and a line its two ends", () => {
  const three = without(shaped("zone", SQUARE), 0)!;
  expect(three.points).toHaveLength(3);
  expect(without(three, 0)).toBe(null);
  const line = shaped("line", SQUARE.slice(0, 2));
  expect(without(line, 0)).toBe(null);
  expect(inserted(line, 1, [0.5, 0.5])).toBe(line);
});
test("a point stays in the picture, and a shape keeps its form at its edge", () => {
  expect(moved(shaped("mask", SQUARE), 1, [1.7, -3]).points[1]).toEqual([1, 0]);
  expect(shifted(shaped("mask", SQUARE), 0.5, -0.05).points).toEqual([[0.2, 0.05], [1, 0.05], [1, 0.85], [0.2, 0.85]]);
});
test("what is drawn goes to the hub and comes back as it was", () => {
  const drawn = drawnOf([shaped("zone", SQUARE, "yard", [RULE]), shaped("line", SQUARE.slice(0, 2), "gate", [RULE]), shaped("mask", BOW)]);
  expect(drawnOf(shapesOf(drawn))).toEqual(drawn);
  expect(same(drawn, { masks: drawn.masks, zones: drawn.zones.map(({ rules, ...zone }) => ({ rules, ...zone })) })).toBe(true);
  expect(same(drawn, { zones: drawn.zones })).toBe(false);
  expect(same(null, { masks: [], zones: [] })).toBe(true);
});
test("a new zone has a name that no other has", () => {
  expect(freshId([shaped("zone", SQUARE, "zone-1")], "zone")).toBe("zone-2");
});
test("every step is taken back, and steps of one drag are one", () => {
  const history = new History();
  const [one, two, three] = [[shaped("mask", SQUARE)], [shaped("mask", BOW)], [shaped("mask", SQUARE)]];
  history.keep(one, "");
  history.keep(two, "drag");
  history.keep(three, "drag");
  expect(history.undo(three)).toBe(two);
  expect(history.undo(two)).toBe(one);
  expect(history.undo(one)).toBe(null);
  expect(history.redo(one)).toBe(two);
});
test("a rule begins as the rulebook says, and a number outside its limits does not fit", () => {
  const fields = [{ name: "seconds", form: "number", default: 20, maybe: false, least: 1, most: 86400 }, { name: "density", form: "number", maybe: true, over: 0 }] as const;
  expect(begun({ kind: "linger", on: "polygon", fields })).toEqual({ kind: "linger", seconds: 20, density: null });
  expect(fits(fields[0], 0.5)).toBe(false);
  expect(fits(fields[0], "")).toBe(false);
  expect(fits(fields[1], 0)).toBe(false);
  expect(fits(fields[1], null)).toBe(true);
  expect(fits({ name: "count", form: "whole", maybe: false }, 2.5)).toBe(false);
});
