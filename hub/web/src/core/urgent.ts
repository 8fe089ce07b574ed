/** What the P0 screen says first, by kind of alert: a table for the head that cannot think at three in the morning. */
import type { Emergency, Market } from "../api/types.ts";
import type { Word } from "../words.ts";

export const FIRST_CALL: Readonly<Record<string, Emergency>> = { fire: "119", smoke: "119", medical: "120" };

const SAY: Readonly<Record<string, Word>> = { fire: "p0.say.fire", smoke: "p0.say.smoke", medical: "p0.say.medical" };
export const sayWord = (kind: string): Word => SAY[kind] ?? "p0.say.other";

/** The gate nearest as the crow flies, metres. */
export function gateNear(gates: Market["gates"], x: number, y: number): Market["gates"][number] | null {
  return gates.reduce<Market["gates"][number] | null>(
    (best, gate) => (best === null || Math.hypot(gate.x - x, gate.y - y) < Math.hypot(best.x - x, best.y - y) ? gate : best),
    null,
  );
}
