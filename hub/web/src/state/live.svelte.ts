/** What the hub last said: the snapshot of the wall, and the feed on top of it. One a page, whatever screen is shown. */
import { type FeedEvent, listen } from "../api/feed.ts";
import { get, Refusal, troubleOf, warned } from "../api/http.ts";
import type { Alert, CameraState, CaseCard, Market, Pair, WallPage } from "../api/types.ts";
import { Gather } from "../core/gather.ts";
import { draw, type Drawing } from "../core/plan.ts";
import { type Alerts, arrive, EMPTY, IDLE_MS, isOpen, type Line, settle } from "../core/queue.ts";
import { type Pulse, quiet } from "./quiet.svelte.ts";
import { log } from "./session.svelte.ts";
import { hands, time } from "./time.svelte.ts";

/** A flood draws the page at most once in so many milliseconds. */
const BATCH_MS = 40;
const ASK_AFTER_MS = 10_000;

type CaseEar = (card: CaseCard) => void;

class Live {
  alerts: Alerts = $state.raw(new Map());
  line: Line = $state.raw(EMPTY);
  cameras: ReadonlyMap<string, CameraState> = $state.raw(new Map());
  page: WallPage | null = $state.raw(null);
  market: Market | null = $state.raw(null);
  drawing: Drawing | null = $derived(this.market ? draw(this.market) : null);
  failure: Pair | null = $state.raw(null);

  #ears = new Set<CaseEar>();
  #heard = new Gather<FeedEvent>(BATCH_MS, (events) => this.#apply(events));
  #stop: (() => void) | null = null;
  #beat: ReturnType<typeof setInterval> | null = null;
  #asking = false;

  async start(): Promise<void> {
    this.stop();
    quiet.begin();
    const beat = setInterval(() => this.#tend(), 1000);
    this.#beat = beat;
    await Promise.all([this.reload(), this.#map()]);
    if (this.#beat !== beat) return; // stopped meanwhile, or started anew
    if (!log.sees("wall") && !log.sees("letters")) return quiet.deny();
    this.#stop = listen("/api/feed", this.page?.seq ?? 0, {
      heard: () => quiet.heard(),
      event: (event) => (event.event === "pulse" ? this.#pulse(JSON.parse(event.data) as Pulse) : this.#heard.push(event)),
      lost: (status, code) => this.#lost(status, code),
    });
  }

  stop(): void {
    this.#stop?.();
    if (this.#beat) clearInterval(this.#beat);
    this.#stop = null;
    this.#beat = null;
    quiet.deny();
  }

  /** The whole wall anew; what it says replaces what the feed had added. */
  async reload(): Promise<void> {
    if (this.#asking || !log.sees("wall")) return;
    this.#asking = true;
    const asked = Date.now();
    try {
      const page = await get<WallPage>("/api/wall");
      time.set(page.now, asked);
      quiet.heard();
      this.failure = null;
      this.#take(page);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) log.out();
      else this.failure = error.words;
    } finally {
      this.#asking = false;
    }
  }

  /** Put the list in order: what waits comes in, what is finished leaves. */
  settle(): void {
    this.line = settle(this.alerts, this.line);
    this.alerts = new Map([...this.alerts].filter(([id, alert]) => isOpen(alert) || id === this.line.picked));
  }

  pick(id: string): void {
    this.line = { ...this.line, picked: id };
  }

  /** An alert as the hub gave it in an answer, before the feed tells it too. */
  put(alert: Alert): void {
    const known = this.alerts.get(alert.id);
    if (known && known.version > alert.version) return;
    this.alerts = new Map(this.alerts).set(alert.id, alert);
    this.line = arrive(this.alerts, this.line, alert, hands.idle(IDLE_MS));
  }

  /** Hear of every case that changes; returns how to stop. */
  cases(ear: CaseEar): () => void {
    this.#ears.add(ear);
    return () => this.#ears.delete(ear);
  }

  async #map(): Promise<void> {
    try {
      this.market = await get<Market>("/api/market");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.failure = error.words;
    }
  }

  #pulse(pulse: Pulse): void {
    quiet.pulse(pulse);
    // who has no wall learns the hub's clock here
    if (!this.page) time.set(pulse.at, Date.now());
  }

  #lost(status: number, code: string): void {
    const part = troubleOf(code);
    if (part) quiet.warn(part);
    if (status === 401) log.out();
    if (status === 403) quiet.deny();
  }

  #take(page: WallPage): void {
    this.page = page;
    this.cameras = new Map(page.cameras.map((camera) => [camera.id, camera]));
    const first = this.alerts.size === 0;
    const fresh = new Map(page.alerts.map((alert) => [alert.id, alert]));
    for (const [id, alert] of this.alerts) {
      // gone from the snapshot, so decided elsewhere: its row stays where it is until the list is settled
      if (!fresh.has(id) && this.line.order.includes(id)) fresh.set(id, isOpen(alert) ? { ...alert, state: "EXPIRED" } : alert);
    }
    this.alerts = fresh;
    if (first) this.settle();
    else for (const alert of page.alerts) this.line = arrive(this.alerts, this.line, alert, hands.idle(IDLE_MS));
  }

  #apply(events: readonly FeedEvent[]): void {
    const alerts = new Map(this.alerts);
    const cameras = new Map(this.cameras);
    const changed: Alert[] = [];
    for (const { event, data } of events) {
      if (event === "resync") void this.reload();
      else if (event === "alert") changed.push(JSON.parse(data) as Alert);
      else if (event === "camera") ((camera: CameraState) => cameras.set(camera.id, camera))(JSON.parse(data));
      else if (event === "case") ((card: CaseCard) => this.#ears.forEach((ear) => ear(card)))(JSON.parse(data));
      else if (event === "wall" && this.page) this.page = { ...this.page, ...(JSON.parse(data) as Partial<WallPage>) };
    }
    for (const alert of changed) if ((alerts.get(alert.id)?.version ?? -1) <= alert.version) alerts.set(alert.id, alert);
    this.cameras = cameras;
    this.alerts = alerts;
    const idle = hands.idle(IDLE_MS);
    for (const alert of changed) this.line = arrive(alerts, this.line, alert, idle);
  }

  #tend(): void {
    if (quiet.heardMs > ASK_AFTER_MS && !this.#asking) {
      void this.reload();
      if (!this.market) void this.#map();
    }
    const restless = this.line.held.length > 0 || this.line.order.some((id) => !isOpen(this.alerts.get(id)!));
    if (restless && hands.idle(IDLE_MS)) this.settle();
  }
}
export const live = new Live();
warned((part) => quiet.warn(part));
