/** One piece of recording: asked for, waited for, ready or failed with a sentence. */
import { get, post, Refusal } from "../api/http.ts";
import { askUrl, type Piece, pieceUrl } from "../api/recording.ts";
import type { Pair } from "../api/types.ts";

const EVERY_MS = 250;

/** Whether this browser plays H.265 by itself. */
export const plays = (): boolean => document.createElement("video").canPlayType('video/mp4; codecs="hvc1.1.6.L120.90"') !== "";

export class Fetch {
  piece: Piece | null = $state.raw(null);
  /** Why it was refused, in the hub's words. */
  refusal: Pair | null = $state.raw(null);
  readonly begin: number;
  readonly seconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(camera: string, begin: number, seconds: number, purpose: string) {
    this.begin = begin;
    this.seconds = seconds;
    void this.#run(camera, purpose);
  }

  get ready(): boolean {
    return this.piece?.state === "ready";
  }
  get failed(): boolean {
    return this.refusal !== null || this.piece?.state === "failed";
  }
  /** Moments of its first picture and of its end. */
  get began(): number {
    return this.piece?.began ? Date.parse(this.piece.began) : this.begin;
  }
  get ended(): number {
    return this.piece?.ended ? Date.parse(this.piece.ended) : this.begin + this.seconds * 1000;
  }

  /** Nobody waits for it any more. */
  drop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  async #run(camera: string, purpose: string): Promise<void> {
    const wish = { begin: new Date(this.begin).toISOString(), seconds: this.seconds, purpose, hevc: plays() };
    await this.#take(() => post<Piece>(askUrl(camera), wish));
  }

  async #take(ask: () => Promise<Piece>): Promise<void> {
    try {
      const piece = await ask();
      if (this.#over) return;
      this.piece = piece;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // a hub that is away for a moment may still have taken it
      if (error.status === 0 && this.piece && !this.#over) return this.#later();
      this.refusal = error.words;
      return;
    }
    if (!this.ready && !this.failed) this.#later();
  }

  #later(): void {
    this.#timer = setTimeout(() => void this.#take(() => get<Piece>(pieceUrl(this.piece?.id ?? ""))), EVERY_MS);
  }
}
