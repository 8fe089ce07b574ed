/**
 * A call for help on its way to the hub: kept on the phone before it is sent, sent at once and again under the same id
 * until the hub has answered, over closed pages and flight mode. It is put away only by whoever made it.
 */

export type Button = "sos" | "help";

export interface Spot {
  readonly lat: number;
  readonly lon: number;
  readonly accuracy_m: number;
}

/** What is sent, the same however often. */
export interface Call {
  readonly call: string;
  readonly button: Button;
  readonly at: string;
  readonly note: string;
  readonly position: Spot | null;
}

/** `sending`: no answer yet · `taken`: the hub has it · `refused`: the hub said no for good, with its sentence. */
export type CallState = "sending" | "taken" | "refused";

export interface KeptCall<Receipt = unknown> {
  readonly call: Call;
  /** Who called; empty where the phone did not know. */
  readonly who: string;
  readonly state: CallState;
  readonly tries: number;
  readonly receipt: Receipt | null;
  readonly why: { readonly zh: string; readonly en: string } | null;
}

/** How the hub is told: its receipt, or an error with the status of its refusal; 0 where it did not answer. */
export type Tell<Receipt> = (call: Call) => Promise<Receipt>;
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly words: { readonly zh: string; readonly en: string };
}

/** Milliseconds until it is sent again: quickly at first, and never more seldom than this. */
const AGAIN_MS = [500, 1_000, 2_000, 3_000, 5_000] as const;
export const again = (tries: number): number => AGAIN_MS[Math.min(tries, AGAIN_MS.length) - 1] ?? AGAIN_MS[0];

/** Answers after which the same words would be refused again; a session that ended or a busy hub is no such answer. */
const FOR_GOOD: ReadonlySet<number> = new Set([400, 403, 404, 413, 422]);
/** Whether the hub judged the session that the call came in and not the call: the session is asked for, then it goes again. */
export const ofSession = ({ status, code }: Refused): boolean => status === 401 || code === "session.csrf";
export const forGood = (no: Refused): boolean => FOR_GOOD.has(no.status) && !ofSession(no);
/** With this sentence an older build gave up a call over its session. */
const GIVEN_UP = "Reload the page, then try again.";
/** As it is taken up from the shelf: what was given up over a session goes out after all. */
export const revived = <Kept extends KeptCall>(kept: Kept): Kept =>
  kept.state === "refused" && kept.why?.en === GIVEN_UP ? { ...kept, state: "sending", why: null } : kept;

/** What became of one try. */
export async function tried<Receipt>(kept: KeptCall<Receipt>, tell: Tell<Receipt>, refused: (error: unknown) => Refused | null): Promise<KeptCall<Receipt>> {
  const tries = kept.tries + 1;
  try {
    return { ...kept, tries, state: "taken", receipt: await tell(kept.call), why: null };
  } catch (error) {
    const no = refused(error);
    if (!no) throw error;
    return { ...kept, tries, state: forGood(no) ? "refused" : "sending", why: no.status && !ofSession(no) ? no.words : null };
  }
}

/** The newest call that is still to be seen. */
export const latest = <Receipt>(all: readonly KeptCall<Receipt>[], button: Button): KeptCall<Receipt> | null =>
  all.filter(({ call }) => call.button === button).reduce<KeptCall<Receipt> | null>((best, each) => (best && best.call.at >= each.call.at ? best : each), null);
