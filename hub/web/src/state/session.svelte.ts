/** Who is logged in here. */
import { arm, del, get, phoned, post, Refusal, within } from "../api/http.ts";
import type { DemoLogin, Owed, Page, Pair, Session } from "../api/types.ts";
import { recall, remember } from "./prefs.svelte.ts";

const AGAIN_MS = 5_000;
const MARKET = "market";
/** Somebody logged out here and the hub has not heard it. */
const LEAVING = "leaving";

/** The market that was chosen, for as long as this tab is open. */
function kept(): string {
  try {
    return sessionStorage.getItem(MARKET) ?? "";
  } catch {
    return "";
  }
}
function keep(market: string): void {
  within(market);
  try {
    sessionStorage.setItem(MARKET, market);
  } catch {
    // a browser that keeps nothing asks again after a reload
  }
}

class Log {
  session: Session | null = $state.raw(null);
  demo: readonly DemoLogin[] = $state.raw([]);
  /** `asking` until the first answer; `away` when there was none; `choosing` a market, where there are several. */
  state: "asking" | "choosing" | "in" | "out" | "away" = $state("asking");
  /** Why there was no answer, or why the session is none. */
  why: Pair | null = $state.raw(null);
  /** What is asked for after the password. */
  readonly owed: Owed | undefined = $derived(this.session?.owed[0]);
  readonly display: boolean = $derived(this.session?.kind === "display");
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Whether a page is for whoever is signed in. */
  sees(page: Page): boolean {
    return this.session?.pages.includes(page) ?? false;
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      within(kept());
      if (recall("phone")) phoned(await (await import("../phone/phone.ts")).open());
      const session = await get<Session>("/api/session");
      if (!recall(LEAVING)) return this.take(session);
      arm(session.csrf);
      await del("/api/session");
      remember(LEAVING, "");
      this.out();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 404 && kept()) return this.choose(""); // the market is gone
      this.demo = error.demo;
      this.why = error.code === "session.none" || error.status === 0 ? null : error.words;
      this.state = error.status === 401 ? "out" : "away";
      // a wall that is switched on before the hub comes up by itself
      if (this.state === "out") remember(LEAVING, "");
      else this.#timer = setTimeout(() => this.state === "away" && void this.look(), AGAIN_MS);
    }
  }

  /** Raises the hub's Refusal when name or password is wrong. */
  async enter(user: string, password: string): Promise<void> {
    this.take(await post<Session>("/api/session", { user, password }));
  }

  /** At a display, whoever acts there leaves and the screen stays. What the hub could not hear is said once it can. */
  async leave(): Promise<void> {
    const heard = await del("/api/session").then(() => true, ({ status }: Refusal) => status === 401);
    if (!heard && !this.display) remember(LEAVING, "1");
    if (!this.display) this.out();
    await this.look();
  }

  /** The session has ended, here or there. */
  out(): void {
    this.session = null;
    this.state = "out";
  }

  /** The session as an answer gave it. */
  take(session: Session): void {
    arm(session.csrf);
    remember(LEAVING, "");
    this.session = session;
    if (session.kind === "half") this.state = "out";
    else this.#begin(session);
  }

  /** In this market, for as long as the tab is open. */
  async choose(market: string): Promise<void> {
    keep(market);
    await this.look();
  }

  /** Choose anew. The page is loaded again, so that nothing of the market before is left on it. */
  rechoose(): void {
    keep("");
    location.hash = "";
    location.reload();
  }

  #begin({ market, markets }: Session): void {
    const wanted = markets.length > 1 ? kept() : (markets[0]?.id ?? market.id);
    if (wanted === market.id) {
      if (kept() !== wanted) keep("");
      this.state = "in";
    } else if (markets.some(({ id }) => id === wanted)) void this.choose(wanted);
    else this.state = "choosing";
  }
}
export const log = new Log();
