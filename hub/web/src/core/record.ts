/** What a timeline of recordings shows and where one may go on it; all times in milliseconds. */
import type { AlertMark, Missing, Stretch } from "../api/recording.ts";

export interface Window {
  readonly begin: number;
  readonly end: number;
}
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** Widths of the window, widest first. */
export const ZOOMS = [24 * HOUR, 6 * HOUR, HOUR, 10 * MINUTE] as const;

/** The day, by this machine's clock, in which a moment lies; 23 or 25 hours where the clock is set. */
export function day(at: number): Window {
  const begin = new Date(at);
  begin.setHours(0, 0, 0, 0);
  const end = new Date(begin);
  end.setDate(end.getDate() + 1);
  return { begin: begin.getTime(), end: end.getTime() };
}

/** The window of a width around a moment, within its day. */
export function around(at: number, width: number, whole: Window): Window {
  const length = Math.min(width, whole.end - whole.begin);
  const begin = Math.min(Math.max(at - length / 2, whole.begin), whole.end - length);
  return { begin, end: begin + length };
}

/** Where a moment stands in a window, 0..1; outside of it below 0 or above 1. */
export const share = (at: number, window: Window): number => (at - window.begin) / (window.end - window.begin);

/** Left edge and width of what stands in a window, in per cent; null where nothing of it does. */
export function extent(began: string, ended: string, window: Window): { left: number; width: number } | null {
  const from = Math.max(0, share(Date.parse(began), window));
  const to = Math.min(1, share(Date.parse(ended), window));
  return to <= 0 || from >= 1 || to < from ? null : { left: from * 100, width: (to - from) * 100 };
}

const STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR];

/** Moments at which a window carries a time, at most nine. */
export function ticks(window: Window): readonly number[] {
  const step = STEPS.find((each) => (window.end - window.begin) / each <= 9) ?? 3 * HOUR;
  const found: number[] = [];
  const whole = day(window.begin).begin;
  for (let at = whole + Math.ceil((window.begin - whole) / step) * step; at <= window.end; at += step) found.push(at);
  return found;
}

/** The stretch in which a moment lies, if it is recorded. */
export const recordedAt = (stretches: readonly Stretch[], at: number): Stretch | null =>
  stretches.find(({ began, ended }) => Date.parse(began) <= at && at < Date.parse(ended)) ?? null;

/** The first recorded moment at or after this one; null where there is none. */
export function nextRecorded(stretches: readonly Stretch[], at: number): number | null {
  const found = stretches.find(({ ended }) => Date.parse(ended) > at);
  return found ? Math.max(at, Date.parse(found.began)) : null;
}

/** The hole in which a moment lies. */
export const holeAt = (holes: readonly Missing[], at: number): Missing | null =>
  holes.find(({ began, ended }) => Date.parse(began) <= at && at < Date.parse(ended)) ?? null;

/** The next alert after a moment, or the last one before it. */
export function alertFrom(alerts: readonly AlertMark[], at: number, way: 1 | -1): AlertMark | null {
  const slack = 1_000;
  return way > 0
    ? (alerts.find(({ began }) => Date.parse(began) > at + slack) ?? null)
    : ([...alerts].reverse().find(({ began }) => Date.parse(began) < at - slack) ?? null);
}

/** Bytes as they are read: `4.2 MB`. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)}\u2009MB`;
