/** What a call for help would do, and which numbers are dialled beside it: as the hub last told it, also while it is away. */
import { get, Refusal } from "../../api/http.ts";
import type { SosAhead } from "../../api/sos.ts";
import { time } from "../../state/time.svelte.ts";
import { keepAnswer, recalled } from "../store.ts";

const AHEAD = "sos";

class Ahead {
  value: SosAhead | null = $state.raw(null);

  async read(): Promise<void> {
    try {
      this.value ??= (await recalled<SosAhead>(AHEAD))?.value ?? null;
      this.value = await get<SosAhead>("/api/sos");
      await keepAnswer(AHEAD, time.exact(), this.value);
    } catch (error) {
      // a phone that keeps nothing, or a hub that is away: what is known is shown
      if (!(error instanceof Refusal || error instanceof DOMException)) throw error;
    }
  }
}
export const ahead = new Ahead();
