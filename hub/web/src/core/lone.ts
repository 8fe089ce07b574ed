/** The timer of somebody who walks alone: as the hub has it, and as this phone has gone on since. */
import type { LoneTold } from "../api/phone.ts";
import type { Said } from "./said.ts";

const MINUTE_MS = 60_000;
/** Past that without an answer the hub calls it as grave as a call for help. */
export const GRAVE_MIN = 5;
export const MINUTES = [10, 15, 20, 30, 45, 60] as const;

export interface Lone {
  readonly minutes: number;
  /** The next word is wanted by then, the hub's milliseconds. */
  readonly due: number;
  /** The hub has heard nothing in time: alerted, or as gravely as it can. */
  readonly state: "on" | "lapsed" | "grave";
}

/** The timer after what was said; a scanned point is a word too. None where none runs. */
export function after(told: LoneTold | null, said: readonly Said[]): Lone | null {
  let found: Lone | null = told && { minutes: told.minutes, due: Date.parse(told.due_at), state: told.state === "lapsed" || told.state === "grave" ? told.state : "on" };
  for (const { kind, body, local, offset } of said) {
    if (kind !== "lone" && kind !== "scan") continue;
    if (body.act === "stop") found = null;
    const minutes: number | undefined = body.act === "start" ? Number(body.minutes) : found?.minutes;
    if (minutes) found = { minutes, due: local + (offset ?? 0) + minutes * MINUTE_MS, state: "on" };
  }
  return found;
}

/** What the hub does not know yet: nothing of any timer, of the last word, or that it is over; none where it knows all. */
export function unheard(hub: Lone | null, own: Lone | null): "start" | "word" | "stop" | null {
  if (!hub) return own && "start";
  if (!own) return "stop";
  return hub.due === own.due && hub.state === own.state ? null : "word";
}
