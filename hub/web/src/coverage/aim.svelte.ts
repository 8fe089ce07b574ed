/** One camera that is moved and turned: what it would see is asked for with each step, and only the newest answer counts. */
import type { CameraSeen, Lens, Scale, Tried } from "../api/cover.ts";
import { post, put, Refusal } from "../api/http.ts";
import type { Pair } from "../api/types.ts";
import { Act } from "../state/act.svelte.ts";
import { log } from "../state/session.svelte.ts";
import { lensOf, same } from "./draw.ts";

const MOST_STEPS = 50;
/** The solver has others waiting: ask again a little later. */
const BUSY = 503;
const AGAIN_MS = 400;
const TRIES = 5;

export class Aim {
  camera: CameraSeen | null = $state.raw(null);
  lens: Lens | null = $state.raw(null);
  tried: Tried | null = $state.raw(null);
  failure: Pair | null = $state.raw(null);
  /** Where it stood before each step, the last one last. */
  steps: readonly Lens[] = $state.raw([]);
  readonly act = new Act();
  readonly changed: boolean = $derived(this.camera !== null && this.lens !== null && !same(this.camera, this.lens));
  #asking = false;
  #stale = false;
  readonly #level: () => { scale: Scale; level: string };

  constructor(level: () => { scale: Scale; level: string }) {
    this.#level = level;
  }

  /** Take a camera in hand, or none. */
  pick(camera: CameraSeen | null): void {
    [this.camera, this.lens, this.tried, this.failure, this.steps] = [camera, camera && lensOf(camera), null, null, []];
    this.act.done = "";
    this.act.failure = null;
    if (camera?.may) void this.#try();
  }
  /** Have it stand otherwise. `step`: one may come back to where it was before. */
  set(lens: Lens, step = true): void {
    if (!this.lens || !this.camera?.may || same(lens, this.lens)) return;
    if (step) this.keep();
    this.lens = lens;
    this.act.done = "";
    void this.#try();
  }
  /** From here on is a step of its own. */
  keep(): void {
    if (this.lens) this.steps = [...this.steps, this.lens].slice(-MOST_STEPS);
  }
  /** What counts as seen is another now. */
  again(): void {
    this.tried = null;
    if (this.camera?.may) void this.#try();
  }
  back(): void {
    const last = this.steps.at(-1);
    if (!last) return;
    this.steps = this.steps.slice(0, -1);
    this.lens = last;
    void this.#try();
  }
  /** `masks`: how one sees that each zone which it looks into is covered. */
  save(masks: readonly { zone: string; text: string }[], words: string): Promise<boolean> {
    const { camera, lens } = this;
    return this.act.run(() => put(`/api/coverage/cameras/${camera!.id}`, { ...lens, masks }), words);
  }
  async #try(): Promise<void> {
    if (this.#asking) {
      this.#stale = true;
      return;
    }
    this.#asking = true;
    try {
      let tries = 0;
      do {
        this.#stale = false;
        const busy = await this.#once();
        tries = busy ? tries + 1 : 0;
        if (busy && tries < TRIES) {
          await new Promise((after) => setTimeout(after, AGAIN_MS));
          this.#stale = true;
        }
      } while (this.#stale);
    } finally {
      this.#asking = false;
    }
  }
  /** Whether it should be asked again, since the solver was busy. */
  async #once(): Promise<boolean> {
    const { camera, lens } = this;
    if (!camera || !lens) return false;
    try {
      const found = await post<Tried>("/api/coverage/try", { ...lens, camera: camera.id, ...this.#level() });
      if (this.camera === camera) [this.tried, this.failure] = [found, null];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) log.out();
      if (this.camera === camera) this.failure = error.words;
      return error.status === BUSY;
    }
    return false;
  }
}
