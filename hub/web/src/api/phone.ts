/** What the hub tells a phone. */
import type { Name, Pair } from "./types.ts";

/** The day of whoever carries the phone. */
export interface Today {
  /** The hub's clock. */
  readonly now: string;
  readonly round: RoundToday | null;
}
export interface RoundPoint {
  readonly checkpoint: string;
  readonly number: number;
  readonly name: Name;
  readonly x: number;
  readonly y: number;
}
export interface RoundToday {
  readonly id: string;
  readonly name: Name;
  readonly grid: Name;
  readonly points: readonly RoundPoint[];
}
export type Why = Pair;
