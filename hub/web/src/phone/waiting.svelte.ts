/** What the pages show of the queue. */
import { counted, type Said } from "../core/said.ts";
import { me } from "./me.svelte.ts";

class Waiting {
  /** Sending broke off by itself. */
  stuck = false;
  /** All that this phone keeps, in order; whoever said it. */
  all: readonly Said[] = $state.raw([]);
  /** There is no hub now. */
  readonly away: boolean = $derived(me.away);
  readonly mine: readonly Said[] = $derived(this.all.filter(({ who }) => who === me.who));
  readonly items: readonly Said[] = $derived(this.mine.filter(({ state, market }) => state === "waiting" && market === me.market));
  /** These stay until the person puts them away. */
  readonly refused: readonly Said[] = $derived(this.mine.filter(({ state }) => state === "refused"));
  readonly count: number = $derived(this.items.length);
  readonly photos: number = $derived(new Set(this.items.flatMap(({ photos }) => photos)).size);
  /** How many of each kind, the most first. */
  readonly kinds = $derived(counted(this.items));
  /** Said here by somebody else, or in another market, who has to sign in there for it to go. */
  readonly others: number = $derived(this.all.filter(({ who, market, state }) => (who !== me.who || market !== me.market) && state === "waiting").length);

  /** Whether this phone said it and the hub has not judged yet. */
  has(id: string): boolean {
    return this.items.some((each) => each.id === id);
  }
}
export const waiting = new Waiting();
