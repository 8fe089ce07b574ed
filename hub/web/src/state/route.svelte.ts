/** Where we are: `#/`, `#/cases`, `#/cases/{id}`, `#/devices`, each also with an id. Behind the hash, so any file server can serve the pages. */
import type { Page as Own } from "../api/types.ts";

export type Page = Own | "case" | "me" | "nowhere";

/** Pages about people, in the order of their tabs. */
export const OFFICE = ["people", "rights", "staff", "armbands", "contacts", "care", "phones", "displays", "register", "imports", "areas"] as const;
/** Registers of the place, in the order of their tabs. */
export const REGISTERS = ["components", "premises", "businesses", "groups", "workrooms", "leaders"] as const;
const NAMED: readonly string[] = ["devices", "duty", "letters", "market", "patrol", "playback", "zones", "me", ...OFFICE, ...REGISTERS];

/** A page for those who are not signed in, at an address of its own. */
export const aside = location.pathname === "/enrol" ? "enrol" : location.pathname.startsWith("/b/") ? "armband" : null;

/** The page of a phone, which has places of its own behind the hash. */
export const pocket = location.pathname.startsWith("/phone");

/** A part of an address as it was meant; one that was cut within a letter, as it stands. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

interface Place {
  readonly page: Page;
  readonly id: string;
}

function read(hash: string): Place {
  const [first = "", second = ""] = hash.replace(/^#?\/?/, "").split("/").map(decoded);
  if (aside || pocket) return { page: "nowhere", id: "" };
  if (first === "") return { page: "wall", id: "" };
  if (first === "cases") return { page: second ? "case" : "cases", id: second };
  return NAMED.includes(first) ? { page: first as Page, id: second } : { page: "nowhere", id: "" };
}

class Route {
  #now = $state.raw(read(location.hash));
  readonly page: Page = $derived(this.#now.page);
  readonly id: string = $derived(this.#now.id);
  /** Set by a page that would lose something: told where a link, a key or back leads, it says whether to stay. */
  stays: ((there: Place, hash: string) => boolean) | null = null;

  constructor() {
    addEventListener("hashchange", ({ oldURL }) => {
      const { hash } = location;
      const there = read(hash);
      // in the place of what was entered, so that going there after all leaves the way back as if nobody had asked
      if (this.stays?.(there, hash)) history.replaceState(null, "", oldURL);
      else this.#now = there;
    });
  }
}
export const route = new Route();

/** The address of a page, or of one thing on it. */
export const to = (page: string, id = ""): string => `#/${page}${id && `/${encodeURIComponent(id)}`}`;
export const toWall = "#/";
export const toCases = "#/cases";
export const toCase = (id: string): string => to("cases", id);
export const toDevices = "#/devices";
export const toDevice = (id: string): string => to("devices", id);
export const toLetters = "#/letters";
export const toLetter = (id: string): string => to("letters", id);
export const go = (hash: string): void => {
  location.hash = hash;
};
/** Go there, and back leads past here: for walking through a list. */
export const walk = (hash: string): void => location.replace(hash);
