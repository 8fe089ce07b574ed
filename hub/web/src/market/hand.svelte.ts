/** Moves by hand on a draft: which shops are picked, where they are to go, what that would break. */
import type { Broken, Edited, Move } from "../api/plan.ts";
import { Act } from "../state/act.svelte.ts";
import type { Book } from "./book.svelte.ts";
import { back } from "./draft.ts";
import type { Cell, Floor } from "./floor.ts";

const key = ({ rule, subject }: Broken): string => `${rule} ${subject}`;

export class Hand {
  /** Ids of the shops that are picked. */
  chosen: ReadonlySet<string> = $state.raw(new Set());
  /** Whether a drag on the plan picks. */
  banding = $state(false);
  /** Whether digits choose the grid they go to. */
  aiming = $state(false);
  grid = $state("");
  /** "" is the nearest group, `new` one of their own. */
  group = $state("");
  tried: Edited | null = $state.raw(null);
  readonly act = new Act();
  readonly trial = new Act();
  readonly #book: Book;
  #turn = 0;

  constructor(book: Book) {
    this.#book = book;
  }

  /** Rules that the move would break, those that it brings first. */
  readonly broken: readonly (Broken & { readonly brings: boolean })[] = $derived.by(() => {
    const now = new Set((this.#book.plan?.broken ?? []).map(key));
    return (this.tried?.broken ?? []).map((rule) => ({ ...rule, brings: !now.has(key(rule)) })).sort((one, other) => Number(other.brings) - Number(one.brings));
  });

  /** In or out of what is picked: out when all of them are in. */
  toggle(cells: readonly Cell[]): void {
    const ids = cells.map(({ id }) => id);
    const out = ids.every((id) => this.chosen.has(id));
    this.#pick(out ? [...this.chosen].filter((id) => !ids.includes(id)) : [...this.chosen, ...ids]);
  }
  catch(cells: readonly Cell[]): void {
    this.#pick([...this.chosen, ...cells.map(({ id }) => id)]);
  }
  clear(): void {
    this.aiming = false;
    [this.grid, this.group] = ["", ""];
    this.#pick([]);
  }
  /** The whole groups of what is picked. */
  widen(floor: Floor): void {
    const groups = new Set([...this.chosen].map((id) => floor.at.get(id)?.group ?? -1));
    this.catch(floor.cells.filter(({ group }) => group >= 0 && groups.has(group)));
  }
  #pick(ids: readonly string[]): void {
    this.chosen = new Set(ids);
    this.act.done = "";
    void this.attempt();
  }

  to(grid: string, group = ""): void {
    [this.grid, this.group] = [grid, group];
    void this.attempt();
  }
  get #moves(): Move[] {
    return [{ shops: [...this.chosen], grid: this.grid, group: this.group || null }];
  }
  /** What the move would break, asked at once; an answer that was overtaken is dropped. */
  async attempt(): Promise<void> {
    const turn = ++this.#turn;
    this.tried = null;
    this.trial.failure = null;
    if (!this.grid || this.chosen.size === 0) return;
    try {
      const found = await this.#book.attempt(this.#moves);
      if (turn === this.#turn) this.tried = found;
    } catch (error) {
      if (turn !== this.#turn) return;
      await this.trial.run(() => Promise.reject(error as Error));
    }
  }
  /** True when they were moved; not before it is said what that breaks. What is picked meanwhile stays picked. */
  async go(done: string): Promise<boolean> {
    if (!this.tried) return false;
    const gone = this.chosen;
    const moved = await this.act.run(() => this.#book.move(this.#moves), done);
    if (!moved) return false;
    this.aiming = false;
    this.chosen = new Set([...this.chosen].filter((id) => !gone.has(id)));
    [this.grid, this.group, this.tried] = ["", "", null];
    return true;
  }
  /** `floor`: as it is drawn now. */
  async undo(floor: Floor, done: string): Promise<void> {
    const { plan, steps } = this.#book;
    const earlier = steps.at(-1);
    if (!plan || !earlier) return;
    const moves = back(plan.changes, earlier, new Set(floor.groups.map(({ id }) => id)));
    if (moves.length) await this.act.run(() => this.#book.move(moves, false), done);
  }
}
