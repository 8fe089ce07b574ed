/** The round at hand, as the hub knew it and as this phone has gone on since. */
import { lastOf, nextOf, steps } from "../../core/round.ts";
import { me } from "../me.svelte.ts";
import { waiting } from "../waiting.svelte.ts";

class Walk {
  readonly round = $derived(me.today?.patrol?.round ?? null);
  readonly #said = $derived([...me.taken, ...waiting.items]);
  readonly steps = $derived(this.round ? steps(this.round, this.#said) : []);
  readonly next = $derived(nextOf(this.steps));
  readonly last = $derived(lastOf(this.steps, this.next?.place ?? this.steps.length));
  readonly seen: number = $derived(this.steps.filter(({ state }) => state === "seen").length);
  readonly skipped = $derived(this.steps.filter(({ state }) => state === "skipped"));
  /** The walker has said here that it is over. */
  readonly ended: boolean = $derived(this.#said.some(({ kind, body }) => kind === "end" && body.round === this.round?.id));
}
export const walk = new Walk();
