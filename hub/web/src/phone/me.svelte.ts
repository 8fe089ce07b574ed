/** Who carries this phone, and what today is for them: as the hub last told it, also while it is away. */
import { get, Refusal } from "../api/http.ts";
import type { Today } from "../api/phone.ts";
import type { MarketName, Person } from "../api/types.ts";
import type { Said } from "../core/said.ts";
import { recall, remember } from "../state/prefs.svelte.ts";
import { log } from "../state/session.svelte.ts";
import { time } from "../state/time.svelte.ts";
import { ahead } from "./help/ahead.svelte.ts";
import { forget, keepAnswer, recalled } from "./store.ts";

interface Who {
  readonly person: Person;
  readonly market: MarketName;
}
const WHO = "who";
const TODAY = "today";
const TAKEN = "taken";
const OFFSET = "offset";
const AGAIN_MS = 60_000;
const MOST_TAKEN = 200;
/** Milliseconds from this phone's clock to the hub's, as an earlier page learnt it; no number where none did. */
const learnt = (): number => Number(recall(OFFSET) || NaN);

class Me {
  #kept: Who | null = $state.raw(null);
  readonly is: Who | null = $derived(log.session && log.state === "in" ? log.session : this.#kept);
  /** The person's id; nothing for nobody. */
  readonly who: string = $derived(this.is?.person.id ?? "");
  readonly market: string = $derived(this.is?.market.id ?? "");
  readonly roles: readonly string[] = $derived(this.is?.person.roles ?? []);
  /** Whether this person walks rounds. */
  readonly walks: boolean = $derived(this.roles.some((role) => role === "guard" || role === "leader"));
  today: Today | null = $state.raw(null);
  /** Hub time of that answer, milliseconds. */
  readAt: number | null = $state(null);
  /** What the hub has taken since that answer, which therefore does not know of it. */
  taken: readonly Said[] = $state.raw([]);
  /** The last try found no hub. */
  #away = $state(!navigator.onLine);
  readonly away: boolean = $derived(this.#away || log.state === "away");
  /** Whether what was kept has been looked at. */
  ready = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What was kept, before the hub is asked. */
  async begin(): Promise<void> {
    const offset = learnt();
    if (Number.isFinite(offset)) time.set(new Date(Date.now() + offset).toISOString(), Date.now());
    try {
      this.#kept = (await recalled<Who>(WHO))?.value ?? null;
      const kept = await recalled<Today>(TODAY);
      if (kept && !this.today) [this.today, this.readAt] = [kept.value, kept.at];
      this.taken = (await recalled<readonly Said[]>(TAKEN))?.value ?? [];
    } finally {
      this.ready = true;
    }
  }

  /** For an effect, while somebody is signed in: keeps who that is and asks for today again and again. */
  run(): () => void {
    const { person, market } = log.session!;
    if (this.#kept && (this.#kept.person.id !== person.id || this.#kept.market.id !== market.id)) this.#clear();
    this.#kept = { person, market };
    void keepAnswer(WHO, time.exact(), { person, market }).catch(() => null);
    void this.read();
    return () => clearTimeout(this.#timer);
  }

  /** Today as it is now. */
  async read(): Promise<void> {
    clearTimeout(this.#timer);
    const asked = Date.now();
    const before = new Set(this.taken);
    try {
      const today = await get<Today>("/api/phone/today");
      this.learn(today.now, asked);
      this.heard(true);
      this.today = today;
      this.taken = this.taken.filter((each) => !before.has(each));
      this.readAt = time.exact();
      await Promise.all([keepAnswer(TODAY, this.readAt, today), this.#keepTaken()]).catch(() => null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) log.out();
      this.heard(error.status !== 0);
    }
    this.#timer = setTimeout(() => void this.read(), AGAIN_MS);
  }

  /** These have their receipt. */
  async took(said: readonly Said[]): Promise<void> {
    this.taken = [...this.taken, ...said].slice(-MOST_TAKEN);
    await this.#keepTaken();
  }

  #keepTaken(): Promise<void> {
    return keepAnswer(TAKEN, time.exact(), this.taken);
  }

  /** Whether the hub answered, whatever it said. */
  heard(answered: boolean): void {
    this.#away = !answered;
  }

  /** The hub's clock, from an answer to what was asked at `asked`, this phone's milliseconds. */
  learn(now: string, asked: number): void {
    time.set(now, asked);
    remember(OFFSET, String(time.exact() - Date.now()));
  }

  /** Milliseconds from this phone's clock to the hub's; none while the hub was never heard. */
  get offset(): number | null {
    return Number.isFinite(learnt()) || this.today ? time.exact() - Date.now() : null;
  }

  /** The session is over: nothing of the person stays but what was said and not sent. */
  async end(): Promise<void> {
    this.#kept = null;
    this.#clear();
    await forget().catch(() => null);
  }

  #clear(): void {
    [this.today, this.readAt, this.taken] = [null, null, []];
    ahead.value = null;
  }
}
export const me = new Me();
