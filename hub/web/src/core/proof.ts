/** What a phone signs to show that it holds its key; the hub's api/proof.py reads it. */

/** Whether a refusal may be about the clock: so far from the hub's, a proof is no longer fresh. */
export const FAR_MS = 30_000;

export const base64url = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Method, path with query, seconds and the hashed token of the session, a line each. */
export const message = (method: string, path: string, seconds: number, bound: string): string => [method, path, seconds, bound].join("\n");

/** Path with query as it goes over the wire. */
export function wired(path: string, base: string): string {
  const url = new URL(path, base);
  return url.pathname + url.search;
}

/** Milliseconds to add to this phone's clock, from the Date of an answer; the old offset where it says nothing. */
export function learnt(date: string | null, now: number, old: number): number {
  const hub = Date.parse(date ?? "");
  return Number.isFinite(hub) && Math.abs(hub - now - old) > FAR_MS ? hub - now : old;
}
