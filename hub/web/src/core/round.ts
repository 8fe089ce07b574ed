/** A round as it stands on the phone: what the hub knew, and what was scanned here since. */
import type { RoundPoint, RoundTold } from "../api/phone.ts";
import { readCode } from "./code.ts";
import type { Said } from "./said.ts";

export interface Step {
  readonly point: RoundPoint;
  readonly state: "ahead" | "seen" | "skipped";
  /** Why it was skipped. */
  readonly reason: string | null;
  /** This phone's own word, which the hub has not judged yet. */
  readonly own: boolean;
}

/** The point that a scan was made at, as far as the phone can tell. */
export function pointOf(points: readonly RoundPoint[], body: Said["body"]): RoundPoint | null {
  const number = typeof body.code === "string" ? readCode(body.code)?.number : undefined;
  return points.find(({ checkpoint, number: own }) => checkpoint === body.checkpoint || own === number) ?? null;
}

/** Each point in the order of the round. A point that was seen after all is not skipped. */
export function steps(round: RoundTold, said: readonly Said[]): readonly Step[] {
  const points = round.points ?? [];
  const seen = new Set(said.filter(({ kind }) => kind === "scan").map(({ body }) => pointOf(points, body)?.checkpoint));
  const skipped = new Map(said.filter(({ kind, body }) => kind === "skip" && body.round === round.id).map(({ body }) => [body.checkpoint, String(body.reason)]));
  return points.map((point): Step => {
    const { checkpoint, visited_at, skipped: known } = point;
    if (visited_at) return { point, state: "seen", reason: null, own: false };
    if (seen.has(checkpoint)) return { point, state: "seen", reason: null, own: true };
    const reason = skipped.get(checkpoint) ?? known;
    return reason ? { point, state: "skipped", reason, own: !known } : { point, state: "ahead", reason: null, own: false };
  });
}

/** The next one to go to, and its place in the round, from 0. */
export function nextOf(all: readonly Step[]): { readonly step: Step; readonly place: number } | null {
  const place = all.findIndex(({ state }) => state === "ahead");
  return place < 0 ? null : { step: all[place]!, place };
}

/** Where the walker was last: the point before the next one that was seen. */
export const lastOf = (all: readonly Step[], place: number): RoundPoint | null => all.slice(0, place).findLast(({ state }) => state === "seen")?.point ?? null;
