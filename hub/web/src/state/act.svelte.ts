/** One act of a form: busy while it runs; what was refused, and what was done, stand beside the place where it was pressed. */
import { untrack } from "svelte";
import { Refusal } from "../api/http.ts";
import type { Pair } from "../api/types.ts";
import { log } from "./session.svelte.ts";

export class Act {
  busy = $state(false);
  failure: Pair | null = $state.raw(null);
  done = $state("");

  /** True when it was done; `done` is then said. A second press while it runs is none. */
  async run(work: () => Promise<unknown>, done = ""): Promise<boolean> {
    // an effect that acts must not act again because it acted
    if (untrack(() => this.busy)) return false;
    this.busy = true;
    this.failure = null;
    this.done = "";
    try {
      await work();
      this.done = done;
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.failure = error.words;
      if (error.code === "session.none") log.out();
      return false;
    } finally {
      this.busy = false;
    }
  }
}
