/** What rules count now, picture by picture, for as long as this page asks. */
import { del, marks, post, Refusal } from "../api/http.ts";
import { sceneUrl } from "../api/scene.ts";
import type { Pair } from "../api/types.ts";

export interface Gauge {
  readonly zone: string;
  readonly kind: string;
  readonly seconds: number;
  readonly needed: number;
  readonly number?: number;
  readonly enough?: number | null;
  readonly armed?: boolean;
  readonly open?: boolean;
}
export interface Shown {
  readonly at: string;
  readonly picture: readonly [width: number, height: number];
  /** JPEG, base64. */
  readonly still: string;
  readonly boxes?: readonly { readonly left: number; readonly top: number; readonly width: number; readonly height: number; readonly label: string; readonly score: number }[];
  readonly motion?: readonly (readonly [left: number, top: number, right: number, bottom: number])[];
  readonly gauges?: readonly Gauge[];
}
const AGAIN_MS = 500;

export class Test {
  shown: Shown | null = $state.raw(null);
  until: number | null = $state(null);
  running = $state(false);
  refusal: Pair | null = $state.raw(null);
  readonly #url: string;

  constructor(camera: string) {
    this.#url = `${sceneUrl(camera)}/test`;
  }

  async start(): Promise<void> {
    if (this.running) return;
    this.refusal = this.shown = null;
    try {
      this.until = Date.parse((await post<{ until: string }>(this.#url)).until);
      this.running = true;
      await this.#look();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error.words;
    } finally {
      this.running = false;
    }
  }

  /** Nobody looks any more; the edge hears so with its next picture. */
  stop(): void {
    if (!this.running) return;
    this.running = false;
    void del(this.#url).catch(() => undefined);
  }

  async #look(): Promise<void> {
    let after = "0";
    while (this.running) {
      try {
        const answer = await fetch(`${this.#url}?after=${after}`, { headers: { ...(await marks(this.#url)) } });
        if (answer.status === 404 || answer.status === 403 || answer.status === 401) return;
        if (answer.status === 200) {
          after = (answer.headers.get("ETag") ?? "0").replaceAll(/\D/g, "") || "0";
          this.shown = (await answer.json()) as Shown;
          continue;
        }
        if (answer.status === 204) continue;
      } catch {
        // the hub is away for a moment
      }
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}
