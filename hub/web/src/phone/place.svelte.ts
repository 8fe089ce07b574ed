/** Where on the phone's page we are: behind the hash, `#/report`. */
import { me } from "./me.svelte.ts";

const PLACES = ["round", "scan", "skip", "danger", "lone", "report", "today", "swap", "sos", "help", "mine", "duty", "notices", "channels", "calendar", "leave", "tasks", "unsent"] as const;
export type Place = (typeof PLACES)[number];
/** Places that are looked at from a tab and have none of their own. */
const UNDER: Readonly<Partial<Record<Place, Place>>> = { scan: "round", skip: "round", danger: "round", lone: "round", swap: "today", help: "sos", duty: "mine", notices: "mine", channels: "mine", calendar: "mine", leave: "mine", tasks: "mine", unsent: "mine" };

const read = (): Place | null => PLACES.find((each) => location.hash.startsWith(`#/${each}`)) ?? null;

class Here {
  #asked: Place | null = $state(read());
  /** Whoever walks rounds begins there, everybody else with today's duty. */
  readonly home: Place = $derived(me.walks ? "round" : "today");
  readonly at: Place = $derived(this.#asked ?? this.home);
  readonly tab: Place = $derived(UNDER[this.at] ?? this.at);
  readonly tabs: readonly Place[] = $derived([this.home, "report", "sos", "mine"]);

  constructor() {
    addEventListener("hashchange", () => (this.#asked = read()));
  }
}
export const here = new Here();

export const toPlace = (place: Place): string => `#/${place}`;
export const goTo = (place: Place): void => {
  location.hash = toPlace(place);
};
/** Back to where this was opened from; `place` where it was opened by its address. */
export const backTo = (place: Place): void => location.replace(toPlace(place));
