/** Devices and what they are told, as the hub says it over HTTP. */
import type { Pair } from "./types.ts";

export type Op = "still" | "clip" | "relay.start" | "relay.stop" | "test-alarm" | "restart" | "arm" | "disarm" | "timetable" | "siren" | "ptz.goto" | "ptz.move" | "ptz.end" | "rules.show" | "rules.replay";
export type Right = "device.look" | "device.command" | "device.arm" | "device.configure";
export interface CameraFields {
  readonly fps?: number;
  /** Seconds between two pictures that are sent. */
  readonly still_every?: number;
  readonly masks?: readonly unknown[];
  readonly zones?: readonly unknown[];
}
export interface Config {
  readonly id: string;
  readonly version: number;
  readonly fields: { readonly cameras?: Readonly<Record<string, CameraFields>> };
  readonly state: "queued" | "sent" | "applied" | "rejected" | "rolled-back" | "replaced";
  readonly reason: string | null;
  readonly by: Pair;
  readonly at: string;
}
export interface Reported {
  /** 0: only the device's own file. */
  readonly version: number;
  readonly firmware: string | null;
  readonly error: string | null;
  readonly epoch: string | null;
  readonly at: string;
}
export interface DeviceCamera {
  readonly id: string;
  readonly name: Pair;
  readonly place: Pair;
  readonly state: string;
  readonly since: string | null;
  readonly reason: string | null;
}
/** A zone, or all of a camera where it is null, that goes by no timetable until a time. */
export interface ByHand {
  readonly camera: string;
  readonly zone: string | null;
  readonly armed: boolean;
  readonly until: string;
}
export interface Device {
  readonly id: string;
  readonly status: "planned" | "enrolled" | "active" | "suspended" | "revoked";
  readonly online: boolean;
  readonly seen_at: string | null;
  /** Messages that wait in its outbox. */
  readonly queued: number;
  readonly dropped: number;
  readonly clock_offset_ms: number;
  readonly clock_source: string | null;
  readonly cameras: readonly DeviceCamera[];
  readonly desired: Config | null;
  readonly reported: Reported | null;
  readonly by_hand: readonly ByHand[];
  readonly may: readonly Right[];
}
export interface Command {
  readonly id: string;
  readonly op: Op;
  readonly args: { readonly camera?: string };
  readonly state: "queued" | "sent" | "done" | "refused" | "expired";
  readonly reason: string | null;
  readonly by: Pair;
  readonly at: string;
  readonly ended_at: string | null;
  /** Stills and clips that came of it. */
  readonly media: readonly string[];
}
