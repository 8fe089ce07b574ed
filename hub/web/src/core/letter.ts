/** Dead letters as they are read: judgements, no words. */
import type { Letter } from "../api/letter.ts";

/** What kind of message it was by its topic: `lf/v1/{market}/{device}/{kind}`. */
export const kindOf = (topic: string): string => topic.split("/")[4] ?? topic;

/** JSON in lines, anything else as it came. */
export function readable(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}

const later = (a: Letter, b: Letter): number => b.received_at.localeCompare(a.received_at) || b.id.localeCompare(a.id);

/** Pages of one list as one, newest first. What was decided here keeps its place, though the hub lists it no more. */
export function joined(pages: readonly (readonly Letter[])[], decided: ReadonlyMap<string, Letter>): Letter[] {
  const all = new Map<string, Letter>();
  for (const letter of pages.flat()) all.set(letter.id, letter);
  for (const [id, letter] of decided) all.set(id, letter);
  return [...all.values()].sort(later);
}
