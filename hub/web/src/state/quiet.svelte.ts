/** Whether the hub lives and hears its devices, as this page knows it by itself. */
import { type Silence, silence, since } from "../core/silence.ts";
import { time } from "./time.svelte.ts";

export interface Pulse {
  /** The hub's time. */
  readonly at: string;
  /** Seconds since it was last proved that the hub hears its devices; null when that was never proved. */
  readonly ingest: number | null;
  readonly trouble: readonly string[];
}

class Quiet {
  #heardAt: number = $state(Date.now());
  #provedAt: number = $state(Date.now());
  #seen = $state(false);
  /** Whether this person is told the hub's pulse at all; who is not cannot miss it. */
  #told = $state(true);
  /** Parts of the hub that do not work, each since when, local milliseconds. */
  trouble: ReadonlyMap<string, number> = $state.raw(new Map());

  /** Since the hub was last heard, milliseconds. */
  readonly heardMs: number = $derived(Math.max(0, time.local - this.#heardAt));
  readonly kind: Silence | null = $derived(this.#told ? silence(time.local, this.#heardAt, this.#provedAt) : null);
  /** For how long it has been silent, milliseconds. */
  readonly ms: number = $derived(this.kind === "deaf" ? Math.max(0, time.local - this.#provedAt) : this.heardMs);
  /** It is silent and nobody here has seen it yet: this calls out. */
  readonly calling: boolean = $derived(this.kind !== null && !this.#seen);

  begin(): void {
    this.#heardAt = this.#provedAt = Date.now();
    this.#told = true;
    this.trouble = new Map();
  }

  heard(): void {
    this.#heardAt = Date.now();
  }

  pulse({ ingest, trouble }: Pulse): void {
    const now = Date.now();
    this.#heardAt = now;
    if (ingest !== null) this.#provedAt = now - ingest * 1000;
    this.trouble = since(this.trouble, trouble, now);
    if (silence(now, now, this.#provedAt) === null) this.#seen = false;
  }

  /** An answer itself told of trouble; the next pulse knows whether it goes on. */
  warn(part: string): void {
    this.trouble = since(this.trouble, [...new Set([...this.trouble.keys(), part])], Date.now());
  }

  /** Nothing is told to this person, or nobody listens any more. */
  deny(): void {
    this.#told = false;
  }

  see(): void {
    this.#seen = true;
  }
}
export const quiet = new Quiet();
