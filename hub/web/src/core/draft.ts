/** Photos on the phone that belong to nothing which was said. */
import type { Said } from "./said.ts";

const DRAFT_MS = 24 * 3_600_000;

/** SHA-256 of each photo of more than a day ago that nothing names; who is still writing has it younger. One of unknown age is old. */
export function abandoned(photos: readonly { readonly sha: string; readonly at?: number }[], all: readonly Said[], now: number): readonly string[] {
  const named = new Set(all.flatMap((said) => said.photos));
  return photos.filter(({ sha, at = 0 }) => !named.has(sha) && now - at > DRAFT_MS).map(({ sha }) => sha);
}
