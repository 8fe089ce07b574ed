/** What this phone keeps, whatever becomes of its page, its network or its battery. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { KeptCall } from "../core/call.ts";
import type { Said } from "../core/said.ts";

export interface Photo {
  readonly sha: string;
  /** A JPEG; bytes, since some browsers lose a blob that is kept. */
  readonly bytes: ArrayBuffer;
  /** Whether the hub has it. */
  readonly arrived: boolean;
  /** When it was last taken, by this phone's own clock, milliseconds; none of those that an older build kept. */
  readonly at?: number;
}
/** An answer of the hub, for when it is away; `at` is the hub's time, milliseconds. */
export interface Kept {
  readonly at: number;
  readonly value: unknown;
}
interface Shelves extends DBSchema {
  said: { key: number; value: Said; indexes: { id: string } };
  photos: { key: string; value: Photo };
  kept: { key: string; value: Kept };
  calls: { key: string; value: KeptCall };
}
type Store = IDBPDatabase<Shelves>;

const NAME = "lianfang-phone";
/** A browser that has hung up its shelves must not keep the page, and 110, from whoever needs it. */
const PATIENCE_MS = 3_000;
let opened: Promise<Store> | null = null;

const late = (): Promise<never> => new Promise((_, fail) => setTimeout(fail, PATIENCE_MS, new Error("late")));

/** The shelves; opened once a page, and anew after the browser closed them. */
export function store(): Promise<Store> {
  opened ??= Promise.race([late(), openDB<Shelves>(NAME, 1, {
    upgrade(made) {
      made.createObjectStore("said", { keyPath: "n", autoIncrement: true }).createIndex("id", "id", { unique: true });
      made.createObjectStore("photos", { keyPath: "sha" });
      made.createObjectStore("kept");
      made.createObjectStore("calls", { keyPath: "call.call" });
    },
    // a newer build in another tab waits for nobody
    blocking: (_was, _will, { target }) => {
      (target as IDBDatabase).close();
      opened = null;
    },
    terminated: () => (opened = null),
  })]).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** Ask the browser not to clear the shelves when the phone runs short of room; it may say no. */
export async function insist(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false);
}

export async function recalled<T>(name: string): Promise<{ at: number; value: T } | null> {
  const kept = await (await store()).get("kept", name).catch(() => undefined);
  return kept ? { at: kept.at, value: kept.value as T } : null;
}
export const keepAnswer = async (name: string, at: number, value: unknown): Promise<void> =>
  void (await (await store()).put("kept", { at, value }, name));
/** What was kept of a person is forgotten with the session; what was said and not sent is not. */
export const forget = async (): Promise<void> => (await store()).clear("kept");
