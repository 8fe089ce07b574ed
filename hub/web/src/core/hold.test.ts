import { expect, test } from "vitest";
import { held, Hold, HOLD_MS } from "./hold.ts";

test("the ring fills over three seconds and counts the whole ones that are left", () => {
  expect(held(1_000, 1_000)).toEqual({ share: 0, left: 3, full: false });
  expect(held(1_000, 3_001)).toMatchObject({ left: 1, full: false });
  expect(held(1_000, 3_999)).toMatchObject({ left: 1, full: false });
  expect(held(1_000, 4_000)).toEqual({ share: 1, left: 0, full: true });
  expect(held(1_000, 90_000).share).toBe(1);
  expect(held(null, 90_000).full).toBe(false);
});
test("a clock that is set back while the button is held gives nothing away", () => {
  expect(held(5_000, 1_000)).toEqual({ share: 0, left: 3, full: false });
});
test("held to the end it says so once", () => {
  let calls = 0;
  const hold = new Hold(() => calls++);
  hold.press(0);
  hold.press(2_900);
  for (let now = 0; now <= HOLD_MS + 500; now += 50) hold.look(now);
  expect(calls).toBe(1);
});
test("let go a moment before the end it leaves no trace, and the next press begins at nothing", () => {
  let calls = 0;
  const hold = new Hold(() => calls++);
  hold.press(0);
  hold.look(HOLD_MS - 1);
  hold.release();
  expect(hold.look(HOLD_MS + 1)).toMatchObject({ share: 0, full: false });
  hold.press(HOLD_MS + 2);
  hold.look(2 * HOLD_MS + 1);
  expect(calls).toBe(0);
  hold.look(2 * HOLD_MS + 2);
  expect(calls).toBe(1);
});
