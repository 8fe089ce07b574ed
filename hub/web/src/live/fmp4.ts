/** H.264 pictures as a fragmented MP4 file, for browsers that play only files (ISO/IEC 14496-12). */
import { avcC, type Sets } from "./nal.ts";

/** Units of time a second. */
export const TICKS = 90_000;

type Part = Uint8Array | readonly number[];

const u16 = (n: number): number[] => [(n >> 8) & 255, n & 255];
const u32 = (n: number): number[] => [...u16(n >>> 16), ...u16(n)];
const u64 = (n: number): number[] => [...u32(Math.floor(n / 2 ** 32)), ...u32(n >>> 0)];
const zeros = (n: number): number[] => Array<number>(n).fill(0);
const text = (words: string): number[] => [...words].map((letter) => letter.charCodeAt(0));

function box(name: string, ...parts: Part[]): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(8 + parts.reduce((sum, part) => sum + part.length, 0));
  made.set([...u32(made.length), ...text(name)]);
  let at = 8;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}
/** A box that says its version and flags. */
const full = (name: string, flags: number, ...parts: Part[]) => box(name, u32(flags), ...parts);

const MATRIX = [1, 0, 0, 0, 1, 0, 0, 0, 0x4000].flatMap((n) => u32(n === 1 ? 0x10000 : n * 0x10000));

/** The file's head. */
export function head(width: number, height: number, found: Sets): Uint8Array<ArrayBuffer> {
  const size = [...u16(width), ...u16(height)];
  const avc1 = box("avc1", zeros(6), u16(1), zeros(16), size, u32(0x480000), u32(0x480000), zeros(4), u16(1), zeros(32), u16(24), [255, 255], box("avcC", avcC(found)));
  const none = (name: string) => full(name, 0, zeros(4));
  const stbl = box("stbl", full("stsd", 0, u32(1), avc1), none("stts"), none("stsc"), full("stsz", 0, zeros(8)), none("stco"));
  const dinf = box("dinf", full("dref", 0, u32(1), full("url ", 1)));
  const minf = box("minf", full("vmhd", 1, zeros(8)), dinf, stbl);
  const mdhd = full("mdhd", 0, zeros(8), u32(TICKS), zeros(4), u16(0x55c4), u16(0));
  const hdlr = full("hdlr", 0, zeros(4), text("vide"), zeros(12), [0]);
  const tkhd = full("tkhd", 3, zeros(8), u32(1), zeros(24), MATRIX, u32(width << 16), u32(height << 16));
  const trak = box("trak", tkhd, box("mdia", mdhd, hdlr, minf));
  const mvhd = full("mvhd", 0, zeros(8), u32(TICKS), zeros(4), u32(0x10000), u16(0x100), zeros(10), MATRIX, zeros(24), u32(2));
  const mvex = box("mvex", full("trex", 0, u32(1), u32(1), zeros(12)));
  const ftyp = box("ftyp", text("isom"), u32(0x200), text("isomiso6avc1mp41"));
  return joined(ftyp, box("moov", mvhd, trak, mvex));
}

export interface Sample {
  readonly key: boolean;
  /** Ticks at which it is shown, and for how many. */
  readonly at: number;
  readonly lasts: number;
  /** With lengths before its units. */
  readonly data: Uint8Array;
}

const DEPENDS = 0x01010000;
const ALONE = 0x02000000;

/** One picture as a fragment of its own; `number` counts them from 1. */
export function fragment(number: number, { key, at, lasts, data }: Sample): Uint8Array<ArrayBuffer> {
  const moof = (offset: number) =>
    box(
      "moof",
      full("mfhd", 0, u32(number)),
      box(
        "traf",
        full("tfhd", 0x020000, u32(1)),
        full("tfdt", 0x01000000, u64(at)),
        full("trun", 0x000701, u32(1), u32(offset), u32(lasts), u32(data.length), u32(key ? ALONE : DEPENDS)),
      ),
    );
  return joined(moof(moof(0).length + 8), box("mdat", data));
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}
