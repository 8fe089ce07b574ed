/** The sound of the wall. A browser gives it only after one press; until then the page says that it is silent. */
import { due, forget, MUTE_MS, RULES, type Tone } from "../core/sound.ts";
import { live } from "./live.svelte.ts";
import { quiet } from "./quiet.svelte.ts";
import { time } from "./time.svelte.ts";

/** Pitch in hertz, start and length in seconds, loudness 0..1. */
const TONES: Record<Tone, readonly (readonly [pitch: number, start: number, length: number, loud: number])[]> = {
  alarm: [[880, 0, 0.28, 0.9], [622, 0.32, 0.36, 0.9]],
  tone: [[740, 0, 0.4, 0.5]],
  click: [[1400, 0, 0.04, 0.25]],
};
const TICK_MS = 250;
const MOST_STEPS = 2000;
/** Opening the sound takes a browser a tenth of a second; the wall is drawn first. */
const OPEN_AFTER_MS = 1000;

class Horn {
  #context: AudioContext | null = null;
  #played: ReadonlySet<string> = new Set();
  #mutedUntil = $state(0);
  #begun = false;
  #cried = 0;
  on = $state(false);
  /** Seconds of muting left, 0 when it sounds. */
  readonly muted: number = $derived(Math.max(0, Math.ceil((this.#mutedUntil - time.now) / 1000)));

  start(): void {
    if (this.#begun) return;
    this.#begun = true;
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.open(), { capture: true, passive: true });
    setInterval(() => this.#tick(), TICK_MS);
    setTimeout(() => this.open(), OPEN_AFTER_MS);
  }

  /** Ask the browser for sound; it says yes only after a person pressed something, or on a wall that is set up for it. */
  open(): void {
    if (this.on) return;
    if (this.#context) void this.#context.resume().catch(() => null);
    else {
      this.#context = new AudioContext();
      this.#context.onstatechange = () => (this.on = this.#context?.state === "running");
    }
    this.on = this.#context.state === "running";
  }

  /** The button: sound on with one tone to prove it, or a mute that ends by itself. */
  press(): void {
    if (!this.on) {
      this.open();
      void this.#context?.resume().then(() => this.sound("tone"));
    } else this.#mutedUntil = this.muted ? 0 : time.exact() + MUTE_MS;
  }

  sound(tone: Tone): void {
    const context = this.#context;
    if (context?.state !== "running") return;
    for (const [pitch, start, length, loud] of TONES[tone]) {
      const begin = context.currentTime + start;
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, begin);
      gain.gain.linearRampToValueAtTime(loud, begin + 0.01);
      gain.gain.setValueAtTime(loud, begin + Math.max(length - 0.03, 0.01));
      gain.gain.linearRampToValueAtTime(0, begin + length);
      const voice = new OscillatorNode(context, { frequency: pitch, type: tone === "alarm" ? "square" : "sine" });
      voice.connect(gain).connect(context.destination);
      voice.start(begin);
      voice.stop(begin + length);
    }
  }

  #tick(): void {
    const now = time.exact();
    const { tone, played } = due(live.alerts.values(), this.#played, now, this.#mutedUntil > now);
    this.#played = played.size > MOST_STEPS ? forget(played, (id) => live.alerts.has(id)) : played;
    // a silent hub is a P0 of this page's own, and sounds like one
    const step = quiet.calling ? Math.floor(now / RULES[0].every) : 0;
    const cry = step !== this.#cried && step > 0;
    this.#cried = step;
    if (cry || tone) this.sound(cry ? "alarm" : tone!);
  }
}
export const horn = new Horn();
