/** Language and theme, remembered on this machine. The wall is dark, the desk is light and a phone is as it is set, until somebody chooses. */
import type { Name } from "../api/types.ts";
import { type Lang, say, sayCode, speakEnglish, type Word } from "../words.ts";
import { pocket, route } from "./route.svelte.ts";

type Theme = "dark" | "light";

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // a browser that keeps nothing still shows the page
  }
}
export const recall = read;

/** What the person chose; nothing while they have not. */
function chosen(): Theme | null {
  const theme = read("theme");
  return theme === "dark" || theme === "light" ? theme : null;
}

/** A phone is as dark as the whole of it is. */
const night = pocket && matchMedia("(prefers-color-scheme: dark)").matches;

class Prefs {
  lang: Lang = $state(read("lang") === "en" ? "en" : "zh");
  #theme: Theme | null = $state(chosen());
  readonly theme: Theme = $derived(this.#theme ?? (night || route.page === "wall" ? "dark" : "light"));

  /** The other language, once its words are here. */
  async speak(): Promise<void> {
    if (this.lang === "zh") await speakEnglish();
    this.lang = this.lang === "zh" ? "en" : "zh";
    remember("lang", this.lang);
  }

  /** The other theme, on every page: whoever darkens the wall at night wants no white page after it. */
  shade(): void {
    this.#theme = this.theme === "dark" ? "light" : "dark";
    remember("theme", this.#theme);
  }
}
export const prefs = new Prefs();

/** A word of the pages in the chosen language. */
export const t = (word: Word, fill?: Readonly<Record<string, string | number>>): string => say(word, prefs.lang, fill);

/** A code of the hub in the chosen language. */
export const code = (family: string, value: string | null | undefined): string => (value ? sayCode(family, value, prefs.lang) : "");

/** A name in the chosen language; nothing for nobody. */
export const name = (value: Name | null | undefined): string => (value == null ? "" : typeof value === "string" ? value : value[prefs.lang]);

/** Several names, joined as the language joins them. */
export const names = (values: readonly Name[] | Name): string =>
  (Array.isArray(values) ? (values as readonly Name[]).map(name).join(prefs.lang === "zh" ? "、" : ", ") : name(values as Name));

/** A unit as it is spoken of: `crew-3` is crew 3, others go by their name. */
export function unitWord(unit: Name | null | undefined): string {
  const words = name(unit);
  const crew = /^crew-0*(\d+)$/.exec(words)?.[1];
  return crew ? t("alert.crew", { n: crew }) : words;
}

/** A word at the beginning of a button. */
export const upper = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
