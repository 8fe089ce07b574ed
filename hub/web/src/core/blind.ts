/**
 * Which cameras show nothing now, and why. Only those that the hub tells this person of: a guard hears of his own grid,
 * and a camera that stands on the plan only, with no edge to read it, is counted apart.
 */
import type { Camera, CameraState, Market } from "../api/types.ts";
import type { Drawing } from "./plan.ts";

export interface Blind {
  readonly camera: Camera;
  readonly state: string;
  readonly since: string | null;
  readonly reason: string | null;
  /** Square metres of its view. */
  readonly metres2: number;
}

/** Critical ones first, then the one that has been blind longest. */
export function blindNow(market: Market, states: ReadonlyMap<string, CameraState>, drawing: Drawing): Blind[] {
  return market.cameras
    .flatMap((camera): Blind[] => {
      const told = states.get(camera.id);
      if (camera.device === null || !told || told.state === "live") return [];
      const { state, since, reason } = told;
      return [{ camera, state, since, reason, metres2: drawing.sectors.get(camera.id)?.metres2 ?? 0 }];
    })
    .sort((a, b) => Number(b.camera.critical) - Number(a.camera.critical) || (a.since ?? "9").localeCompare(b.since ?? "9"));
}

/** Cameras that an edge reads and that the hub tells this person of. */
export const watched = (market: Market, states: ReadonlyMap<string, CameraState>): Camera[] =>
  market.cameras.filter((camera) => camera.device !== null && states.has(camera.id));

export const viewOf = (list: readonly Blind[]): number => Math.round(list.reduce((sum, { metres2 }) => sum + metres2, 0));

/** Which cameras the small tiles show first: critical ones that send pictures, then others that do, then the rest. */
export function firstTiles(market: Market, states: ReadonlyMap<string, CameraState>, n: number): string[] {
  const rank = (camera: Camera): number => {
    const state = states.get(camera.id);
    return (state?.still_at ? 0 : 4) + (state?.state === "live" ? 0 : 2) + (camera.critical ? 0 : 1);
  };
  return watched(market, states).sort((a, b) => rank(a) - rank(b)).slice(0, n).map(({ id }) => id);
}
