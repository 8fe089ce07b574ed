import { expect, test } from "vitest";
import { alertFrom, around, day, extent, holeAt, HOUR, MINUTE, nextRecorded, recordedAt, ticks } from "./record.ts";

const at = (time: string): string => `2026-11-22T${time}:00.000Z`;
const ms = (time: string): number => Date.parse(at(time));
const stretch = (began: string, ended: string) => ({ began: at(began), ended: at(ended), stream: "main", codec: "h264" }) as const;
const mark = (began: string) => ({ id: began, number: "1", kind: { zh: "", en: "" }, severity: 1, began: at(began), ended: at(began) }) as const;

test("a day has its hours and a window stays within it", () => {
  const whole = day(ms("04:00"));
  expect(whole.end - whole.begin).toBe(24 * HOUR);
  expect(around(whole.begin + MINUTE, HOUR, whole)).toEqual({ begin: whole.begin, end: whole.begin + HOUR });
  expect(around(whole.end, HOUR, whole).end).toBe(whole.end);
  expect(around(whole.begin, 48 * HOUR, whole)).toEqual(whole);
});

test("what stands in a window is cut at its edges", () => {
  const window = { begin: ms("10:00"), end: ms("11:00") };
  expect(extent(at("09:30"), at("10:30"), window)).toEqual({ left: 0, width: 50 });
  expect(extent(at("10:15"), at("12:00"), window)).toEqual({ left: 25, width: 75 });
  expect(extent(at("08:00"), at("09:00"), window)).toBeNull();
  expect(extent(at("11:00"), at("12:00"), window)).toBeNull();
});

test("a window carries few times, each a whole step of its day", () => {
  for (const width of [10 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR]) {
    const found = ticks(around(ms("12:34"), width, day(ms("12:34"))));
    expect(found.length).toBeGreaterThan(3);
    expect(found.length).toBeLessThan(11);
    expect(found.every((tick) => tick % MINUTE === 0)).toBe(true);
  }
});

test("what is not recorded leads to what is, and a hole is found by its moment", () => {
  const stretches = [stretch("10:00", "10:10"), stretch("10:20", "10:30")];
  expect(recordedAt(stretches, ms("10:05"))).toBe(stretches[0]);
  expect(recordedAt(stretches, ms("10:10"))).toBeNull();
  expect(nextRecorded(stretches, ms("10:05"))).toBe(ms("10:05"));
  expect(nextRecorded(stretches, ms("10:15"))).toBe(ms("10:20"));
  expect(nextRecorded(stretches, ms("10:30"))).toBeNull();
  const hole = { began: at("10:10"), ended: at("10:20"), reason: "disk", detail: null } as const;
  expect(holeAt([hole], ms("10:15"))).toBe(hole);
  expect(holeAt([hole], ms("10:20"))).toBeNull();
});

test("one walks from alert to alert, and not to the one where one stands", () => {
  const alerts = [mark("10:00"), mark("10:30")];
  expect(alertFrom(alerts, ms("09:00"), 1)).toBe(alerts[0]);
  expect(alertFrom(alerts, ms("10:00"), 1)).toBe(alerts[1]);
  expect(alertFrom(alerts, ms("10:30"), -1)).toBe(alerts[0]);
  expect(alertFrom(alerts, ms("10:30"), 1)).toBeNull();
});
