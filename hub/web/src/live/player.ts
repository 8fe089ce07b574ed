/** One camera's live pictures on the screen, by the best way that this browser has. */
import type { Pair } from "../api/types.ts";
import { Codecs } from "./codecs.ts";
import { Files } from "./files.ts";
import { line } from "./line.ts";
import type { Picture } from "./picture.ts";

/** How pictures come: decoded one by one, as a file that is played while it grows, or not at all. */
export type How = "codecs" | "files" | "stills";

export interface Shown {
  readonly how: How;
  /** Pictures come. */
  readonly live: boolean;
  /** Seconds from the camera's moment until it stood on the screen. */
  readonly delay: number;
  /** Why the hub does not show them. */
  readonly why: Pair | null;
}

export interface Screen {
  readonly node: HTMLCanvasElement | HTMLVideoElement;
  /** `late`: what follows a late picture waits for a keyframe that is not. */
  show(picture: Picture, late: boolean): void;
  close(): void;
}
/** What a screen tells: the picture of the moment `at` stands there now, or it cannot play this stream. */
export interface Told {
  drawn(at: number): void;
  failed(): void;
}

const SILENT_MS = 3_000;
const TELL_MS = 500;

/** The ways that this browser has, best first. */
export function ways(): How[] {
  const found: How[] = [];
  if ("VideoDecoder" in globalThis) found.push("codecs");
  if ("MediaSource" in globalThis) found.push("files");
  return [...found, "stills"];
}

/** Plays into `place` from the beginning until `close`; `tell` hears twice a second how it goes. */
export class Player {
  readonly #left = ways();
  readonly #place: HTMLElement;
  readonly #now: () => number;
  readonly #tell: (shown: Shown) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #leave: () => void;
  #how: How = "stills";
  #screen: Screen | null = null;
  #why: Pair | null = null;
  #drawn = -Infinity;
  #delay = 0;

  constructor(place: HTMLElement, camera: string, main: boolean, now: () => number, tell: (shown: Shown) => void) {
    this.#place = place;
    this.#now = now;
    this.#tell = tell;
    this.#next();
    this.#leave = line.watch(camera, main, {
      picture: (picture, late) => this.#screen?.show(picture, late),
      refused: (words) => (this.#why = words),
    });
    this.#timer = setInterval(() => this.#report(), TELL_MS);
    this.#report();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#leave();
    this.#clear();
  }

  #clear(): void {
    this.#screen?.close();
    this.#screen?.node.remove();
    this.#screen = null;
  }

  /** The next best way, when this one cannot play the stream. */
  #next(): void {
    this.#clear();
    this.#how = this.#left.shift() ?? "stills";
    const told: Told = { drawn: (at) => this.#saw(at), failed: () => this.#next() };
    if (this.#how === "codecs") this.#screen = new Codecs(told);
    else if (this.#how === "files") this.#screen = new Files(told);
    else this.#leave?.();
    if (this.#screen) this.#place.append(this.#screen.node);
  }

  #saw(at: number): void {
    const first = this.#drawn === -Infinity;
    this.#drawn = performance.now();
    this.#delay = Math.max(0, this.#now() - at) / 1000;
    this.#why = null;
    if (first) this.#report();
  }

  #report(): void {
    this.#tell({ how: this.#how, live: performance.now() - this.#drawn < SILENT_MS, delay: this.#delay, why: this.#why });
  }
}
