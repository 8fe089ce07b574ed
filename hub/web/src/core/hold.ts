/** The button that is held: full after three seconds, and letting go before that leaves no trace. */

export const HOLD_MS = 3_000;

export interface Held {
  /** 0..1, how much of the ring is filled. */
  readonly share: number;
  /** Whole seconds that are still to be held; 0 once it is full. */
  readonly left: number;
  readonly full: boolean;
}

const NONE: Held = { share: 0, left: HOLD_MS / 1000, full: false };

/** A press that began at `since`, milliseconds, as it stands at `now`; nothing is held without a beginning. */
export function held(since: number | null, now: number): Held {
  if (since === null) return NONE;
  const ms = Math.min(Math.max(now - since, 0), HOLD_MS);
  return { share: ms / HOLD_MS, left: Math.ceil((HOLD_MS - ms) / 1000), full: ms === HOLD_MS };
}

/** One button under one finger or key: `look` says once that it is full, and never after it was let go. */
export class Hold {
  #since: number | null = null;
  #said = false;
  readonly #full: () => void;

  constructor(full: () => void) {
    this.#full = full;
  }

  /** A key that repeats and a second finger begin nothing anew. */
  press(now: number): void {
    this.#since ??= now;
  }

  release(): void {
    this.#since = null;
    this.#said = false;
  }

  look(now: number): Held {
    const found = held(this.#since, now);
    if (found.full && !this.#said) {
      this.#said = true;
      this.#full();
    }
    return found;
  }
}
