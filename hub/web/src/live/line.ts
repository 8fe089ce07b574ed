/** The page's one socket to the hub's relay: whatever tiles there are share it, and say together what they watch. */
import { address, armed } from "../api/http.ts";
import type { Pair } from "../api/types.ts";
import { Lag } from "./lag.ts";
import { type Picture, read } from "./picture.ts";

export interface Ear {
  /** `late`: this page is behind, so the picture is old news. */
  picture(picture: Picture, late: boolean): void;
  /** The hub does not show this camera to this person, and says why. */
  refused(words: Pair): void;
}

const LATE_MS = 800;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const nameOf = (camera: string, main: boolean): string => `${camera} ${main ? 1 : 0}`;

class Line {
  #ears = new Map<string, Set<Ear>>();
  #socket: WebSocket | null = null;
  #wait = FIRST_WAIT_MS;
  #again: ReturnType<typeof setTimeout> | null = null;
  #saying = false;
  readonly #lag = new Lag();

  constructor() {
    // a page that nobody sees asks for nothing
    document.addEventListener("visibilitychange", () => this.#say());
  }

  /** Watch one of a camera's streams; returns how to stop. */
  watch(camera: string, main: boolean, ear: Ear): () => void {
    const name = nameOf(camera, main);
    const ears = this.#ears.get(name) ?? new Set();
    this.#ears.set(name, ears.add(ear));
    this.#say();
    return () => {
      ears.delete(ear);
      if (ears.size === 0 && this.#ears.get(name) === ears) this.#ears.delete(name);
      this.#say();
    };
  }

  /** Once for all that changes in one turn. */
  #say(): void {
    if (this.#saying) return;
    this.#saying = true;
    queueMicrotask(() => {
      this.#saying = false;
      this.#speak();
    });
  }

  #speak(): void {
    const wanted = document.hidden ? [] : [...this.#ears.keys()];
    if (!this.#socket) {
      if (wanted.length > 0 && !this.#again) this.#open();
    } else if (wanted.length === 0 && this.#ears.size === 0) this.#socket.close();
    else if (this.#socket.readyState === WebSocket.OPEN) {
      const streams = wanted.map((name) => name.split(" ")).map(([camera, main]) => ({ camera, main: main === "1" }));
      this.#socket.send(JSON.stringify({ csrf: armed(), streams }));
    }
  }

  #open(): void {
    const url = new URL(address("/api/relay"), location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#speak();
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => (typeof data === "string" ? this.#refuse(data) : this.#show(data));
    socket.onclose = () => this.#closed();
    this.#socket = socket;
  }

  #show(message: ArrayBuffer): void {
    const picture = read(message);
    if (!picture) return;
    this.#wait = FIRST_WAIT_MS;
    // not the time of day: whoever sets this machine's clock makes no picture late
    const late = this.#lag.of(picture.arrived, performance.now()) > LATE_MS;
    this.#ears.get(nameOf(picture.camera, picture.main))?.forEach((ear) => ear.picture(picture, late));
  }

  #refuse(text: string): void {
    const { camera, zh, en } = JSON.parse(text) as Pair & { camera: string };
    for (const main of [false, true]) this.#ears.get(nameOf(camera, main))?.forEach((ear) => ear.refused({ zh, en }));
  }

  #closed(): void {
    this.#socket = null;
    if (this.#ears.size === 0) return;
    this.#again = setTimeout(() => {
      this.#again = null;
      this.#speak();
    }, this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }
}
export const line = new Line();
