/** When the hub counts as silent. The page says so by itself: nobody else could tell it. */

/** `cut`: nothing comes from the hub. `deaf`: it speaks, and nothing proves that it hears the devices. */
export type Silence = "cut" | "deaf";

/** From here on it is a P0, milliseconds. */
export const SILENT_MS = 30_000;

/** Times in milliseconds of this machine: when the hub was last heard, and of what moment its last proof is. */
export function silence(now: number, heardAt: number, provedAt: number): Silence | null {
  if (now - heardAt >= SILENT_MS) return "cut";
  return now - provedAt >= SILENT_MS ? "deaf" : null;
}

/** Parts in trouble, each with the time since when; what goes on keeps its beginning. */
export function since(before: ReadonlyMap<string, number>, parts: readonly string[], now: number): ReadonlyMap<string, number> {
  return new Map(parts.map((part) => [part, before.get(part) ?? now]));
}
