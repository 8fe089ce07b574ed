/** Who is logged in here. */
import { arm, del, get, post, Refusal } from "../api/http.ts";
import type { DemoLogin, Page, Pair, Session } from "../api/types.ts";

const AGAIN_MS = 5_000;

class Log {
  session: Session | null = $state.raw(null);
  demo: readonly DemoLogin[] = $state.raw([]);
  /** `asking` until the first answer; `away` when there was none. */
  state: "asking" | "in" | "out" | "away" = $state("asking");
  /** Why there was no answer. */
  why: Pair | null = $state.raw(null);

  /** Whether a page is for whoever is signed in. */
  sees(page: Page): boolean {
    return this.session?.pages.includes(page) ?? false;
  }

  async look(): Promise<void> {
    try {
      this.#take(await get<Session>("/api/session"));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.demo = error.demo;
      this.why = error.words;
      this.state = error.status === 401 ? "out" : "away";
      // a wall that is switched on before the hub comes up by itself
      if (this.state === "away") setTimeout(() => this.state === "away" && void this.look(), AGAIN_MS);
    }
  }

  /** Raises the hub's Refusal when name or password is wrong. */
  async enter(user: string, password: string): Promise<void> {
    const answer = await post<{ csrf: string }>("/api/session", { user, password });
    arm(answer.csrf);
    this.#take(await get<Session>("/api/session"));
  }

  async leave(): Promise<void> {
    await del("/api/session").catch(() => null);
    this.out();
    await this.look();
  }

  /** The session has ended, here or there. */
  out(): void {
    this.session = null;
    this.state = "out";
  }

  #take(session: Session): void {
    arm(session.csrf);
    this.session = session;
    this.state = "in";
  }
}
export const log = new Log();
