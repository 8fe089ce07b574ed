/** Where this phone is, while a page that may ask for help is open. Only where that was allowed before: a question must not stand in the way of a call. */
import type { Spot } from "../../core/call.ts";

const ASKS = { name: "geolocation" } as const;

class Where {
  spot: Spot | null = $state.raw(null);
  /** `asks`: it can be allowed · `on`: it is · `off`: it was denied, or there is none. */
  state: "asks" | "on" | "off" = $state("off");
  #watch: number | null = null;
  #wanted = 0;

  /** For an effect: looks until what it returns is called, by whoever wanted it last. */
  run(): () => void {
    if (++this.#wanted === 1) void this.#look();
    return () => {
      if (--this.#wanted === 0) this.#stop();
    };
  }

  /** By a press: the browser asks. */
  allow(): void {
    this.#stop();
    this.#watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        this.state = "on";
        this.spot = { lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy) };
      },
      ({ code, PERMISSION_DENIED }) => {
        if (code === PERMISSION_DENIED) this.state = "off";
      },
      { enableHighAccuracy: true, maximumAge: 10_000 },
    );
  }

  async #look(): Promise<void> {
    if (!("geolocation" in navigator)) return;
    const found = await navigator.permissions?.query(ASKS).catch(() => null);
    this.state = found?.state === "granted" ? "on" : found?.state === "denied" ? "off" : "asks";
    if (this.state === "on" && this.#wanted) this.allow();
  }

  #stop(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
  }
}
export const where = new Where();
