/** Cameras that can be turned, as the hub says them over HTTP. */
import type { Pair } from "./types.ts";

export interface Held {
  readonly by: Pair;
  readonly role: string;
  readonly mine: boolean;
  readonly until: string;
}
export interface Turning {
  readonly camera: string;
  /** Their names, home first. */
  readonly presets: readonly string[];
  readonly home: string;
  /** Where it is, or turns to; null: somewhere between. */
  readonly preset: string | null;
  readonly held: Held | null;
  /** Why the last thing that was asked of it was not done, in its edge's words. */
  readonly trouble: string | null;
}
export interface Steering {
  readonly act: "goto" | "move" | "end";
  readonly preset?: string;
  readonly pan?: number;
  readonly tilt?: number;
  readonly zoom?: number;
}

export const turningUrl = (camera: string): string => `/api/cameras/${encodeURIComponent(camera)}/turning`;
