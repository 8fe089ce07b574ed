/** What the hub says of coverage. Metres, y down; bearings in degrees, 0 up, clockwise; shares 0 to 1. */
import type { Name, Pair } from "./types.ts";

/** x, y, x, y … */
type Flat = readonly number[];
/** Polygons, each a list of rings: the outline, then holes. */
export type Area = readonly (readonly Flat[])[];
export type Scale = "iec2025" | "dori";

/** A level of detail. */
export interface Detail {
  readonly name: string;
  readonly density: number;
  readonly seen: number;
}
/** Where a camera stands and how it looks. */
export interface Lens {
  readonly x: number;
  readonly y: number;
  readonly bearing: number;
  readonly fov: number;
  readonly range_m: number;
  readonly height_m: number;
  readonly width_px: number;
}
export interface CameraSeen extends Lens {
  readonly id: string;
  readonly name: Pair;
  readonly place: Pair;
  readonly grid: string | null;
  readonly critical: boolean;
  readonly state: string;
  readonly since: string | null;
  readonly measured: boolean;
  readonly area: Area;
  readonly area_m2: number;
  /** What nobody sees without it. */
  readonly alone_m2: number;
  readonly enters: readonly string[];
  readonly may: boolean;
}
export interface Blind {
  readonly area: Area;
  readonly area_m2: number;
  readonly x: number;
  readonly y: number;
  readonly place: Pair;
  readonly cause: "none" | "hidden" | "dark";
}
export interface Coverage {
  readonly scale: Scale;
  readonly level: string;
  readonly ground_m2: number;
  readonly seen: number;
  readonly sectors: number;
  readonly sectors_more_m2: number;
  readonly twice: number;
  readonly blind_m2: number;
  readonly least_m2: number;
  readonly levels: readonly Detail[];
  readonly grids: readonly { readonly id: string; readonly name: Pair; readonly seen: number }[];
  readonly cameras: readonly CameraSeen[];
  readonly blind: readonly Blind[];
}
export interface Tried {
  readonly area: Area;
  readonly sector: Flat;
  readonly reach_m: number;
  readonly area_m2: number;
  readonly alone_m2: number;
  readonly seen: number;
  readonly gain_m2: number;
  readonly enters: readonly string[];
}
export interface Mount {
  readonly x: number;
  readonly y: number;
  readonly bearing: number;
  readonly place: Pair;
  readonly facing: Pair;
  readonly gain_m2: number;
  readonly area: Area;
}
export interface Next {
  readonly mounts: readonly Mount[];
  readonly gain_m2: number;
  readonly bound_m2: number;
  readonly greedy_m2: number;
  readonly proved: boolean;
  readonly seen: number;
  readonly seen_then: number;
}
export interface BlindNow {
  readonly at: string;
  readonly seen: number;
  readonly now: number;
  readonly lost_m2: number;
  readonly grids: readonly {
    readonly id: string;
    readonly name: Pair;
    readonly seen: number;
    readonly now: number;
    readonly lost_m2: number;
    readonly since: string | null;
    readonly cameras: readonly { readonly id: string; readonly name: Name; readonly state: string; readonly reason: string | null; readonly since: string | null; readonly lost_m2: number; readonly critical: boolean }[];
  }[];
  readonly blind: readonly Blind[];
}
export interface Zone {
  readonly id: string;
  readonly kind: ZoneKind;
  readonly name: Pair;
  readonly ring: readonly (readonly [number, number])[];
  readonly cameras: readonly { readonly id: string; readonly name: Pair; readonly masked: boolean; readonly by: Pair | null; readonly at: string | null }[];
}
export const ZONE_KINDS = ["fitting", "toilet", "dormitory"] as const;
export type ZoneKind = (typeof ZONE_KINDS)[number];

/** What the law asks of a camera besides its place; null is not said yet. */
export interface FilingRow {
  readonly id: string;
  readonly name: Pair;
  readonly place: Pair;
  readonly kind: string | null;
  readonly operator: string | null;
  readonly legal_basis: string | null;
  readonly purpose: string | null;
  readonly retention_days: number | null;
  readonly sign: boolean;
  readonly sign_at: string | null;
  readonly missing: readonly string[];
  readonly enters: readonly string[];
  readonly change: "new" | "changed" | "same";
  readonly changed: readonly string[];
}
export interface FilingSheet {
  /** What was read, for whoever says that it was handed in. */
  readonly digest: string;
  readonly market: Pair;
  readonly at: string;
  readonly last: { readonly at: string; readonly by: Pair | null; readonly number: string | null; readonly cameras: number } | null;
  readonly due: string | null;
  readonly cameras: readonly FilingRow[];
  readonly removed: readonly { readonly id: string; readonly name: Pair }[];
}
export const FIXTURES = ["fixed", "dome", "ptz", "panorama", "thermal"] as const;

export const coverUrl = (scale: Scale, level: string, part: "" | "/now" = ""): string => `/api/coverage${part}?scale=${scale}${level && `&level=${level}`}`;
