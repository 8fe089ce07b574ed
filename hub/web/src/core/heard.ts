/** When this machine last heard the hub, as it remembers it. */

export const HEARD = "heard";

/** The moment as ISO text; null where none is remembered, or what is remembered is no moment. */
export function lastHeard(recall: (name: string) => string | null): string | null {
  const kept = recall(HEARD);
  return kept !== null && Number.isFinite(Date.parse(kept)) ? kept : null;
}
