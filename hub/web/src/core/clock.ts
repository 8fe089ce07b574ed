/** Times as they are read on the wall: ages mm:ss then h:mm:ss, 24 hours, the guard room's own zone. */

const two = (n: number): string => String(n).padStart(2, "0");

/** A length of time, milliseconds in, `01:36` or `2:41:00` out; never negative. */
export function span(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const h = Math.floor(s / 3600);
  return h ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

/** Hours and minutes of a long wait: `4:46`. */
export function hours(ms: number): string {
  const m = Math.max(0, Math.floor(ms / 60_000));
  return `${Math.floor(m / 60)}:${two(m % 60)}`;
}

export function timeOfDay(at: Date | string | number, seconds = true): string {
  const d = new Date(at);
  const short = `${two(d.getHours())}:${two(d.getMinutes())}`;
  return seconds ? `${short}:${two(d.getSeconds())}` : short;
}

const DAYS = { zh: "日一二三四五六", en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] } as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `11月22日 周日`, `Sun 22 Nov`. */
export function dayOf(at: Date | string | number, lang: "zh" | "en"): string {
  const d = new Date(at);
  return lang === "zh"
    ? `${d.getMonth() + 1}月${d.getDate()}日 周${DAYS.zh[d.getDay()]}`
    : `${DAYS.en[d.getDay()]} ${d.getDate()} ${MONTHS[d.getMonth()]}`;
}

/** Time of day, with the day before it when it is not today's. */
export function when(at: string, now: number, lang: "zh" | "en"): string {
  const same = new Date(at).toDateString() === new Date(now).toDateString();
  return same ? timeOfDay(at) : `${dayOf(at, lang)} ${timeOfDay(at, false)}`;
}

/** A limit in words short enough for a clock: seconds in, `30 s`, `2 min`, `7 d` in parts out. */
export function limit(seconds: number): { n: number; unit: "s" | "min" | "h" | "d" } {
  if (seconds < 60) return { n: Math.round(seconds), unit: "s" };
  if (seconds < 3600) return { n: Math.round(seconds / 60), unit: "min" };
  if (seconds <= 48 * 3600) return { n: Math.round(seconds / 360) / 10, unit: "h" };
  return { n: Math.round(seconds / 8640) / 10, unit: "d" };
}

export interface Running {
  /** 0..1, how much of the limit is used; 1 at the limit and past it. */
  readonly share: number;
  /** Milliseconds until the limit; negative past it. */
  readonly left: number;
  readonly late: boolean;
}

/** Where a clock stands. An unknown start counts from the limit backwards. */
export function running(due: string, totalSeconds: number, now: number): Running {
  const left = Date.parse(due) - now;
  const share = totalSeconds > 0 ? Math.min(Math.max(1 - left / (totalSeconds * 1000), 0), 1) : 1;
  return { share, left, late: left < 0 };
}
