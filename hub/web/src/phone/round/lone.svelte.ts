/** The own timer, for the pages that show it. */
import { after, unheard } from "../../core/lone.ts";
import { me } from "../me.svelte.ts";
import { waiting } from "../waiting.svelte.ts";

class Alone {
  readonly #told = $derived(me.today?.patrol?.lone ?? null);
  /** As the hub has it. */
  readonly hub = $derived(after(this.#told, me.taken));
  /** As this phone has gone on. */
  readonly own = $derived(after(this.#told, [...me.taken, ...waiting.items]));
  /** What the hub does not know. */
  readonly unheard = $derived(unheard(this.hub, this.own));
  /** The hub did not take it; the newest. */
  readonly refused = $derived(waiting.refused.findLast(({ kind }) => kind === "lone") ?? null);
}
export const alone = new Alone();
