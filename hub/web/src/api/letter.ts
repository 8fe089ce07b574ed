/** Messages that could not be taken, as the hub says it over HTTP. */
import type { Pair } from "./types.ts";

/** Waits for somebody; is being tried again; took effect in the end; put away. */
export type LetterState = "open" | "again" | "taken" | "dropped";
export interface Letter {
  readonly id: string;
  readonly device: string | null;
  readonly topic: string;
  readonly reason: string;
  /** Bytes, as it came. */
  readonly size: number;
  readonly received_at: string;
  readonly state: LetterState;
  /** Who decided, and when. */
  readonly person: Pair | null;
  readonly decided_at: string | null;
}
export interface LetterPage extends Letter {
  /** What was sent, as text; never markup. */
  readonly payload: string;
  /** Only its beginning is shown. */
  readonly cut: boolean;
  readonly acts: readonly ("retry" | "drop")[];
}
export interface Letters {
  readonly letters: readonly Letter[];
  readonly counts: Readonly<Record<LetterState, number>>;
}
