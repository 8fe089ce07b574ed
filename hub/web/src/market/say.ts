/** Figures and names of a plan, as they are read. */
import type { Figure, PlanPage } from "../api/plan.ts";
import type { DayMarket } from "./floor.ts";
import { name, t } from "../state/prefs.svelte.ts";

const NONE = "–";
/** `16.8 %`, `1,204`, `84 m`; a dash where there is none. */
export const count = (n: number): string => n.toLocaleString("en");
export function figure(value: number | null, unit: Figure["unit"]): string {
  if (value === null) return NONE;
  if (unit === "share") return `${(value * 100).toFixed(1)}\u2009%`;
  const whole = count(Math.round(value));
  return unit === "metres" ? t("unit.m", { n: whole }) : whole;
}

/** Names of grids and groups, those of the plan before those of the market. */
export class Names {
  readonly #grids: ReadonlyMap<string, string>;
  readonly #groups: ReadonlyMap<string, number>;
  readonly #shops: ReadonlyMap<string, string>;

  constructor(market: DayMarket | null, plan: Pick<PlanPage, "grids" | "groups"> | null) {
    this.#grids = new Map([...(market?.grids ?? []), ...(plan?.grids ?? [])].map((grid) => [grid.id, name(grid.name)]));
    this.#groups = new Map([...(market?.groups ?? []), ...(plan?.groups ?? [])].map((group) => [group.id, group.number]));
    this.#shops = new Map(market?.shops.id.map((id, i) => [id, name(market.shops.name[i] ?? id)]));
  }

  grid = (id: string): string => this.#grids.get(id) ?? id;
  shop = (id: string): string => this.#shops.get(id) ?? id;
  /** `西区一格 12 组`; the grid alone where there is no group. */
  place(grid: string, group: string | null): string {
    const number = group === null ? undefined : this.#groups.get(group);
    return number === undefined ? this.grid(grid) : t("changes.place", { grid: this.grid(grid), n: number });
  }
}
