/** Asks the hub for the same again and again; what was there stays where it is when an answer fails. */
import { get, Refusal } from "../api/http.ts";
import type { Pair } from "../api/types.ts";
import { log } from "./session.svelte.ts";
import { time } from "./time.svelte.ts";

export class Poll<T> {
  value: T | null = $state.raw(null);
  failure: Pair | null = $state.raw(null);
  /** This machine's time of the last good answer. */
  #at: number | null = $state(null);
  /** The hub's, milliseconds. */
  readonly readAt: number | null = $derived(this.#at === null ? null : this.#at + (time.now - time.local));
  readonly #path: string;
  readonly #every: (value: T | null) => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** `every`: milliseconds until it is asked again, by what is known. */
  constructor(path: string, every: (value: T | null) => number) {
    this.#path = path;
    this.#every = every;
  }

  /** For an effect: begins, and returns how to stop. */
  run(): () => void {
    void this.read();
    return () => {
      this.#asked = -1;
      clearTimeout(this.#timer);
    };
  }

  /** Now; an answer that was overtaken by a later one is dropped. */
  async read(): Promise<void> {
    if (this.#asked < 0) return;
    const turn = ++this.#asked;
    clearTimeout(this.#timer);
    try {
      const found = await get<T>(this.#path);
      if (turn !== this.#asked) return;
      this.value = found;
      this.failure = null;
      this.#at = Date.now();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (turn !== this.#asked) return;
      if (error.status === 401) log.out();
      this.failure = error.words;
    }
    this.#timer = setTimeout(() => void this.read(), this.#every(this.value));
  }
}
