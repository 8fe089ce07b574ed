/** What a browser's decoders must be told of an H.264 or H.265 stream, read from its own parameter sets. */

/** The units of an Annex B byte stream, without start codes. */
export function nals(data: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let begin = -1;
  for (let i = 0; i + 2 < data.length; i += 1) {
    if (data[i + 2]! > 1) i += 2;
    else if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1) {
      if (begin >= 0) found.push(trimmed(data.subarray(begin, i)));
      begin = i + 3;
      i += 2;
    }
  }
  if (begin >= 0) found.push(data.subarray(begin));
  return found;
}

/** A start code may have a zero before it, which belongs to no unit. */
function trimmed(unit: Uint8Array): Uint8Array {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end -= 1;
  return unit.subarray(0, end);
}

const SPS = 7;
const PPS = 8;
const HEVC_SPS = 33;
const hex = (n: number): string => n.toString(16).padStart(2, "0");

export interface Sets {
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

/** The parameter sets of an H.264 keyframe. */
export function sets(units: readonly Uint8Array[]): Sets | null {
  const sps = units.find((unit) => (unit[0]! & 31) === SPS);
  const pps = units.find((unit) => (unit[0]! & 31) === PPS);
  return sps && pps && sps.length > 3 ? { sps, pps } : null;
}

/** The codec's name with profile and level (RFC 6381), from a keyframe. */
export function codecName(codec: "h264" | "hevc", units: readonly Uint8Array[]): string | null {
  if (codec === "h264") {
    const found = sets(units);
    return found && `avc1.${hex(found.sps[1]!)}${hex(found.sps[2]!)}${hex(found.sps[3]!)}`;
  }
  const sps = units.find((unit) => ((unit[0]! >> 1) & 63) === HEVC_SPS);
  return sps ? hevcName(bare(sps.subarray(0, 32))) : null;
}

function hevcName(sps: Uint8Array): string | null {
  if (sps.length < 15) return null;
  const first = sps[3]!;
  const compatible = ((sps[4]! << 24) | (sps[5]! << 16) | (sps[6]! << 8) | sps[7]!) >>> 0;
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) if (compatible & (1 << bit)) reversed |= 1 << (31 - bit);
  const limits = [...sps.subarray(8, 14)];
  while (limits.length > 0 && limits.at(-1) === 0) limits.pop();
  const space = ["", "A", "B", "C"][first >> 6]!;
  const tier = first & 32 ? "H" : "L";
  const parts = [`hev1.${space}${first & 31}`, (reversed >>> 0).toString(16), `${tier}${sps[14]!}`];
  return [...parts, ...limits.map((one) => one.toString(16))].join(".");
}

/** Without the bytes that keep a start code from appearing within a unit. */
function bare(unit: Uint8Array): Uint8Array {
  return unit.filter((byte, i) => !(byte === 3 && i > 1 && unit[i - 1] === 0 && unit[i - 2] === 0));
}

/** The parameter sets as files keep them (ISO/IEC 14496-15, avcC). */
export function avcC({ sps, pps }: Sets): Uint8Array {
  const head = [1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1];
  return new Uint8Array([...head, sps.length >> 8, sps.length & 255, ...sps, 1, pps.length >> 8, pps.length & 255, ...pps]);
}

/** The picture's units with their length before each, as files keep them; parameter sets stand in the file's head. */
export function lengthed(units: readonly Uint8Array[]): Uint8Array {
  const kept = units.filter((unit) => ![SPS, PPS, 9].includes(unit[0]! & 31));
  const made = new Uint8Array(kept.reduce((sum, unit) => sum + 4 + unit.length, 0));
  const view = new DataView(made.buffer);
  let at = 0;
  for (const unit of kept) {
    view.setUint32(at, unit.length);
    made.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return made;
}
