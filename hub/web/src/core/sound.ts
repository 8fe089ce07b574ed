/** Sound follows severity, never count. What sounds when is this table. */
import type { Alert, Severity } from "../api/types.ts";
import { isUntaken } from "./queue.ts";

export type Tone = "alarm" | "tone" | "click";
interface Rule {
  readonly tone: Tone;
  /** Shares of the time to acknowledge at which it sounds once. */
  readonly at: readonly number[];
  /** Sounds again every so many milliseconds until it is taken. */
  readonly every?: number;
}
export const RULES = {
  0: { tone: "alarm", at: [], every: 2_000 },
  1: { tone: "tone", at: [0, 0.5, 1] },
  2: { tone: "click", at: [0] },
  3: null,
} as const satisfies Record<Severity, Rule | null>;
const RANK: readonly Tone[] = ["alarm", "tone", "click"];
/** A mute ends by itself. */
export const MUTE_MS = 30_000;

export interface Sounding {
  readonly tone: Tone | null;
  readonly played: ReadonlySet<string>;
}

/** Steps that have come due, once each; among those of one moment the gravest sounds. `muted` never holds back the alarm. */
export function due(alerts: Iterable<Alert>, played: ReadonlySet<string>, now: number, muted = false): Sounding {
  const all = new Set(played);
  let loudest: Tone | null = null;
  for (const alert of alerts) {
    const rule: Rule | null = RULES[alert.severity];
    if (!rule || !isUntaken(alert, now)) continue;
    for (const key of steps(alert, rule, now)) {
      if (all.has(key)) continue;
      all.add(key);
      if (muted && rule.tone !== "alarm") continue;
      if (loudest === null || RANK.indexOf(rule.tone) < RANK.indexOf(loudest)) loudest = rule.tone;
    }
  }
  return { tone: loudest, played: all };
}

function steps(alert: Alert, rule: Rule, now: number): string[] {
  const name = `${alert.id}/${alert.severity}`;
  if (rule.every) return [`${name}/${Math.floor(now / rule.every)}`];
  const from = Date.parse(alert.received_at);
  const whole = alert.ack_due ? Date.parse(alert.ack_due) - from : Infinity;
  return rule.at.filter((share) => share === 0 || now >= from + share * whole).map((share) => `${name}/${share}`);
}

/** Forgets the steps of alerts that are gone, so that a month on the wall does not grow without end. */
export function forget(played: ReadonlySet<string>, known: (id: string) => boolean): ReadonlySet<string> {
  return new Set([...played].filter((key) => known(key.slice(0, key.indexOf("/")))));
}
