/** Who is logged in here. */
import { arm, del, get, phoned, post, Refusal } from "../api/http.ts";
import type { DemoLogin, Owed, Page, Pair, Session } from "../api/types.ts";
import { recall } from "./prefs.svelte.ts";

const AGAIN_MS = 5_000;

class Log {
  session: Session | null = $state.raw(null);
  demo: readonly DemoLogin[] = $state.raw([]);
  /** `asking` until the first answer; `away` when there was none. */
  state: "asking" | "in" | "out" | "away" = $state("asking");
  /** Why there was no answer, or why the session is none. */
  why: Pair | null = $state.raw(null);
  /** What is asked for after the password. */
  readonly owed: Owed | undefined = $derived(this.session?.owed[0]);
  readonly display: boolean = $derived(this.session?.kind === "display");

  /** Whether a page is for whoever is signed in. */
  sees(page: Page): boolean {
    return this.session?.pages.includes(page) ?? false;
  }

  async look(): Promise<void> {
    try {
      if (recall("phone")) phoned(await (await import("../phone/phone.ts")).open());
      this.take(await get<Session>("/api/session"));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.demo = error.demo;
      this.why = error.code === "session.none" ? null : error.words;
      this.state = error.status === 401 ? "out" : "away";
      // a wall that is switched on before the hub comes up by itself
      if (this.state === "away") setTimeout(() => this.state === "away" && void this.look(), AGAIN_MS);
    }
  }

  /** Raises the hub's Refusal when name or password is wrong. */
  async enter(user: string, password: string): Promise<void> {
    this.take(await post<Session>("/api/session", { user, password }));
  }

  /** At a display, whoever acts there leaves and the screen stays. */
  async leave(): Promise<void> {
    await del("/api/session").catch(() => null);
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
    this.session = session;
    this.state = session.kind === "half" ? "out" : "in";
  }
}
export const log = new Log();
