/**
 * The key that binds this phone to its session. It is made here, cannot be taken out of the browser, and signs every
 * request: a cookie that was copied to another phone is worth nothing there.
 */
import type { Phone } from "../api/http.ts";
import { base64url, learnt, message, wired } from "../core/proof.ts";

const HOW = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGN = { name: "ECDSA", hash: "SHA-256" } as const;
const STORE = "phone";

interface Kept {
  readonly key: CryptoKey;
  /** The SHA-256 of the session's token, as the hub told it. */
  readonly bound: string;
}

/** Whether this browser can keep a key here: only where the address is trusted. */
export const able = (): boolean => isSecureContext && "indexedDB" in globalThis && "subtle" in crypto;

const done = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error(STORE));
  });

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open("lianfang", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await done(opening);
  try {
    return await done(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** A new key, and its public half as the hub takes it. */
export async function make(): Promise<{ key: CryptoKey; spki: string }> {
  const pair = await crypto.subtle.generateKey(HOW, false, ["sign"]);
  return { key: pair.privateKey, spki: base64url(await crypto.subtle.exportKey("spki", pair.publicKey)) };
}

export const keep = (kept: Kept): Promise<unknown> => within("readwrite", (store) => store.put(kept, "here"));

/** What this phone adds to its requests; nothing where no key is kept. */
export async function open(): Promise<Phone | null> {
  const kept = able() ? await within<Kept | undefined>("readonly", (store) => store.get("here")).catch(() => undefined) : undefined;
  return kept ? new Held(kept) : null;
}

class Held implements Phone {
  readonly #kept: Kept;
  #offset = 0;

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  async proof(method: string, path: string): Promise<Record<string, string>> {
    const seconds = Math.floor((Date.now() + this.#offset) / 1000);
    const words = message(method, wired(path, location.href), seconds, this.#kept.bound);
    const signature = await crypto.subtle.sign(SIGN, this.#kept.key, new TextEncoder().encode(words));
    return { "X-Proof": `${seconds}.${base64url(signature)}` };
  }

  learn(answer: Response): boolean {
    const before = this.#offset;
    this.#offset = learnt(answer.headers.get("Date"), Date.now(), before);
    return this.#offset !== before;
  }

  show(node: HTMLImageElement | HTMLVideoElement, url: string): () => void {
    const stop = new AbortController();
    let made = "";
    const load = async (): Promise<void> => {
      const answer = await fetch(url, { headers: await this.proof("GET", url), signal: stop.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      made = URL.createObjectURL(await answer.blob());
      node.src = made;
    };
    load().catch(() => stop.signal.aborted || node.dispatchEvent(new Event("error")));
    return () => {
      stop.abort();
      URL.revokeObjectURL(made);
    };
  }
}
