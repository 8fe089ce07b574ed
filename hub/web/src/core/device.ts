/** What is wrong with a device, and how far its configuration has come: judgements, no words. */
import type { CameraFields, Command, Config, Device } from "../api/device.ts";

/** A clock that is off by more gives events a time that nobody can use, milliseconds. */
export const CLOCK_MS = 2_000;
/** So many messages waiting are more than a moment's work. */
export const DEPTH = 100;

export type Fault = "silent" | "clock" | "depth" | "dropped" | "config" | "blind";

/** Everything that somebody should look at, gravest first; one that is not connected yet, or no more, has no faults. */
export function faults(device: Device): Fault[] {
  if (!["enrolled", "active"].includes(device.status) || device.seen_at === null) return [];
  const found: [Fault, boolean][] = [
    ["silent", !device.online],
    ["blind", device.online && device.cameras.some((camera) => camera.state !== "live")],
    ["clock", Math.abs(device.clock_offset_ms) > CLOCK_MS],
    ["dropped", device.dropped > 0],
    ["depth", device.queued > DEPTH],
    ["config", configured(device) === "refused"],
  ];
  return found.filter(([, is]) => is).map(([fault]) => fault);
}

/** `own`: only its own file · `same`: it has what is wanted · `waiting`: not yet · `refused`: it will not. */
export function configured({ desired, reported }: Device): "own" | "same" | "waiting" | "refused" {
  if (!desired) return "own";
  if (desired.state === "rejected" || desired.state === "rolled-back") return "refused";
  return reported?.version === desired.version ? "same" : "waiting";
}

/** A command that may still be answered. */
export const isUnderWay = (command: Command): boolean => command.state === "queued" || command.state === "sent";

export interface Typed {
  readonly fps: string;
  readonly still_every: string;
}
/** What stands in the fields of the form: as it was typed. */
export const typedOf = (config: Config | null, camera: string): Typed => {
  const fields: CameraFields = config?.fields.cameras?.[camera] ?? {};
  return { fps: String(fields.fps ?? ""), still_every: String(fields.still_every ?? "") };
};

/** The fields to send: what was typed over what holds, masks and zones as they are; an empty one is the device's own file's. */
export function fieldsOf(config: Config | null, typed: Readonly<Record<string, Typed>>): { cameras: Record<string, CameraFields> } {
  const cameras: Record<string, CameraFields> = {};
  for (const [camera, { fps, still_every }] of Object.entries(typed)) {
    const { fps: _, still_every: __, ...rest } = config?.fields.cameras?.[camera] ?? {};
    const fields = { ...rest, ...(fps && { fps: Number(fps) }), ...(still_every && { still_every: Number(still_every) }) };
    if (Object.keys(fields).length) cameras[camera] = fields;
  }
  return { cameras };
}
