/** A workroom's month on the desk: what holds or the draft of it, and what is done to it by hand. */
import { del, get, post, put, Refusal, slowly } from "../api/http.ts";
import { type CellEdited, type CoverCandidates, isSolving, monthUrl, type RosterCell, type RosterGap, type RosterGuard, type RosterMonth, rosterUrl, type SickShown } from "../api/roster.ts";
import { toldBy } from "../core/roster.ts";
import type { Pair } from "../api/types.ts";
import { Act } from "../state/act.svelte.ts";
import { log } from "../state/session.svelte.ts";

const EVERY_MS = 30_000;
const BUSY_MS = 1_000;
const SOLVE_SECONDS = 60;
const PATIENCE_MS = 30_000;

/** A shift that somebody is sought for; `absent` has it and cannot come. */
export interface Sought {
  readonly day: string;
  readonly shift: string;
  readonly absent: string | null;
}
/** What stands below the month. */
export type Pane = "gap" | "leave" | "cell" | "publish" | "read" | "loans";

export class Room {
  readonly grid: string;
  readonly name: string;
  draft = $state(false);
  month: RosterMonth | null = $state.raw(null);
  /** What holds, while the draft is looked at. */
  held: RosterMonth | null = $state.raw(null);
  failure: Pair | null = $state.raw(null);
  pane: Pane = $state("gap");
  /** The cell that keys act on: a person and a day, as numbers. */
  at: readonly [row: number, day: number] = $state.raw([0, 0]);
  /** What the last edit broke, opened and closed, and what the cell had before. */
  edited: { readonly found: CellEdited; readonly person: string; readonly day: string; readonly before: string | null; readonly after: string | null } | null = $state.raw(null);
  sick: SickShown | null = $state.raw(null);
  /** Which of the gaps to come stands in the bar. */
  gap = $state(0);
  sought: Sought | null = $state.raw(null);
  candidates: CoverCandidates | null = $state.raw(null);
  readonly act = new Act();
  readonly asking = new Act();
  readonly gaps: readonly RosterGap[] = $derived((this.month?.gaps ?? []).filter(({ past }) => !past));
  readonly busy = $derived(isSolving(this.month?.job ?? null));
  readonly told = $derived(this.month && this.draft ? toldBy(this.month, this.held) : []);
  readonly guard: RosterGuard | null = $derived(this.month?.people[this.at[0]] ?? null);
  readonly day: string = $derived(this.month?.days[this.at[1]]?.day ?? "");
  readonly cell: RosterCell | null = $derived(this.guard?.cells.find(({ day }) => day === this.day) ?? null);
  /** Whether the draft is to be read; what stands on the page is changed with it, never before. */
  #wants = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;
  #over = false;

  constructor(grid: string, name: string) {
    this.grid = grid;
    this.name = name;
  }

  /** For an effect: begins, and returns how to stop. */
  run(): () => void {
    void this.read();
    return () => {
      this.#over = true;
      clearTimeout(this.#timer);
    };
  }

  async read(): Promise<void> {
    if (this.#over) return;
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    try {
      const held = await get<RosterMonth>(monthUrl(this.grid, this.name, false));
      const drawn = this.#wants && held.draft ? await get<RosterMonth>(monthUrl(this.grid, this.name, true)) : null;
      if (turn !== this.#turn) return;
      const first = this.month === null;
      [this.held, this.failure, this.draft] = [held, null, drawn !== null];
      this.#wants = this.draft;
      this.#show(drawn ?? held);
      if (first) this.at = [0, Math.max(held.days.findIndex(({ today }) => today), 0)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (turn !== this.#turn) return;
      if (error.status === 401) log.out();
      this.failure = error.words;
    }
    if (!this.#over) this.#timer = setTimeout(() => void this.read(), this.busy ? BUSY_MS : EVERY_MS);
  }

  #show(month: RosterMonth): void {
    const was = this.month;
    this.month = month;
    this.gap = Math.min(this.gap, Math.max(this.gaps.length - 1, 0));
    if (was?.id !== month.id) this.seek(this.#first());
  }

  /** The gap that the bar names. */
  #first(): Sought | null {
    const gap = this.gaps[this.gap];
    return gap && this.month?.state === "published" ? { day: gap.day, shift: gap.shift, absent: null } : null;
  }

  /** Who could have a shift; null: nobody is sought. */
  seek(wanted: Sought | null): void {
    [this.sought, this.candidates] = [wanted, null];
    if (wanted) void this.ask();
  }
  async ask(): Promise<void> {
    const [wanted, id] = [this.sought, this.month?.id];
    if (!wanted || !id || !(log.session?.may.includes("duty.swap") ?? false)) return;
    const { day, shift, absent } = wanted;
    await this.asking.run(async () => {
      const found = await get<CoverCandidates>(rosterUrl(id, `/covers?day=${day}&shift=${shift}${absent ? `&absent=${absent}` : ""}`));
      if (this.sought === wanted) this.candidates = found;
    });
  }

  /** The gap after or before, round and round. */
  step(by: number): void {
    if (!this.gaps.length) return;
    this.gap = (this.gap + by + this.gaps.length) % this.gaps.length;
    this.pane = "gap";
    this.seek(this.#first());
  }
  showGap(): void {
    this.pane = "gap";
    this.seek(this.#first());
  }

  pick(row: number, day: number): void {
    [this.at, this.pane, this.sick] = [[row, day], "cell", null];
    this.act.done = "";
    this.act.failure = null;
  }

  async look(draft: boolean): Promise<void> {
    [this.#wants, this.edited] = [draft, null];
    // a cell that was picked meanwhile stays in hand
    if (this.pane !== "cell") this.pane = "gap";
    await this.read();
  }
  begin = (): Promise<boolean> => this.act.run(async () => {
    await post(`/api/rosters/${encodeURIComponent(this.grid)}`, { month: this.name });
    await this.look(true);
  });
  discard = (): Promise<boolean> => this.act.run(async () => {
    await del(rosterUrl(this.month!.id!, ""));
    await this.look(false);
  });
  /** Give the cell another shift, or none; what that breaks is known at once. */
  set = (shift: string | null): Promise<boolean> => this.#put(this.guard!.id, this.day, this.cell?.shift ?? null, shift);
  /** As it was before the last edit. */
  back = (): Promise<boolean> | false => this.edited !== null && this.#put(this.edited.person, this.edited.day, this.edited.after, this.edited.before);

  #put(person: string, day: string, before: string | null, after: string | null): Promise<boolean> {
    return this.act.run(async () => {
      try {
        const found = await put<CellEdited>(rosterUrl(this.month!.id!, "/cells"), { person, day, shift: after, keep: true }, this.month!.revision);
        [this.edited, this.pane] = [{ found, person, day, before, after }, "cell"];
        this.#show(found.month);
      } catch (error) {
        if (error instanceof Refusal && error.status === 409) void this.read();
        throw error;
      }
    });
  }
  solve = (): Promise<boolean> => this.act.run(async () => {
    this.edited = null;
    await post(rosterUrl(this.month!.id!, "/job"), { seconds: SOLVE_SECONDS });
    await this.read();
  });
  stop = (): Promise<boolean> => this.act.run(async () => {
    await del(rosterUrl(this.month!.id!, "/job"));
    await this.read();
  });
  publish = (done: string): Promise<boolean> => this.act.run(async () => {
    await post(rosterUrl(this.month!.id!, "/publish"), { gaps: this.gaps.length }, this.month!.revision);
    await this.look(false);
  }, done);
  /** Somebody cannot come on a day: their shift is a gap at once. */
  call = (): Promise<boolean> => this.act.run(async () => {
    this.sick = await slowly<SickShown>(rosterUrl(this.month!.id!, "/sick"), { person: this.guard!.id, days: [this.day] }, PATIENCE_MS);
    await this.read();
  });
  /** Ask those whom a change concerns. */
  cover = (absent: string | null, day: string, changes: readonly { readonly person: { readonly id: string }; readonly day: string; readonly after: string | null }[], done: string): Promise<boolean> =>
    this.asking.run(async () => {
      await post(rosterUrl(this.month!.id!, "/covers"), { absent, day, changes: changes.map(({ person, day: on, after }) => ({ person: person.id, day: on, after })) });
      await this.read();
      const wanted = this.sought;
      if (wanted) this.candidates = await get<CoverCandidates>(rosterUrl(this.month!.id!, `/covers?day=${wanted.day}&shift=${wanted.shift}${wanted.absent ? `&absent=${wanted.absent}` : ""}`));
    }, done);
  withdraw = (id: string): Promise<boolean> => this.asking.run(async () => {
    await del(`/api/covers/${id}`);
    await this.read();
  });
  answer = (id: string, how: "agree" | "decline"): Promise<boolean> => this.asking.run(async () => {
    await post(`/api/covers/${id}/${how}`);
    await this.read();
  });
}
