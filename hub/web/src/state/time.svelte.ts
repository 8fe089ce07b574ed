/** The hub's clock, once a second: a guard-room machine may be minutes off, a deadline may not. */
class Time {
  #offset = 0;
  now: number = $state(Date.now());
  /** This machine's own clock at the same tick. */
  local: number = $state(Date.now());

  constructor() {
    const tick = () => {
      this.now = this.exact();
      this.local = Date.now();
      setTimeout(tick, 1000 - (this.now % 1000));
    };
    tick();
  }

  /** Hub time this instant, milliseconds; `now` is the same, by the second, for what is on the screen. */
  exact(): number {
    return Date.now() + this.#offset;
  }

  /** Learn the hub's clock from an answer that took from `asked` (local) until now. */
  set(hub: string, asked: number): void {
    const middle = (asked + Date.now()) / 2;
    const offset = Date.parse(hub) - middle;
    if (Number.isFinite(offset)) this.#offset = Math.abs(offset - this.#offset) > 250 ? offset : this.#offset;
    this.now = this.exact();
  }
}
export const time = new Time();

class Hands {
  /** Local time of the last input by a person, milliseconds. */
  at = Date.now();

  constructor() {
    for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"]) {
      addEventListener(kind, () => (this.at = Date.now()), { passive: true, capture: true });
    }
  }

  idle(ms: number): boolean {
    return Date.now() - this.at >= ms;
  }
}
export const hands = new Hands();
