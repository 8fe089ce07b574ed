/** The calls for help of this phone: sent at once and again, on whatever page one is, until the hub has answered. */
import { get, post, Refusal, slowly } from "../../api/http.ts";
import type { SosShown } from "../../api/sos.ts";
import { again, type Button, type Call, type KeptCall, ofSession, type Refused, revived, type Spot, tried } from "../../core/call.ts";
import { uuid7 } from "../../core/uuid.ts";
import { log } from "../../state/session.svelte.ts";
import { time } from "../../state/time.svelte.ts";
import { me } from "../me.svelte.ts";
import { store } from "../store.ts";
import { where } from "./where.svelte.ts";

/** Shorter than for any other act: a line that hangs is tried anew. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 2_000;
/** As often as an open call says where the phone is now. */
const HERE_MS = 10_000;
const WHERE = "/api/sos";

export type Sent = KeptCall<SosShown>;

const refused = (error: unknown): Refused | null => (error instanceof Refusal ? error : null);

/** Nothing more becomes of it. */
export const over = ({ state, receipt }: Sent): boolean => state === "refused" || Boolean(receipt?.closed);
/** A call is sent in a session and never in another's name; whose it was is not known where nobody was. */
const mine = ({ who }: Sent): boolean => log.state === "in" && (who === "" || who === me.who);

/** Sent in time; a session that the hub does not know, or no longer, is asked for anew. */
async function tell(call: Call): Promise<SosShown> {
  try {
    return await slowly<SosShown>(WHERE, call, PATIENCE_MS);
  } catch (error) {
    if (error instanceof Refusal && ofSession(error)) await log.look();
    throw error;
  }
}

class Calls {
  all: readonly Sent[] = $state.raw([]);
  /** Whether this phone can keep a call over a closed page. */
  keeps = $state(true);
  /** Those of whoever holds the phone; all while that is nobody. */
  readonly shown: readonly Sent[] = $derived(this.all.filter(({ who }) => !who || !me.who || who === me.who));
  /** Somebody still wants help. */
  readonly open: boolean = $derived(this.shown.some((sent) => !over(sent)));
  readonly #told = new Map<string, number>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #under = new Set<string>();
  #begun = false;

  /** Take up what was not answered before the page was closed. */
  async begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    try {
      const found = ((await (await store()).getAll("calls")) as readonly Sent[]).map(revived);
      this.all = [...found, ...this.all.filter(({ call }) => !found.some((old) => old.call.call === call.call))];
    } catch {
      this.keeps = false;
    }
    this.hurry();
  }

  /** What was over before it is put away. */
  make(button: Button, note: string, position: Spot | null): void {
    const call: Call = { call: uuid7(time.exact(), crypto.getRandomValues(new Uint8Array(10))), button, at: new Date(time.exact()).toISOString(), note, position };
    for (const old of this.shown) if (old.call.button === button && over(old)) this.away(old.call.call);
    this.#keep({ call, who: me.who, state: "sending", tries: 0, receipt: null, why: null });
    void this.#go(call.call);
  }

  /** Seen, and put away by whoever made it; what the hub has stays there. */
  away(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.all = this.all.filter(({ call }) => call.call !== id);
    void store().then((shelves) => shelves.delete("calls", id)).catch(() => (this.keeps = false));
  }

  #keep(kept: Sent): void {
    const others = this.all.filter(({ call }) => call.call !== kept.call.call);
    this.all = [...others, kept];
    void store().then((shelves) => shelves.put("calls", kept)).catch(() => (this.keeps = false));
  }

  /** There may be a way to the hub now. */
  hurry(): void {
    for (const { call } of this.all) void this.#go(call.call);
  }

  async #go(id: string): Promise<void> {
    const kept = this.all.find(({ call }) => call.call === id);
    if (!kept || this.#under.has(id)) return;
    clearTimeout(this.#timers.get(id));
    this.#under.add(id);
    const next = await (kept.state === "taken" ? this.#look(kept) : this.#send(kept)).finally(() => this.#under.delete(id));
    if (!next || !this.all.some(({ call }) => call.call === id)) return;
    this.#keep(next);
    const wait = next.state === "sending" ? again(next.tries) : next.state === "taken" && !next.receipt?.closed ? LOOK_MS : 0;
    if (wait) this.#timers.set(id, setTimeout(() => void this.#go(id), wait));
  }

  /** Without a session the hub takes nothing, so that is looked for first. */
  async #send(kept: Sent): Promise<Sent | null> {
    if (kept.state === "refused") return null;
    if (log.state === "away") await log.look();
    if (mine(kept)) return tried(kept, tell, refused);
    return log.state === "away" ? { ...kept, tries: kept.tries + 1 } : null;
  }

  /** Who has taken it meanwhile, and where the phone is now; while the hub is away, what was known stays. */
  async #look(kept: Sent): Promise<Sent | null> {
    if (!mine(kept)) return null;
    const path = `${WHERE}/${kept.call.call}`;
    const due = Date.now() - (this.#told.get(path) ?? 0) >= HERE_MS;
    try {
      if (where.spot && due) {
        this.#told.set(path, Date.now());
        return { ...kept, receipt: await post<SosShown>(`${path}/position`, where.spot) };
      }
      return { ...kept, receipt: await get<SosShown>(path) };
    } catch (error) {
      if (!refused(error)) throw error;
      return kept;
    }
  }
}
export const calls = new Calls();
