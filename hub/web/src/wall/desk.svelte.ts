/** What the person at the wall is doing: the mode of the keys, the acts, and what became of them. */
import { post, Refusal } from "../api/http.ts";
import type { Alert, Dismissal, Emergency, Name, Pair } from "../api/types.ts";
import { timeOfDay } from "../core/clock.ts";
import { type Command, type Mode, reasonOf } from "../core/keys.ts";
import { IDLE_MS, isOpen, isUntaken, owner, step } from "../core/queue.ts";
import { horn } from "../state/horn.svelte.ts";
import { live } from "../state/live.svelte.ts";
import { code, name, recall, remember, t } from "../state/prefs.svelte.ts";
import { go, toCase } from "../state/route.svelte.ts";
import { hands, time } from "../state/time.svelte.ts";

const VIEWS = [0, 9, 16];
export const UNDO_MS = 10_000;

export interface Option {
  readonly key: number;
  readonly words: string;
  readonly more: string;
  readonly run: () => Promise<void>;
}
/** A question with what may be answered; `none` is said where there is nothing. */
export interface Offers {
  readonly question: string;
  readonly options: readonly Omit<Option, "key">[];
  readonly none: string;
}
/** What an answer can do. */
export interface Hand {
  act(id: string, act: string, body: object, words: string): Promise<boolean>;
  tell(id: string, act: () => Promise<string>): Promise<boolean>;
  fail(text: string): void;
}
interface Undo {
  readonly alert: string;
  readonly text: string;
  readonly until: number;
}
interface Word {
  readonly alert: string;
  readonly text: string;
}

class Desk {
  mode: Mode = $state("list");
  /** What D, M or G offers, by digit. */
  options: readonly Option[] = $state.raw([]);
  question = $state("");
  busy = $state(false);
  undo: Undo | null = $state.raw(null);
  /** What was done last, and what was refused; each stands with the alert it is about. */
  done: Word | null = $state.raw(null);
  failure: Word | null = $state.raw(null);
  replaying = $state(false);
  /** A camera picked on the plan; the large tile shows it until an alert is picked. */
  looking: string | null = $state(null);
  /** How many live tiles stand in the plan's place; 0: the plan. */
  view: number = $state(Number(recall("view")) || 0);
  /** The alert that owns the screen. It stays after it is taken, until the person leaves it. */
  urgent: string | null = $state(null);
  /** The alert that was last taken here: its screen stays while the person phones. */
  #mine: string | null = null;

  readonly #hand: Hand = {
    act: (id, act, body, words) => this.#do(id, act, body, words),
    tell: (id, act) => this.#tell(id, act),
    fail: (text) => this.#fail(text),
  };

  /** What was asked last, and its end. */
  #running: Command | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  readonly picked: Alert | null = $derived(live.alerts.get(this.urgent ?? live.line.picked ?? "") ?? null);
  readonly undoLeft: number = $derived(this.undo ? Math.max(0, Math.ceil((this.undo.until - time.now) / 1000)) : 0);

  /** Something stands in the line below the picked alert. */
  readonly saying: boolean = $derived(
    this.busy || this.undoLeft > 0 || [this.done, this.failure].some((word) => word !== null && word.alert === this.picked?.id) || !!this.picked?.case,
  );

  /** Let a P0 take the screen, and give it back when somebody else has taken the alert and nobody is at the keys here. */
  watch(now: number): void {
    const current = this.urgent ? live.alerts.get(this.urgent) : undefined;
    if (current && (isUntaken(current, now) || current.id === this.#mine || !hands.idle(IDLE_MS))) return;
    const next = owner(live.alerts, now)?.id ?? null;
    if (next === this.urgent) return;
    this.urgent = next;
    this.#plain();
    if (next && this.mode !== "list") this.leave();
  }

  pick(id: string): void {
    live.pick(id);
    this.looking = null;
    this.leave();
    this.#plain();
  }

  leave(): void {
    this.mode = "list";
    this.options = [];
  }

  /** A key pressed while an act is under way waits for it and is not lost; the same key again is the same act. */
  async run(command: Command): Promise<void> {
    if (!this.busy) return this.#run(command);
    if (command === this.#running) return;
    await this.#turn;
    return this.#run(command);
  }

  #run(command: Command): Promise<void> {
    const turn = this.#obey(command);
    this.#running = command;
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #obey(command: Command): Promise<void> {
    if (command.startsWith("call:")) return this.#call(command.slice(5) as Emergency);
    if (command.startsWith("pick:")) return this.choose(Number(command.slice(5)));
    const alert = this.picked;
    switch (command) {
      case "next": return this.#walk(1);
      case "back": return this.#walk(-1);
      case "show": return live.settle();
      case "help": this.mode = "help"; return;
      case "view": return remember("view", String((this.view = VIEWS[(VIEWS.indexOf(this.view) + 1) % VIEWS.length]!)));
      case "sound": return horn.press();
      case "leave": return this.#away();
      case "undo": return this.takeBack();
      case "replay": return this.#replay(alert);
      case "case": return alert?.case ? go(toCase(alert.case)) : this.#fail(t("fail.nocase"));
      case "take": return this.#decide(alert, (a) => this.#take(a));
      case "confirm": return this.#decide(alert, (a) => this.#confirm(a));
      case "dismiss": return this.#decide(alert, async () => this.#askReason());
      case "attach": return this.#decide(alert, (a) => this.#ask((from) => from.targets(a, this.#hand)));
      case "send": return alert ? this.#ask((from) => from.crews(alert, this.#hand)) : this.#fail(t("fail.nopick"));
    }
  }

  async choose(key: number): Promise<void> {
    const option = this.options.find((each) => each.key === key);
    if (!option) return;
    this.leave();
    await option.run();
  }

  async takeBack(): Promise<void> {
    const undo = this.undo;
    if (!undo || undo.until < time.exact()) return;
    await this.#do(undo.alert, "undo", {}, "");
    this.undo = null;
    this.done = null;
  }

  #walk(by: 1 | -1): void {
    const next = step(live.line, by).picked;
    if (next && next !== live.line.picked) this.pick(next);
  }

  #plain(): void {
    this.replaying = false;
    this.failure = null;
    if (this.undoLeft === 0) this.done = null;
  }

  #away(): void {
    if (this.mode !== "list") return this.leave();
    this.looking = null;
    this.replaying = false;
    const alert = this.urgent ? live.alerts.get(this.urgent) : null;
    // an untaken P0 keeps the screen: it can be taken or dismissed, never left
    if (alert && !isUntaken(alert, time.now)) {
      if (isOpen(alert)) live.pick(alert.id);
      this.urgent = owner(live.alerts, time.now)?.id ?? null;
    }
  }

  #replay(alert: Alert | null): void {
    if (!alert) return this.#fail(t("fail.nopick"));
    if (!alert.clip) return this.#fail(t("fail.noclip"));
    this.replaying = !this.replaying;
  }

  async #decide(alert: Alert | null, act: (alert: Alert) => Promise<void>): Promise<void> {
    if (!alert) return this.#fail(t("fail.nopick"));
    if (!isOpen(alert)) return this.#fail(t("fail.decided"));
    await act(alert);
  }

  async #take(alert: Alert): Promise<void> {
    await this.#do(alert.id, "take", {}, t("done.take"));
  }

  async #confirm(alert: Alert): Promise<void> {
    await this.#do(alert.id, "confirm", {}, t("done.confirm"));
  }

  #askReason(): void {
    this.mode = "dismiss";
    this.question = t("ask.dismiss");
    this.options = [1, 2, 3, 4, 5, 6].map((key) => {
      const reason = reasonOf(key)!;
      return { key, words: t(`reason.${reason}`), more: "", run: () => this.#dismiss(reason) };
    });
  }

  async #dismiss(reason: Dismissal): Promise<void> {
    const alert = this.picked;
    if (!alert) return;
    const words = t("done.dismiss", { kind: code("kind", alert.kind), reason: t(`reason.${reason}`) });
    if (await this.#do(alert.id, "dismiss", { reason }, words)) {
      this.undo = { alert: alert.id, text: words, until: time.now + UNDO_MS };
    }
  }

  /** Put a question whose answers are fetched after the wall is drawn. */
  async #ask(offer: (from: typeof import("./later/offers.ts")) => Offers | Promise<Offers>): Promise<void> {
    const from = await import("./later/offers.ts").catch(() => null);
    if (!from) return this.#fail(t("login.away"));
    const { question, options, none } = await offer(from);
    if (options.length === 0) return this.#fail(none);
    this.mode = "choose";
    this.question = question;
    this.options = options.map((option, i) => ({ ...option, key: i + 1 }));
  }

  async #call(number: Emergency): Promise<void> {
    const alert = this.picked;
    if (!alert) return this.#fail(t("fail.nopick"));
    await this.#do(alert.id, "call", { number }, t("done.call", { at: timeOfDay(time.exact()), n: number }));
  }

  /** One act on one alert; true when the hub took it. */
  async #do(id: string, act: string, body: object, words: string): Promise<boolean> {
    return this.#tell(id, async () => {
      const answer = await post<unknown>(`/api/alerts/${id}/${act}`, body);
      this.#learn(id, act, answer);
      if (act === "take" || act === "confirm") this.#mine = id;
      return words;
    });
  }

  async #tell(id: string, act: () => Promise<string>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      const text = await act();
      if (text) this.done = { alert: id, text };
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#fail(t("fail.no", { why: say(error.words) }), id);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** An answer may hold the alert itself, or only the case; the feed will tell the rest. */
  #learn(id: string, act: string, answer: unknown): void {
    const known = live.alerts.get(id);
    const whole = isAlert(answer) ? answer : isAlert((answer as { alert?: unknown } | null)?.alert) ? (answer as { alert: Alert }).alert : null;
    if (whole) live.put(whole);
    else if (known && act === "confirm") {
      const found = (answer as { case?: string | { id: string } } | null)?.case;
      live.put({ ...known, state: "CONFIRMED", case: (typeof found === "string" ? found : found?.id) ?? known.case });
    }
  }

  #fail(text: string, alert = this.picked?.id ?? ""): void {
    this.failure = { alert, text };
  }
}

const say = (words: Pair): string => name(words as Name);
const isAlert = (value: unknown): value is Alert => typeof value === "object" && value !== null && "severity" in value && "state" in value;

export const desk = new Desk();
