/** The market's plan, kept on the phone: it is read once a day and drawn without a network. */
import { get, Refusal } from "../../api/http.ts";
import type { Market } from "../../api/types.ts";
import { me } from "../me.svelte.ts";
import { keepAnswer, recalled } from "../store.ts";

const PLAN = "plan";
const GOOD_MS = 24 * 3_600_000;

class Plan {
  market: Market | null = $state.raw(null);
  #asked = "";

  /** Once a page and market, where it is first looked at. */
  async read(): Promise<void> {
    if (this.#asked === me.market) return;
    this.#asked = me.market;
    this.market = null;
    const kept = await recalled<Market>(PLAN).catch(() => null);
    if (kept?.value.id === me.market) this.market = kept.value;
    if (this.market && Date.now() - kept!.at < GOOD_MS) return;
    try {
      this.market = await get<Market>("/api/market");
      await keepAnswer(PLAN, Date.now(), this.market).catch(() => null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#asked = "";
    }
  }
}
export const plan = new Plan();
