/** Tags that are touched with the phone, where the browser can. */
import { tagOf } from "../../core/code.ts";

interface Reading extends Event {
  readonly serialNumber: string;
}
interface Nfc extends EventTarget {
  scan(how: { signal: AbortSignal }): Promise<void>;
}
type Made = { NDEFReader?: new () => Nfc };

/** Listen until `stop`; `found` gets the number of each tag. False where this phone or its owner does not let us. */
export async function touch(found: (tag: string) => void, stop: AbortSignal): Promise<boolean> {
  const Reader = (globalThis as Made).NDEFReader;
  if (!Reader) return false;
  const nfc = new Reader();
  nfc.addEventListener("reading", (event) => {
    const tag = tagOf((event as Reading).serialNumber);
    if (tag) found(tag);
  }, { signal: stop });
  return nfc.scan({ signal: stop }).then(() => true, () => false);
}

/** By which the hub and the round know a tag. */
export async function hashed(tag: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(tag));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
