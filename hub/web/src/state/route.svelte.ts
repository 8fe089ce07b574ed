/** Where we are: `#/`, `#/cases`, `#/cases/{id}`, `#/devices`, `#/letters`, each also with an id. Behind the hash, so any file server can serve the pages. */
export type Page = "wall" | "cases" | "case" | "devices" | "letters" | "nowhere";

function read(hash: string): { page: Page; id: string } {
  const [first = "", second = ""] = hash.replace(/^#?\/?/, "").split("/").map(decodeURIComponent);
  if (first === "") return { page: "wall", id: "" };
  if (first === "cases") return { page: second ? "case" : "cases", id: second };
  if (first === "devices" || first === "letters") return { page: first, id: second };
  return { page: "nowhere", id: "" };
}

class Route {
  #now = $state.raw(read(location.hash));
  readonly page: Page = $derived(this.#now.page);
  readonly id: string = $derived(this.#now.id);

  constructor() {
    addEventListener("hashchange", () => {
      this.#now = read(location.hash);
    });
  }
}
export const route = new Route();

export const toWall = "#/";
export const toCases = "#/cases";
export const toCase = (id: string): string => `#/cases/${encodeURIComponent(id)}`;
export const toDevices = "#/devices";
export const toDevice = (id: string): string => `#/devices/${encodeURIComponent(id)}`;
export const toLetters = "#/letters";
export const toLetter = (id: string): string => `#/letters/${encodeURIComponent(id)}`;
export const go = (hash: string): void => {
  location.hash = hash;
};
/** Go there, and back leads past here: for walking through a list. */
export const walk = (hash: string): void => location.replace(hash);
