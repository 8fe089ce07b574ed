/** Places in the tree of rights, as the market's plan knows them. */
import type { Market, Name, Pair } from "../api/types.ts";

export interface Spot {
  /** `market`, `market/grid`, `market/grid/group` or `market/grid/group/shop`. */
  readonly path: string;
  readonly id: string;
  readonly name: Pair;
}

const both = (name: Name): Pair => (typeof name === "string" ? { zh: name, en: name } : name);
const after = (above: Name, below: Pair): Pair => ({ zh: `${both(above).zh} ${below.zh}`, en: `${both(above).en}, ${below.en}` });

/** The market, its grids, and the groups of each. */
export function spots(market: Market): Spot[] {
  const found: Spot[] = [{ path: market.id, id: market.id, name: both(market.name) }];
  for (const grid of market.grids) {
    const path = `${market.id}/${grid.id}`;
    found.push({ path, id: grid.id, name: both(grid.name) });
    for (const group of market.groups) {
      if (group.grid !== grid.id) continue;
      found.push({ path: `${path}/${group.id}`, id: group.id, name: after(grid.name, { zh: `第 ${group.number} 组`, en: `group ${group.number}` }) });
    }
  }
  return found;
}

/** Shops whose id or name has `words` in it, those that begin with it first; at most `most`. */
export function shops(market: Market, words: string, most: number): Spot[] {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [];
  const found: (readonly [begins: boolean, index: number])[] = [];
  market.shops.id.forEach((id, index) => {
    const said = [id, ...Object.values(both(market.shops.name[index] ?? id))].map((each) => each.toLowerCase());
    if (said.some((each) => each.includes(wanted))) found.push([said.some((each) => each.startsWith(wanted)), index]);
  });
  found.sort((one, other) => Number(other[0]) - Number(one[0]) || one[1] - other[1]);
  return found.slice(0, most).map(([, index]) => shop(market, index));
}

/** The shop with this id, or null. */
export function shopOf(market: Market, id: string): Spot | null {
  const index = market.shops.id.indexOf(id);
  return index < 0 ? null : shop(market, index);
}

function shop(market: Market, index: number): Spot {
  const id = market.shops.id[index]!;
  const grid = market.grids[market.shops.grid[index] ?? -1];
  const group = market.groups[market.shops.group[index] ?? -1];
  const name = both(market.shops.name[index] ?? id);
  return { path: [market.id, grid?.id, group?.id, id].filter(Boolean).join("/"), id, name: grid ? after(grid.name, name) : name };
}
