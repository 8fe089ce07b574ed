/** The turns of a group as they are read on a phone: days by the market's own date, and what a swap changes for whom. */
import type { Word } from "../words.ts";
import { dayOf } from "./clock.ts";

/** Noon of the market's date on this machine's clock, so that its day and weekday are those of the market. */
export function noon(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, 12);
}

/** `周日 22`, `Sun 22`. */
export function shortDay(day: string, lang: "zh" | "en"): { readonly week: string; readonly date: string } {
  const at = noon(day);
  const words = dayOf(at, lang).split(" ");
  return { week: (lang === "zh" ? words[1] : words[0]) ?? "", date: String(at.getDate()) };
}

/** A day as it is spoken of: `11月22日 周日`, `Sun 22 Nov`. */
export const longDay = (day: string, lang: "zh" | "en"): string => dayOf(noon(day), lang);

/** How many turns two shops have in the month of the day that is given away, before and after. */
export interface Counts {
  readonly before: number;
  readonly after: number;
}
export interface Change {
  readonly mine: Counts;
  readonly theirs: Counts;
  /** Nobody has more or fewer turns than before. */
  readonly same: boolean;
}

/** What changes: a day taken within the same month leaves both counts, one of another month or none moves one over. */
export function change(mine: number, theirs: number, given: string, taken: string | null): Change {
  const same = taken !== null && taken.slice(0, 7) === given.slice(0, 7);
  const moved = same ? 0 : 1;
  return { mine: { before: mine, after: mine - moved }, theirs: { before: theirs, after: theirs + moved }, same };
}

/** The sentence of a change. */
export const changeWord = ({ same }: Change, taken: boolean): Word => (same ? "swap.counts.same" : taken ? "swap.counts.later" : "swap.counts.moved");

/** How many of the day's things are done. */
export const done = (things: readonly { readonly done_at: string | null }[]): number => things.filter(({ done_at }) => done_at !== null).length;

/** A thing that is late: not done, and its time is over. */
export const late = (thing: { readonly done_at: string | null; readonly due: string }, now: number): boolean => thing.done_at === null && Date.parse(thing.due) < now;
