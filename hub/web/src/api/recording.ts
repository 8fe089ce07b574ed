/** Recordings, as the hub says them over HTTP. */
import type { Pair, Severity } from "./types.ts";

export type HoleReason = "start" | "camera" | "disk" | "quota" | "late" | "clock";
export interface RecordedCamera {
  readonly id: string;
  readonly name: Pair;
  readonly place: Pair;
  /** Whether the edge that keeps its recordings is there. */
  readonly online: boolean;
  readonly recorded: boolean;
  readonly runs: boolean;
  readonly until: string | null;
  readonly kept_from: string | null;
  /** For how many days the edge has room. */
  readonly days: number | null;
  /** CPU seconds a second that recording takes. */
  readonly cores: number | null;
  readonly codec: "h264" | "hevc" | null;
  readonly stream: "main" | "sub" | null;
  readonly masked: boolean | null;
}
export interface Stretch {
  readonly began: string;
  readonly ended: string;
  readonly stream: "main" | "sub";
  readonly codec: "h264" | "hevc";
}
export interface Missing {
  readonly began: string;
  readonly ended: string;
  readonly reason: HoleReason;
  readonly detail: string | null;
}
export interface AlertMark {
  readonly id: string;
  readonly number: string;
  readonly kind: Pair;
  readonly severity: Severity;
  readonly began: string;
  readonly ended: string;
}
export interface Timeline {
  readonly camera: RecordedCamera;
  readonly stretches: readonly Stretch[];
  readonly holes: readonly Missing[];
  readonly alerts: readonly AlertMark[];
}
export interface Piece {
  readonly id: string;
  readonly state: "asked" | "cut" | "ready" | "failed";
  readonly reason: string | null;
  readonly media: string | null;
  readonly began: string | null;
  readonly ended: string | null;
  readonly size: number | null;
  readonly received: number | null;
  /** CPU seconds that coding it anew took at the edge. */
  readonly cpu_s: number | null;
}

export const pieceUrl = (id: string): string => `/api/recordings/pieces/${encodeURIComponent(id)}`;
export const askUrl = (camera: string): string => `/api/recordings/${encodeURIComponent(camera)}/pieces`;
export const timelineUrl = (camera: string, begin: number, end: number): string =>
  `/api/recordings/${encodeURIComponent(camera)}?begin=${new Date(begin).toISOString()}&end=${new Date(end).toISOString()}`;
