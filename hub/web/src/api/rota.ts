/** What the hub says of the turns of all groups, of a group's month, and of rotations. Days are the market's own dates. */
import type { Named, Word } from "./people.ts";
import type { SolverJob } from "./roster.ts";
import type { MonthCount, TurnLine } from "./turn.ts";
import type { Pair } from "./types.ts";

/** given + gaps + missing are at most `days`; `unconfirmed` of `due`, those to be confirmed by now. */
export interface GroupMonth {
  readonly id: string;
  readonly number: number;
  readonly grid: Named;
  readonly shops: number;
  readonly days: number;
  readonly given: number;
  readonly gaps: number;
  readonly missing: number;
  readonly due: number;
  readonly unconfirmed: number;
  readonly least: number;
  readonly most: number;
  readonly spread: number;
}
/** `coming`: gaps from today on, but for closed days. */
export interface GroupsSum {
  readonly groups: number;
  readonly days: number;
  readonly given: number;
  readonly gaps: number;
  readonly coming: number;
  readonly missing: number;
  readonly due: number;
  readonly unconfirmed: number;
  readonly spread: number;
}
export interface TurnOverview {
  readonly first: string;
  readonly last: string;
  readonly today: string;
  readonly groups: readonly GroupMonth[];
  readonly sum: GroupsSum;
}
export interface ClosedLine {
  readonly id: string;
  readonly day: string;
  readonly reason: string;
  readonly whole: boolean;
}
export interface GroupTurns {
  readonly group: { readonly id: string; readonly number: number; readonly grid: string };
  readonly turns: readonly TurnLine[];
  readonly missing: readonly string[];
  readonly shops: readonly { readonly shop: Named; readonly turns: number; readonly centre: boolean }[];
  readonly month: MonthCount;
  readonly closed: readonly ClosedLine[];
  readonly leave: readonly { readonly id: string; readonly shop: Named; readonly first: string; readonly last: string; readonly state: "asked" | "granted" }[];
  readonly may: readonly string[];
}
export interface RotationJob extends SolverJob {
  readonly reason: Pair | null;
}
export interface RotationHead {
  readonly id: string;
  readonly number: string;
  readonly node: string;
  readonly name: Pair;
  readonly first: string;
  readonly last: string;
  readonly state: "draft" | "published" | "discarded";
  readonly job: RotationJob | null;
  readonly figures: { readonly spread: number; readonly baseline_spread: number; readonly proved: number; readonly groups: number; readonly turns: number; readonly oddities: number; readonly unknown_years: readonly number[] } | null;
  readonly made_by: Named | null;
  readonly made_at: string;
  readonly may: readonly string[];
}
export interface ShopLeave {
  readonly id: string;
  readonly shop: Named;
  readonly group: string | null;
  readonly first: string;
  readonly last: string;
  readonly reason: string;
  readonly state: Word;
  readonly answer: string;
  readonly turns: readonly string[];
  readonly may: readonly string[];
}
