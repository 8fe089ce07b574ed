/** Gathers what comes in a burst: the first is given at once, what follows together, at most once every `ms`. */
export class Gather<T> {
  #waiting: T[] = [];
  #next = 0;
  readonly #ms: number;
  readonly #give: (all: readonly T[]) => void;

  constructor(ms: number, give: (all: readonly T[]) => void) {
    this.#ms = ms;
    this.#give = give;
  }

  push(one: T): void {
    if (this.#waiting.push(one) === 1) setTimeout(() => this.#let(), Math.max(0, this.#next - performance.now()));
  }

  #let(): void {
    const all = this.#waiting;
    this.#waiting = [];
    this.#next = performance.now() + this.#ms;
    this.#give(all);
  }
}
