const HALF_MS = 10_000;

/**
 * How long pictures wait at this page: what they were under way beyond the quickest one of the last 10 to 20 s.
 *
 * An older one counts no more: the two clocks drift apart by seconds a day, and somebody may set the hub's.
 */
export class Lag {
  #least = Infinity;
  #before = Infinity;
  #since = -Infinity;

  /** Milliseconds; `arrived` by the hub's clock, `now` by this page's, wherever either begins to count. */
  of(arrived: number, now: number): number {
    const passed = now - this.#since;
    if (passed >= HALF_MS) {
      this.#before = passed < 2 * HALF_MS ? this.#least : Infinity;
      this.#least = Infinity;
      this.#since = now;
    }
    const between = now - arrived;
    this.#least = Math.min(this.#least, between);
    return between - Math.min(this.#least, this.#before);
  }
}
