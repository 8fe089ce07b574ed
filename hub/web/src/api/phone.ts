/** What the hub tells a phone. */
import type { OwnDay } from "./duty.ts";
import type { GroupDay } from "./turn.ts";
import type { Name, Pair } from "./types.ts";

export interface Word extends Pair {
  readonly id: string;
}
export interface RoundPoint {
  readonly checkpoint: string;
  readonly number: number;
  readonly name: Pair;
  readonly x: number;
  readonly y: number;
  readonly key: boolean;
  /** SHA-256 of its NFC tag's number. */
  readonly tag: string | null;
  /** Whether a position proves that one is there. */
  readonly fence: boolean;
  /** When one should be there. */
  readonly by: string;
  readonly visited_at: string | null;
  /** Why it could not be reached. */
  readonly skipped: string | null;
}
export interface RoundShort {
  readonly id: string;
  readonly kind: Word;
  readonly name: Pair;
  readonly grid: string;
  readonly state: Word;
  readonly due_at: string;
  readonly closes_at: string;
  /** It may be begun or walked now. */
  readonly open: boolean;
  readonly started_at: string | null;
  readonly started_by: string | null;
  readonly count: number;
  readonly reached: number;
}
export interface RoundTold extends RoundShort {
  /** In their order, once it was begun. */
  readonly points: readonly RoundPoint[] | null;
}
export interface LoneTold {
  readonly minutes: number;
  readonly due_at: string;
  readonly state: string;
  readonly alert: string | null;
}
export interface PatrolToday {
  readonly round: RoundTold | null;
  readonly rounds: readonly RoundShort[];
  readonly lone: LoneTold | null;
  /** Why a point could not be reached. */
  readonly reasons: readonly Word[];
  readonly checklist: readonly Word[];
}
export interface PhoneMe {
  readonly id: string;
  readonly name: Name;
  readonly roles: readonly Word[];
  readonly armband: string | null;
  readonly grid: Word | null;
  readonly group: Word | null;
  readonly shop: Word | null;
}
/** The day of whoever carries the phone; a part that says nothing to this person is none. */
export interface Today {
  /** The hub's clock. */
  readonly now: string;
  readonly me: PhoneMe;
  readonly duty: OwnDay | null;
  readonly turn: GroupDay | null;
  readonly patrol: PatrolToday | null;
  readonly unread: number;
}
