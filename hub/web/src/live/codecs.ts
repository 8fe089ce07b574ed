/** Pictures decoded one by one (WebCodecs); the newest of them is drawn, as often as this machine can. */
import { codecName, nals } from "./nal.ts";
import type { Picture } from "./picture.ts";
import type { Screen, Told } from "./player.ts";

/** A picture that the decoder has not given back for so long is old: what follows waits for a keyframe and begins anew. */
const LATE_MS = 1_000;
/** Without a picture for so long, what comes begins anew. */
const PAUSE_MS = 2_000;
const MOST_FAULTS = 3;
/** Parameter sets stand within so many bytes. */
const HEAD = 1024;
/** Of the page's time, so much at most is for drawing: a machine without a graphics card draws fewer pictures, and none late. */
const SHARE = 0.7;
/** How much of what one picture took goes into the mean. */
const WEIGHT = 0.05;
/** Screens that are open, and the milliseconds that a picture takes to draw. */
const all = { screens: 0, cost: 1 };

export class Codecs implements Screen {
  readonly node = document.createElement("canvas");
  #told: Told;
  #pen = this.node.getContext("2d", { alpha: false });
  #decoder: VideoDecoder | null = null;
  #name = "";
  /** When each picture was given to the decoder that has not come back. */
  #given: number[] = [];
  #halted = true;
  #came = -Infinity;
  /** A picture of now has come. */
  #current = false;
  #faults = 0;
  #asked = new Map<string, boolean>();
  #next: VideoFrame | null = null;
  #drawn = 0;

  constructor(told: Told) {
    this.#told = told;
    all.screens += 1;
  }

  show(picture: Picture, late: boolean): void {
    const now = performance.now();
    // what comes first is the group of pictures that is going on: older than now, and wanted
    if (now - this.#came > PAUSE_MS) this.#current = false;
    this.#came = now;
    if (!late) this.#current = true;
    const old = late && this.#current;
    if (old || now - (this.#given[0] ?? now) > LATE_MS) this.#halted = true;
    if (picture.key && !old) {
      if (!this.#ready(picture)) return;
      this.#halted = false;
    }
    if (this.#halted || this.#decoder?.state !== "configured") return;
    this.#given.push(now);
    const type = picture.key ? "key" : "delta";
    this.#decoder.decode(new EncodedVideoChunk({ type, timestamp: Math.round(picture.at * 1000), data: picture.data }));
  }

  close(): void {
    all.screens -= 1;
    this.#reset();
  }

  #reset(): void {
    if (this.#decoder && this.#decoder.state !== "closed") this.#decoder.close();
    this.#decoder = null;
    this.#given = [];
    this.#next?.close();
    this.#next = null;
  }

  /** Whether the decoder is set for this keyframe's stream; Annex B needs no more than its name. */
  #ready(picture: Picture): boolean {
    const name = codecName(picture.codec, nals(picture.data.subarray(0, HEAD)));
    if (!name) return false;
    if (this.#decoder?.state === "configured" && name === this.#name && !this.#halted) return true;
    const works = picture.codec === "h264" || this.#asked.get(name);
    if (works === undefined) this.#ask(name);
    if (!works) return false;
    this.#reset();
    this.#name = name;
    this.#decoder = new VideoDecoder({ output: (frame) => this.#take(frame), error: () => this.#fault() });
    this.#decoder.configure({ codec: name, optimizeForLatency: true });
    return true;
  }

  /** Not every machine decodes H.265. */
  #ask(name: string): void {
    this.#asked.set(name, false);
    void VideoDecoder.isConfigSupported({ codec: name }).then(({ supported }) => {
      if (supported) this.#asked.set(name, true);
      else this.#told.failed();
    });
  }

  #take(frame: VideoFrame): void {
    this.#given.shift();
    if (this.#next) this.#next.close();
    else {
      const wait = this.#drawn + (all.cost * all.screens) / SHARE - performance.now();
      if (wait > 0) setTimeout(() => requestAnimationFrame(() => this.#draw()), wait);
      else requestAnimationFrame(() => this.#draw());
    }
    this.#next = frame;
  }

  #draw(): void {
    const { node } = this;
    const frame = this.#next;
    if (!frame) return;
    this.#next = null;
    const share = Math.min(1, (node.clientWidth * devicePixelRatio || frame.displayWidth) / frame.displayWidth);
    const width = Math.round(frame.displayWidth * share);
    const height = Math.round(frame.displayHeight * share);
    if (node.width !== width || node.height !== height) Object.assign(node, { width, height });
    const began = performance.now();
    this.#pen?.drawImage(frame, 0, 0, width, height);
    this.#drawn = performance.now();
    all.cost += (this.#drawn - began - all.cost) * WEIGHT;
    const at = frame.timestamp / 1000;
    frame.close();
    this.#faults = 0;
    this.#told.drawn(at);
  }

  #fault(): void {
    this.#decoder = null;
    this.#name = "";
    this.#given = [];
    this.#halted = true;
    this.#faults += 1;
    if (this.#faults >= MOST_FAULTS) this.#told.failed();
  }
}
