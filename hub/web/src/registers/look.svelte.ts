/** A list whose question changes: what was found stays until the next answer is here. */
import { untrack } from "svelte";
import { Poll } from "../state/poll.svelte.ts";

const EVERY_MS = 30_000;

export class Look<T> {
  poll: Poll<T> = $state.raw(new Poll<T>("", () => EVERY_MS));
  /** What the last answer said, also while the next is awaited. */
  #last: T | null = $state.raw(null);
  readonly value: T | null = $derived(this.poll.value ?? this.#last);

  /** For an effect that reads what makes up `path`: asks, and returns how to stop. */
  ask(path: string): () => void {
    return untrack(() => {
      const poll = new Poll<T>(path, () => EVERY_MS);
      this.#last = this.value;
      this.poll = poll;
      return poll.run();
    });
  }

  /** Now, after something was changed. */
  again(): void {
    void this.poll.read();
  }
}

/** This machine's day, as the hub writes days. */
export const today = (): string => new Date().toLocaleDateString("sv");
/** A day that is not broken between its parts. */
export const whole = (day: string): string => day.replaceAll("-", "\u2011");
