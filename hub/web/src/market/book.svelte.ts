/** The plans of the market, its versions, and the one plan that is looked at. */
import { del, get, post, put, Refusal } from "../api/http.ts";
import { type Edited, isBusy, type Move, type NewPlan, type PlanHead, type PlanJob, type PlanPage, planUrl, type Version } from "../api/plan.ts";
import type { Pair } from "../api/types.ts";
import { Poll } from "../state/poll.svelte.ts";
import { log } from "../state/session.svelte.ts";

const LIST_MS = 20_000;
const JOB_MS = 1_000;
const UNDER_WAY = new Set(["draft", "submitted", "approved"]);

export class Book {
  readonly heads = new Poll<readonly PlanHead[]>("/api/plans", () => LIST_MS);
  readonly versions = new Poll<readonly Version[]>("/api/versions", () => LIST_MS);
  plan: PlanPage | null = $state.raw(null);
  /** How the solver of the plan stands. */
  job: PlanJob | null = $state.raw(null);
  failure: Pair | null = $state.raw(null);
  /** Before each move by hand, what the draft was. */
  steps: readonly PlanPage["changes"][] = $state.raw([]);
  readonly underWay = $derived((this.heads.value ?? []).filter(({ state }) => UNDER_WAY.has(state)));
  readonly over = $derived((this.heads.value ?? []).filter(({ state }) => !UNDER_WAY.has(state)));
  #id = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** For an effect: reads the lists again and again until what it returns is called. */
  run(): () => void {
    const stops = [this.heads.run(), this.versions.run()];
    return () => {
      clearTimeout(this.#timer);
      this.#id = "";
      for (const stop of stops) stop();
    };
  }

  /** Look at a plan; "" at none. */
  async open(id: string): Promise<void> {
    if (id !== this.#id) [this.plan, this.job, this.failure, this.steps] = [null, null, null, []];
    this.#id = id;
    clearTimeout(this.#timer);
    if (id) await this.read();
  }

  /** The plan anew. */
  async read(): Promise<void> {
    const id = this.#id;
    try {
      const found = await get<PlanPage>(planUrl(id));
      if (id === this.#id) this.take(found);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) log.out();
      if (id === this.#id) this.failure = error.words;
    }
  }

  /** The plan as an answer gave it; while its solver works, it is asked again and again. */
  take(plan: PlanPage): void {
    [this.plan, this.job, this.failure] = [plan, plan.job, null];
    clearTimeout(this.#timer);
    if (isBusy(plan.job)) this.#timer = setTimeout(() => void this.#ask(plan.id), JOB_MS);
    void this.heads.read();
  }

  async #ask(id: string): Promise<void> {
    try {
      const job = await get<PlanJob | null>(planUrl(id, "/job"));
      if (id !== this.#id) return;
      this.job = job;
      this.failure = null;
      if (!isBusy(job)) return await this.read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (id !== this.#id) return;
      this.failure = error.words;
      if (error.status === 404) return;
    }
    this.#timer = setTimeout(() => void this.#ask(id), JOB_MS);
  }

  /** A new plan's id. */
  make = async (wanted: NewPlan): Promise<string> => (await post<{ readonly id: string }>("/api/plans", wanted)).id;
  stop = async (): Promise<void> => void (this.job = await del<PlanJob | null>(planUrl(this.#id, "/job")));
  again = async (): Promise<void> => {
    await post(planUrl(this.#id, "/job"));
    await this.read();
  };
  act = async (act: "submit" | "withdraw" | "approve"): Promise<void> => this.take(await post<PlanPage>(planUrl(this.#id, `/${act}`)));
  because = async (act: "reject" | "undo", reason: string): Promise<void> => this.take(await post<PlanPage>(planUrl(this.#id, `/${act}`), { reason }));
  async call(title: string, effective: string): Promise<void> {
    await put(planUrl(this.#id), { title, effective });
    await this.read();
  }
  async discard(): Promise<void> {
    await del(planUrl(this.#id));
    await this.heads.read();
  }

  /** What moves would break; nothing is changed. */
  attempt = (moves: readonly Move[]): Promise<Edited> => post<Edited>(planUrl(this.#id, "/moves"), { moves, keep: false }, this.plan!.revision);

  /** Move for good, as far as the draft goes; `step`: so that Z takes it back. */
  async move(moves: readonly Move[], step = true): Promise<void> {
    const before = this.plan!;
    const made = await post<Edited>(planUrl(this.#id, "/moves"), { moves, keep: true }, before.revision);
    if (this.plan !== before) return;
    this.steps = step ? [...this.steps, before.changes] : this.steps.slice(0, -1);
    this.plan = { ...before, ...made };
    await this.read();
  }
}
