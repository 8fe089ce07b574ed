/** The sides of the market's page: each a tab, shown to whoever may look at it. Whatever else stands in the address is a plan's id. */
import type { Component } from "svelte";
import type { log } from "../state/session.svelte.ts";

export type Side = "grids" | "coverage" | "filing" | "import";
interface Shown {
  /** What stands in the address. */
  readonly id: string;
  readonly load: () => Promise<{ default: Component }>;
  readonly may: (who: typeof log) => boolean;
}
export const SIDES: Readonly<Record<Side, Shown>> = {
  grids: { id: "", load: () => import("./Grids.svelte"), may: () => true },
  coverage: { id: "coverage", load: () => import("../coverage/Coverage.svelte"), may: (who) => who.session?.may.includes("coverage.see") ?? false },
  filing: { id: "filing", load: () => import("../coverage/Filing.svelte"), may: (who) => who.session?.may.includes("filing.see") ?? false },
  import: { id: "import", load: () => import("./Import.svelte"), may: (who) => who.session?.may.includes("market.change") ?? false },
};

/** The side that an address is about. */
export const sideOf = (id: string): Side => (Object.keys(SIDES) as Side[]).find((side) => id !== "" && SIDES[side].id === id) ?? "grids";
