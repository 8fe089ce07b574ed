/** A month of duty on the desk: months and days as the hub writes them, the page's address, and what a draft would change. */
import type { RosterGuard, RosterMonth, ShiftShown } from "../api/roster.ts";
import { dayOf } from "./clock.ts";

type Lang = "zh" | "en";

/** `2026-11` and 2 give `2027-01`. */
export function monthBy(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const all = year * 12 + number - 1 + by;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, "0")}`;
}

/** A day of the market in words; noon keeps it the same day whatever zone the screen has. */
export const dayWords = (day: string, lang: Lang): string => dayOf(`${day}T12:00`, lang);

/** A month in words: 2026 年 11 月, November 2026. */
export const monthWords = (month: string, lang: Lang): string =>
  lang === "zh" ? `${month.slice(0, 4)} 年 ${Number(month.slice(5))} 月` : new Date(`${month}-01T12:00`).toLocaleDateString("en", { year: "numeric", month: "long" });

/** One letter for a shift in a cell: 白, D. */
export const letter = (shift: ShiftShown, lang: Lang): string => shift[lang].charAt(0).toUpperCase();

const TABS = ["groups", "book"] as const;
export interface DutyPlace {
  readonly tab: "rooms" | (typeof TABS)[number];
  /** A grid, or a group; empty: none is chosen. */
  readonly node: string;
  /** Empty: the month of today. */
  readonly month: string;
}
/** What stands behind `#/duty/`: `central~2026-12`, `groups~east-1`, `book~central`. */
export function placeOf(id: string): DutyPlace {
  const parts = id.split("~");
  const tab = TABS.find((each) => each === parts[0]);
  const [node = "", month = ""] = tab ? parts.slice(1) : parts;
  return { tab: tab ?? "rooms", node, month: /^20\d\d-(0[1-9]|1[0-2])$/.test(month) ? month : "" };
}
export function idOf({ tab, node, month }: DutyPlace): string {
  const parts = [...(tab === "rooms" ? [] : [tab]), node, month];
  while (parts.length && !parts.at(-1)) parts.pop();
  return parts.join("~");
}

const shifts = (guard: RosterGuard | undefined): string =>
  (guard?.cells ?? []).flatMap(({ day, shift }) => (shift ? [`${day} ${shift}`] : [])).sort().join();

/** Whom publishing a draft tells: all who would have other shifts than they have now. */
export function toldBy(draft: RosterMonth, held: RosterMonth | null): RosterGuard[] {
  const now = new Map((held?.people ?? []).map((guard) => [guard.id, guard]));
  const gone = (held?.people ?? []).filter((guard) => !draft.people.some(({ id }) => id === guard.id));
  return [...draft.people.filter((guard) => shifts(guard) !== shifts(now.get(guard.id))), ...gone.filter((guard) => shifts(guard) !== "")];
}

/** The place of a cell that an arrow leads to, within `rows` people and `days` days. */
export function stepped(row: number, day: number, key: string, rows: number, days: number): readonly [number, number] {
  const ways: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -days], End: [0, days] };
  const [down, right] = ways[key] ?? [0, 0];
  return [Math.min(Math.max(row + down, 0), rows - 1), Math.min(Math.max(day + right, 0), days - 1)];
}
