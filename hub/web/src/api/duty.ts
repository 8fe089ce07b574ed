/** What a guard's phone is told of duty. Days are the market's own dates. */
import type { Named, Word } from "./people.ts";
import type { Pair } from "./types.ts";

export interface OwnDuty {
  readonly id: string;
  readonly post: Word;
  readonly grid: Named | null;
  readonly shift: Word | null;
  readonly begins: string;
  readonly ends: string;
}
/** Whether to sign in or out, and for what. */
export interface OwnSign {
  readonly duty: string;
  readonly begins: string;
  readonly ends: string;
  readonly armband: string | null;
  readonly state: Word;
  readonly in_at: string | null;
  readonly out_at: string | null;
  readonly may_in: boolean;
  readonly may_out: boolean;
}
/** A shift of a published roster. */
export interface OwnCell {
  readonly day: string;
  readonly shift: Word;
  readonly night: boolean;
  readonly begins: string;
  readonly ends: string;
  readonly cover: boolean;
  readonly past: boolean;
}
export interface OwnCover {
  readonly id: string;
  readonly absent: Named;
  readonly day: string;
  readonly shift: Word;
  readonly state: Word;
  readonly changes: readonly { readonly person: Named; readonly day: string; readonly before: string | null; readonly after: string | null }[];
  /** Whoever looks is asked and has not answered. */
  readonly mine: boolean;
}
export interface OwnLoan {
  readonly id: string;
  readonly grid_to: Named;
  readonly begins: string;
  readonly ends: string;
  readonly state: Word;
  readonly may: readonly string[];
}
/** The page of a workroom's handover book that is at hand, in short; `matters`: how many are open. */
export interface OwnHandover {
  readonly id: string | null;
  readonly grid: string;
  readonly at: string;
  readonly matters: number;
  readonly may_give: boolean;
  readonly may_take: boolean;
}
export interface HandoverPage {
  readonly id: string | null;
  readonly grid: Named;
  readonly at: string;
  readonly matters: readonly { readonly id: string; readonly kind: "case" | "alert"; readonly words: Pair; readonly at: string }[];
  readonly kit: readonly { readonly asset: string; readonly label: string; readonly ok: boolean }[];
  readonly note: string;
  readonly given_by: Named | null;
  readonly taken_by: Named | null;
  readonly late: boolean;
  readonly may_give: boolean;
  readonly may_take: boolean;
}
export interface OwnDay {
  readonly now: OwnDuty | null;
  readonly next: OwnDuty | null;
  readonly sign: OwnSign | null;
  readonly weeks: readonly OwnCell[];
  readonly handovers: readonly OwnHandover[];
  readonly covers: readonly OwnCover[];
  readonly loans: readonly OwnLoan[];
  /** Published rosters that wait to be read. */
  readonly unread: readonly { readonly roster: string; readonly grid: string; readonly month: string; readonly told_at: string }[];
  readonly assets: readonly { readonly id: string; readonly kind: Word; readonly label: string }[];
}
