/** The ground of one day, as it was last read: today's until another is asked for. */
import { get, Refusal } from "../api/http.ts";
import type { Pair } from "../api/types.ts";
import { log } from "../state/session.svelte.ts";
import { time } from "../state/time.svelte.ts";
import { type DayMarket, type Floor, lay } from "./floor.ts";

const two = (n: number): string => String(n).padStart(2, "0");
/** A day as the hub writes it: 2026-12-01. */
export const dayOf = (ms: number): string => {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
};
/** So many days later; a day that is none stays as it is. */
export function later(day: string, days: number): string {
  const [y = NaN, m = NaN, d = NaN] = day.split("-").map(Number);
  const at = new Date(y, m - 1, d + days);
  return Number.isNaN(at.getTime()) ? day : dayOf(at.getTime());
}

export class Day {
  /** "" is today. */
  day = $state("");
  /** Today in the market, as the hub says; until it has, on this machine. */
  today = $state(dayOf(time.now));
  market: DayMarket | null = $state.raw(null);
  failure: Pair | null = $state.raw(null);
  busy = $state(false);
  readonly floor: Floor | null = $derived(this.market && lay(this.market));
  #asked = 0;

  /** An answer that was overtaken by a later one is dropped; what was there stays until there is another. */
  async read(day = this.day): Promise<void> {
    const turn = ++this.#asked;
    this.day = day === this.today ? "" : day;
    this.busy = true;
    try {
      const found = await get<DayMarket>(`/api/market${this.day && `?day=${this.day}`}`);
      if (turn !== this.#asked) return;
      if (!this.day) this.today = found.day;
      [this.market, this.failure] = [found, null];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (turn !== this.#asked) return;
      if (error.status === 401) log.out();
      this.failure = error.words;
    } finally {
      if (turn === this.#asked) this.busy = false;
    }
  }
}
