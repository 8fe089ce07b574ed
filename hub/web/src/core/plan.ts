/** The market as few SVG paths, and the window through which it is seen. Metres, y down. */
import type { Camera, Market, Name, Ring } from "../api/types.ts";
import { area, type Rect, sight } from "./sight.ts";

export interface Shop {
  readonly index: number;
  readonly id: string;
  readonly name: Name;
  readonly grid: number;
  readonly group: number;
  readonly path: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}
export interface Sector {
  readonly camera: Camera;
  readonly path: string;
  readonly metres2: number;
}
export interface Drawing {
  readonly bounds: Market["bounds"];
  /** One path of all shops a grid. */
  readonly grids: readonly { readonly path: string; readonly tint: number; readonly name: Name; readonly x: number; readonly y: number }[];
  readonly halls: readonly { readonly path: string; readonly name: Name; readonly x: number; readonly y: number; readonly above: boolean }[];
  /** Outline of each ten-shop group; computed when it is first looked at, which the whole market never needs. */
  readonly groups: readonly { readonly path: string; readonly number: number; readonly x: number; readonly y: number }[];
  readonly shops: readonly Shop[];
  /** What each camera looks at; nothing for one that no edge reads, which only stands there. */
  readonly sectors: ReadonlyMap<string, Sector>;
}

const short = (n: number): string => String(Math.round(n * 10) / 10);
export const pathOf = (ring: Ring): string => (ring.length ? `M${ring.map(([x, y]) => `${short(x)} ${short(y)}`).join("L")}Z` : "");

export function flat(ring: readonly number[]): Ring {
  const corners: [number, number][] = [];
  for (let i = 0; i + 1 < ring.length; i += 2) corners.push([ring[i]!, ring[i + 1]!]);
  return corners;
}

export function boxOf(ring: Ring): Rect {
  const xs = ring.map(([x]) => x);
  const ys = ring.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / (values.length || 1);

/** Everything that is drawn, computed once a market. */
export function draw(market: Market): Drawing {
  const rings = market.shops.ring.map(flat);
  const boxes = rings.map(boxOf);
  const shops = rings.map((ring, index): Shop => {
    const [l, t, r, b] = boxes[index]!;
    return {
      index, id: market.shops.id[index]!, name: market.shops.name[index] ?? market.shops.id[index]!,
      grid: market.shops.grid[index]!, group: market.shops.group[index]!,
      path: pathOf(ring), x: (l + r) / 2, y: (t + b) / 2, width: r - l,
    };
  });
  const middle = (market.bounds[1] + market.bounds[3]) / 2;
  let groups: Drawing["groups"] | undefined;
  return {
    bounds: market.bounds,
    grids: market.grids.map((grid, i) => ({ ...whole(shops.filter((shop) => shop.grid === i)), tint: grid.tint, name: grid.name })),
    halls: market.halls.map(({ ring, name }) => {
      const [l, t, r, b] = boxOf(ring);
      const above = (t + b) / 2 < middle;
      return { path: pathOf(ring), name, x: (l + r) / 2, y: above ? t : b, above };
    }),
    get groups() {
      return (groups ??= grouped(shops).map((members, i) => ({
        ...whole(members),
        path: outline(members.map((shop) => rings[shop.index]!)),
        number: market.groups[i]?.number ?? i + 1,
      })));
    },
    shops,
    sectors: sectorsOf(market.cameras, boxes),
  };
}

function whole(shops: readonly Shop[]): { path: string; x: number; y: number } {
  return { path: shops.map((shop) => shop.path).join(""), x: mean(shops.map((shop) => shop.x)), y: mean(shops.map((shop) => shop.y)) };
}

function grouped(shops: readonly Shop[]): Shop[][] {
  const groups: Shop[][] = [];
  for (const shop of shops) (groups[shop.group] ??= []).push(shop);
  return Array.from(groups, (members) => members ?? []);
}

function sectorsOf(cameras: readonly Camera[], walls: readonly Rect[]): ReadonlyMap<string, Sector> {
  return new Map(
    cameras.map((camera) => {
      const ring = camera.device === null ? [] : sight(camera, walls);
      return [camera.id, { camera, path: pathOf(ring), metres2: area(ring) }];
    }),
  );
}

/** Where the plan is looked at: centre in metres, and pixels a metre. */
export interface Eye {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}
export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export type Level = "grids" | "aisles" | "shops";
const AISLES_FROM = 3.6;
const SHOPS_FROM = 8;
const CLOSEST = 32;

/** How much is drawn at so many pixels a metre: the wall's view stays calm. */
export const levelOf = (scale: number): Level => (scale < AISLES_FROM ? "grids" : scale < SHOPS_FROM ? "aisles" : "shops");

/** The whole market in a window of so many pixels. */
export function fit([l, t, r, b]: Market["bounds"], width: number, height: number): Eye {
  return { x: (l + r) / 2, y: (t + b) / 2, scale: Math.min(width / (r - l), height / (b - t)) };
}

/** What the eye sees, metres. */
export const viewOf = ({ x, y, scale }: Eye, width: number, height: number): View => ({
  x: x - width / scale / 2, y: y - height / scale / 2, width: width / scale, height: height / scale,
});

/** Nearer by `factor`, with the point (x, y) staying where it is on the screen. */
export function zoom(eye: Eye, factor: number, x: number, y: number, home: Eye): Eye {
  const scale = Math.min(Math.max(eye.scale * factor, home.scale), CLOSEST);
  const by = eye.scale / scale;
  return scale === home.scale ? home : { x: x - (x - eye.x) * by, y: y - (y - eye.y) * by, scale };
}

/** The outline of touching shops: edges that two of them share are left out. */
export function outline(rings: readonly Ring[]): string {
  const edges = new Map<string, { n: number; path: string }>();
  for (const ring of rings) {
    ring.forEach(([x, y], i) => {
      const [u, v] = ring[(i + 1) % ring.length]!;
      const ends = [`${short(x)} ${short(y)}`, `${short(u)} ${short(v)}`];
      const key = [...ends].sort().join();
      edges.set(key, { n: (edges.get(key)?.n ?? 0) + 1, path: `M${ends.join("L")}` });
    });
  }
  return [...edges.values()].filter(({ n }) => n === 1).map(({ path }) => path).join("");
}
