/** Pictures played as a file that grows (Media Source Extensions): where there is no WebCodecs, as over plain HTTP. */
import { fragment, head, TICKS } from "./fmp4.ts";
import { codecName, lengthed, nals, sets } from "./nal.ts";
import type { Picture } from "./picture.ts";
import type { Screen, Told } from "./player.ts";

/** Seconds behind the newest picture: above the first it plays a little faster, above the second it jumps. */
const HURRY = 0.3;
const JUMP = 1;
const FASTER = 1.1;
const KEPT = 12;
/** Seconds that stay in memory behind what is shown. */
const MOST_WAITING = 200;
const LONGEST = 1;

export class Files implements Screen {
  readonly node = document.createElement("video");
  #told: Told;
  #source = new MediaSource();
  #url = URL.createObjectURL(this.#source);
  #buffer: SourceBuffer | null = null;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #number = 0;
  #name = "";
  #first = 0;
  #last: Picture | null = null;

  constructor(told: Told) {
    this.#told = told;
    Object.assign(this.node, { muted: true, autoplay: true, playsInline: true, src: this.#url });
    this.node.onerror = () => told.failed();
    this.#source.addEventListener("sourceopen", () => this.#pump());
    const seen = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
      told.drawn(this.#first + mediaTime * 1000);
      this.node.requestVideoFrameCallback(seen);
    };
    this.node.requestVideoFrameCallback(seen);
  }

  /** A picture's length is known when the next one comes, so the last one waits. */
  show(picture: Picture): void {
    if (picture.codec !== "h264") return this.#told.failed();
    const last = this.#last;
    if (!last && !picture.key) return;
    this.#last = picture;
    if (!last) {
      this.#first = picture.at;
      return;
    }
    const lasts = Math.min(LONGEST, Math.max(0.001, (picture.at - last.at) / 1000));
    this.#add(last, lasts);
    this.#pump();
  }

  close(): void {
    this.node.onerror = null;
    this.node.removeAttribute("src");
    this.node.load();
    URL.revokeObjectURL(this.#url);
  }

  #add(picture: Picture, lasts: number): void {
    const units = nals(picture.data);
    if (picture.key) this.#begin(picture, units);
    if (!this.#name || this.#waiting.length > MOST_WAITING) return;
    this.#number += 1;
    const at = Math.max(0, Math.round(((picture.at - this.#first) / 1000) * TICKS));
    this.#waiting.push(fragment(this.#number, { key: picture.key, at, lasts: Math.round(lasts * TICKS), data: lengthed(units) }));
  }

  /** A stream that changes its size or profile begins a new head. */
  #begin(picture: Picture, units: readonly Uint8Array[]): void {
    const found = sets(units);
    const name = codecName("h264", units);
    const said = `${name} ${picture.width}x${picture.height}`;
    if (!found || !name || said === this.#name) return;
    if (!MediaSource.isTypeSupported(`video/mp4; codecs="${name}"`)) return this.#told.failed();
    this.#name = said;
    this.#waiting.push(head(picture.width, picture.height, found));
  }

  #pump(): void {
    if (this.#source.readyState !== "open" || !this.#name) return;
    try {
      this.#buffer ??= this.#opened();
      if (this.#buffer.updating) return;
      const next = this.#waiting.shift();
      if (next) this.#buffer.appendBuffer(next);
      else this.#tidy(this.#buffer);
    } catch {
      this.#told.failed();
    }
  }

  #opened(): SourceBuffer {
    const buffer = this.#source.addSourceBuffer(`video/mp4; codecs="${this.#name.split(" ")[0]!}"`);
    buffer.onupdateend = () => {
      this.#follow();
      this.#pump();
    };
    return buffer;
  }

  /** Stay with what is newest. */
  #follow(): void {
    const { node } = this;
    const { buffered } = node;
    if (buffered.length === 0) return;
    const behind = buffered.end(buffered.length - 1) - node.currentTime;
    if (behind > JUMP || node.currentTime < buffered.start(buffered.length - 1)) node.currentTime = buffered.end(buffered.length - 1) - 0.05;
    else node.playbackRate = behind > HURRY ? FASTER : 1;
    if (node.paused) void node.play().catch(() => null);
  }

  #tidy(buffer: SourceBuffer): void {
    const until = this.node.currentTime - KEPT;
    if (buffer.buffered.length > 0 && until - buffer.buffered.start(0) > KEPT) buffer.remove(0, until);
  }
}
