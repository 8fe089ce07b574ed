/** What the hub says of guards' rosters. Days are the market's own dates, months YYYY-MM. */
import type { Named, Word } from "./people.ts";
import type { Pair } from "./types.ts";

export interface ShiftShown extends Word {
  /** HH:MM by the wall clock; `ends` 00:00 is the next day's. */
  readonly begins: string;
  readonly ends: string;
  readonly night: boolean;
  readonly least: number;
  readonly wanted: number;
}
export interface RosterDay {
  readonly day: string;
  /** A weekend or holiday; null where the year's calendar is not known. */
  readonly off: boolean | null;
  readonly today: boolean;
}
export interface RosterCell {
  readonly day: string;
  readonly state: "plain" | "cover" | "leave" | "lent";
  readonly shift: string | null;
  readonly covers: Named | null;
  readonly at: Named | null;
}
export interface RosterGuard extends Named {
  readonly armband: string | null;
  readonly leader: boolean;
  readonly lent_by: Named | null;
  readonly cells: readonly RosterCell[];
  readonly nights: number;
  readonly weekends: number;
  readonly hours: number;
  readonly target_h: number;
  readonly told_at: string | null;
  readonly read_at: string | null;
}
export interface ShiftTotal {
  readonly day: string;
  readonly shift: string;
  readonly count: number;
  readonly least: number;
  readonly missing: number;
}
export interface RosterGap {
  readonly day: string;
  readonly shift: string;
  readonly missing: number;
  /** What is missing is one who may head it. */
  readonly leader: boolean;
  readonly begins: string;
  readonly ends: string;
  readonly past: boolean;
  readonly words: Pair;
  readonly why: readonly Pair[];
}
export interface RuleBroken {
  readonly rule: Word;
  readonly person: string;
  readonly day: string;
  readonly words: Pair;
}
export interface RosterFairness extends Word {
  readonly most: number | null;
  readonly least: number | null;
  readonly spread: number | null;
  readonly target: number;
  readonly over: number;
}
/** How a solver stands, of a roster or of a rotation. */
export interface SolverJob {
  readonly state: string;
  readonly seconds: number;
  readonly best: number | null;
  readonly share: number | null;
}
export interface RosterJob extends SolverJob {
  readonly zh: string | null;
  readonly en: string | null;
}
export interface RosterFigures {
  readonly proved: boolean;
  readonly objective: number;
  readonly bound: number;
  readonly seconds: number;
}
export interface CalendarState {
  readonly year: number;
  readonly known: boolean;
  readonly words: Pair | null;
}
export interface ChangeShown {
  readonly person: Named;
  readonly day: string;
  readonly before: string | null;
  readonly after: string | null;
}
export interface CoverConsent extends Named {
  readonly agreed_at: string | null;
}
export interface Cover {
  readonly id: string;
  readonly absent: Named;
  readonly day: string;
  readonly shift: Word;
  readonly state: Word;
  readonly changes: readonly ChangeShown[];
  readonly consents: readonly CoverConsent[];
  readonly asked_at: string;
  readonly mine: boolean;
  readonly may_withdraw: boolean;
}
export interface RosterMonth {
  readonly grid: Named;
  readonly room: Pair | null;
  readonly month: string;
  readonly id: string | null;
  readonly state: "none" | "draft" | "published";
  readonly revision: number;
  readonly draft: string | null;
  readonly published: string | null;
  readonly published_at: string | null;
  readonly published_by: Named | null;
  readonly days: readonly RosterDay[];
  readonly shifts: readonly ShiftShown[];
  readonly people: readonly RosterGuard[];
  readonly totals: readonly ShiftTotal[];
  readonly gaps: readonly RosterGap[];
  readonly broken: readonly RuleBroken[];
  readonly fairness: readonly RosterFairness[];
  readonly covers: readonly Cover[];
  readonly calendars: readonly CalendarState[];
  readonly figures: RosterFigures | null;
  readonly job: RosterJob | null;
  readonly may: { readonly change: boolean; readonly approve: boolean; readonly calendar: boolean };
}
export interface RosterOverview {
  readonly grid: Named;
  readonly room: Pair | null;
  readonly people: number;
  readonly state: "none" | "draft" | "published";
  readonly gaps: number;
  readonly told: number;
  readonly read: number;
  readonly on: readonly Named[];
}
export interface CellEdited {
  readonly kept: boolean;
  readonly broke: readonly RuleBroken[];
  readonly opened: readonly RosterGap[];
  readonly closed: readonly RosterGap[];
  readonly month: RosterMonth;
}
interface Step {
  readonly before: number;
  readonly after: number;
}
export interface CoverCandidate {
  readonly person: Named;
  readonly can: boolean;
  /** Hours; null: none within a fortnight. */
  readonly rest: { readonly before_h: number | null; readonly after_h: number | null };
  readonly nights: Step;
  readonly weekends: Step;
  readonly hours: Step;
  readonly how: Pair | null;
  readonly changes: readonly ChangeShown[];
  readonly consents: readonly Named[];
  readonly why: Pair | null;
  readonly asked: Cover | null;
}
export interface CoverCandidates {
  readonly absent: Named | null;
  readonly day: string;
  readonly shift: ShiftShown;
  readonly people: readonly CoverCandidate[];
}
export interface SickShown {
  readonly changes: readonly ChangeShown[];
  readonly consents: readonly Named[];
  readonly proved: boolean;
  readonly seconds: number;
  readonly gaps: readonly RosterGap[];
}
export interface Loan {
  readonly id: string;
  readonly person: Named;
  readonly grid_from: Named;
  readonly grid_to: Named;
  readonly begins: string;
  readonly ends: string;
  readonly state: Word;
  readonly lent: boolean;
  readonly agreed: boolean;
  readonly may: readonly ("agree" | "lend" | "decline" | "end")[];
}

/** A leave or a wish of a guard. */
export interface GuardLeave {
  readonly id: string;
  readonly person: Named;
  readonly kind: Word;
  readonly first: string;
  readonly last: string;
  readonly shift: string | null;
  readonly state: Word;
  readonly may_decide: boolean;
}

export const isSolving = (job: { readonly state: string } | null): boolean => job?.state === "waiting" || job?.state === "running";
export const monthUrl = (grid: string, month: string, draft: boolean): string => `/api/rosters/${encodeURIComponent(grid)}?month=${month}&draft=${draft}`;
export const rosterUrl = (id: string, part: string): string => `/api/roster/${encodeURIComponent(id)}${part}`;
