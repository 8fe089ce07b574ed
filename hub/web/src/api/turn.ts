/** What the hub says of a group's turns. Days are the market's own dates. */
import type { Named, Word } from "./people.ts";
import type { Pair } from "./types.ts";

export interface TurnLine {
  readonly id: string;
  readonly day: string;
  readonly shop: Named | null;
  readonly buddy: Named | null;
  readonly mine: boolean;
  readonly fixed: boolean;
  readonly state: Word;
  /** Why nobody has it. */
  readonly why: Pair | null;
  /** With whom a swap is asked for. */
  readonly to: Named | null;
}
export interface TurnThing extends Pair {
  readonly id: "opening" | "noon" | "closing" | "buddy";
  /** The market's own time. */
  readonly by: string;
  readonly due: string;
  readonly done_at: string | null;
  readonly note: string;
  /** Whether whoever looks may tick it now. */
  readonly may: boolean;
}
export interface TurnToday extends TurnLine {
  readonly begins: string;
  readonly ends: string;
  readonly hours: readonly [begins: string, ends: string];
  readonly confirm_by: string;
  readonly confirmed_at: string | null;
  /** The own shop checks at closing. */
  readonly buddy_mine: boolean;
  readonly may: readonly string[];
}
export interface TurnGroup {
  readonly id: string;
  readonly number: number;
  readonly grid: Named;
  readonly shops: number;
  readonly centre: Named | null;
}
export interface MonthCount {
  readonly first: string;
  readonly last: string;
  readonly least: number;
  readonly most: number;
  readonly spread: number;
  readonly mine: number | null;
  readonly words: Pair;
}
export interface SwapTurn {
  readonly id: string;
  readonly day: string;
}
export interface TurnSwap {
  readonly id: string;
  readonly state: Word;
  readonly asker: Named;
  readonly asked: Named;
  readonly given: SwapTurn;
  readonly taken: SwapTurn | null;
  readonly note: string;
  readonly asked_at: string;
  readonly decided_at: string | null;
  /** What whoever looks may do now: agree, refuse, withdraw. */
  readonly may: readonly string[];
}
/** The day of a group; without a group all is empty. */
export interface GroupDay {
  readonly day: string;
  readonly group: TurnGroup | null;
  readonly shop: Named | null;
  readonly turn: TurnToday | null;
  readonly things: readonly TurnThing[];
  readonly week: readonly TurnLine[];
  readonly month: MonthCount | null;
  readonly next: SwapTurn | null;
  readonly swaps: readonly TurnSwap[];
}
/** A shop that could take a day. `turn`: what it would give; `month`: its turns of that month. */
export interface TurnPartner {
  readonly shop: Named;
  readonly turn: SwapTurn | null;
  readonly month: number;
  readonly may: boolean;
  readonly why: Pair | null;
}
export interface TurnPartners {
  readonly turn: TurnLine;
  readonly month: number;
  readonly partners: readonly TurnPartner[];
}
