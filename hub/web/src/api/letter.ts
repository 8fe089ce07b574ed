/** Messages that could not be taken, as the hub says it over HTTP. */

export interface Letter {
  readonly id: string;
  readonly device: string | null;
  readonly topic: string;
  readonly reason: string;
  readonly received_at: string;
  /** Bytes of it that were kept. */
  readonly size: number;
}
export interface LetterPage extends Letter {
  /** What was sent, as text; never markup. */
  readonly payload: string;
  /** Whether this person may take it again or set it aside. */
  readonly may: boolean;
}
