/** What coverage needs to be drawn, and how a camera is turned and moved. Metres, y down; degrees, 0 up, clockwise. */
import type { Area, Lens } from "../api/cover.ts";
import { flat, pathOf } from "../core/plan.ts";

/** One path of all its rings; holes stay open under the even-odd rule. */
export const areaPath = (area: Area): string => area.flatMap((rings) => rings.map((ring) => pathOf(flat(ring)))).join("");

const RAD = Math.PI / 180;
/** The point that lies `metres` in a direction. */
export const towards = ({ x, y }: { readonly x: number; readonly y: number }, bearing: number, metres: number): readonly [number, number] => [
  x + Math.sin(bearing * RAD) * metres, y - Math.cos(bearing * RAD) * metres,
];
/** The direction in which a point lies. */
export const bearingTo = (from: { readonly x: number; readonly y: number }, x: number, y: number): number => whole((Math.atan2(x - from.x, from.y - y) / RAD + 360) % 360);
const whole = (degrees: number): number => Math.round(degrees) % 360;
/** Turned by so many degrees. */
export const turned = (bearing: number, by: number): number => whole((bearing + by + 720) % 360);
const ARC = 6;
/** What a field of view claims where nothing stands in the way. */
export function sector(lens: Lens): string {
  const steps = Math.max(2, Math.ceil(lens.fov / ARC));
  const arc = Array.from({ length: steps + 1 }, (_, i) => towards(lens, lens.bearing - lens.fov / 2 + (lens.fov * i) / steps, lens.range_m));
  return pathOf(lens.fov >= 360 ? arc : [[lens.x, lens.y], ...arc]);
}

const centimetres = (n: number): number => Math.round(n * 100) / 100;
export const placed = (lens: Lens, x: number, y: number): Lens => ({ ...lens, x: centimetres(x), y: centimetres(y) });
/** What is asked for, without what else is known of a camera. */
export const lensOf = ({ x, y, bearing, fov, range_m, height_m, width_px }: Lens): Lens => ({ x, y, bearing, fov, range_m, height_m, width_px });
export const same = (one: Lens, other: Lens): boolean => (Object.keys(lensOf(one)) as (keyof Lens)[]).every((key) => one[key] === other[key]);

/** 1,277; the thin space before a unit is the word's own. */
export const metres2 = (m2: number): string => Math.round(m2).toLocaleString("en-US");
/** 46.0 % */
export const share = (part: number): string => `${(part * 100).toFixed(1)}\u2009%`;
