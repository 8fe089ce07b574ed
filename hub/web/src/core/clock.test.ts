import { describe, expect, test } from "vitest";
import { dayOf, hours, limit, running, span, timeOfDay } from "./clock.ts";

describe("clocks on the wall", () => {
  test("an age is minutes and seconds, then hours", () => {
    expect(span(0)).toBe("00:00");
    expect(span(96_000)).toBe("01:36");
    expect(span(3_599_999)).toBe("59:59");
    expect(span(3_600_000)).toBe("1:00:00");
    expect(span(9_660_000)).toBe("2:41:00");
  });
  test("an age is never negative, whatever two clocks say", () => {
    expect(span(-5_000)).toBe("00:00");
    expect(hours(-1)).toBe("0:00");
  });
  test("a wait for the handover is hours and minutes", () => expect(hours(4 * 3_600_000 + 46 * 60_000)).toBe("4:46"));
  test("a time of day has 24 hours", () => {
    expect(timeOfDay(new Date(2026, 10, 22, 3, 4, 7))).toBe("03:04:07");
    expect(timeOfDay(new Date(2026, 10, 22, 23, 59, 59), false)).toBe("23:59");
  });
  test("a day is written as each language writes it", () => {
    const day = new Date(2026, 10, 22, 12);
    expect(dayOf(day, "zh")).toBe("11月22日 周日");
    expect(dayOf(day, "en")).toBe("Sun 22 Nov");
  });
  test("limits are said in the unit a person uses", () => {
    expect(limit(30)).toEqual({ n: 30, unit: "s" });
    expect(limit(120)).toEqual({ n: 2, unit: "min" });
    expect(limit(48 * 3600)).toEqual({ n: 48, unit: "h" });
    expect(limit(7 * 86_400)).toEqual({ n: 7, unit: "d" });
  });
});

describe("a running clock", () => {
  const due = "2026-11-22T04:00:00Z";
  const at = (s: string): number => Date.parse(`2026-11-22T${s}Z`);
  test("tells its used share and what is left", () => {
    expect(running(due, 7200, at("03:00:00"))).toEqual({ share: 0.5, left: 3_600_000, late: false });
  });
  test("is late only past its limit, and full from there on", () => {
    expect(running(due, 7200, at("04:00:00"))).toMatchObject({ share: 1, late: false });
    expect(running(due, 7200, at("04:00:01"))).toMatchObject({ share: 1, late: true, left: -1000 });
  });
});
