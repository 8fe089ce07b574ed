/** What a phone says to its hub: kept in the order it was said, sent under one id until there is a receipt for it. */
import type { Pair } from "../api/types.ts";

/** As many as the hub takes at once. */
export const MOST = 50;

export interface Said {
  /** In the order it was said: a clock that is set back changes nothing of it. */
  readonly n?: number;
  readonly id: string;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** SHA-256 of each photo that it names; the hub takes it only after them. */
  readonly photos: readonly string[];
  /** This phone's own clock when it was said, milliseconds. */
  readonly local: number;
  /** Milliseconds from this phone's clock to the hub's as they were known then; none before the hub was ever heard. */
  readonly offset: number | null;
  /** Who said it, and in which market: it is never sent in another's name. */
  readonly who: string;
  readonly market: string;
  readonly state: "waiting" | "refused";
  readonly why: Pair | null;
}

export interface Receipt {
  readonly id: string;
  readonly state: string;
  readonly zh: string;
  readonly en: string;
}

/** One of them as the hub reads it. What was said before the hub's clock was known is told by the clock as it is known now. */
export const spoken = ({ id, local, offset, kind, body }: Said, now: number | null): { id: string; at: string; kind: string; body: Said["body"] } => ({
  id, at: new Date(local + (offset ?? now ?? 0)).toISOString(), kind, body,
});

/** What may go next: in order, as many as the hub takes; who waits for a photo holds up nobody else. */
export const next = (items: readonly Said[], arrived: ReadonlySet<string>): readonly Said[] =>
  items.filter(({ state, photos }) => state === "waiting" && photos.every((sha) => arrived.has(sha))).slice(0, MOST);

export interface Settled {
  /** The hub has them: they may be forgotten here. */
  readonly taken: readonly Said[];
  readonly refused: readonly Said[];
  /** Neither yet; the photos of these are sent again. */
  readonly kept: readonly Said[];
}

/** What the receipts make of what was sent. What has none stays. */
export function settle(sent: readonly Said[], receipts: readonly Receipt[]): Settled {
  const told = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const state = (said: Said): string => told.get(said.id)?.state ?? "";
  return {
    taken: sent.filter((said) => state(said) === "taken"),
    refused: sent.filter((said) => state(said) === "refused").map((said) => ({ ...said, state: "refused", why: wordsOf(told.get(said.id)!) })),
    kept: sent.filter((said) => !["taken", "refused"].includes(state(said))),
  };
}
const wordsOf = ({ zh, en }: Receipt): Pair => ({ zh, en });

/** Photos that nobody needs once `gone` are forgotten: another may name the same one. */
export function unneeded(gone: readonly Said[], all: readonly Said[]): readonly string[] {
  const ids = new Set(gone.map(({ id }) => id));
  const needed = new Set(all.filter(({ id }) => !ids.has(id)).flatMap(({ photos }) => photos));
  return [...new Set(gone.flatMap(({ photos }) => photos))].filter((sha) => !needed.has(sha));
}

/** How many of each kind wait, the most first. */
export function counted(items: readonly Said[]): readonly (readonly [kind: string, n: number])[] {
  const counts = new Map<string, number>();
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
