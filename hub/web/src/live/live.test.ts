import { describe, expect, test } from "vitest";
import { fragment, head } from "./fmp4.ts";
import { avcC, codecName, lengthed, nals, sets } from "./nal.ts";
import { read } from "./picture.ts";

const SPS = [0x67, 0x42, 0xc0, 0x1e, 0xda, 0x02, 0x80];
const PPS = [0x68, 0xce, 0x3c, 0x80];
const IDR = [0x65, 0x88, 0x84, 0x00, 0x10];
const KEYFRAME = new Uint8Array([0, 0, 0, 1, ...SPS, 0, 0, 0, 1, ...PPS, 0, 0, 1, ...IDR]);

function message(camera: string, bits: number, data: Uint8Array): ArrayBuffer {
  const made = new Uint8Array(24 + camera.length + data.length);
  const view = new DataView(made.buffer);
  [1, bits, 1, camera.length].forEach((byte, at) => view.setUint8(at, byte));
  view.setUint16(4, 768);
  view.setUint16(6, 576);
  view.setFloat64(8, 1_763_800_000_125);
  view.setFloat64(16, 1_763_800_000_130.5);
  made.set(new TextEncoder().encode(camera), 24);
  made.set(data, 24 + camera.length);
  return made.buffer;
}

describe("a relayed picture", () => {
  test("says of which camera and stream it is, when it was made and when the hub had it", () => {
    const found = read(message("c-2-01", 3, KEYFRAME))!;
    expect({ ...found, data: [...found.data] }).toEqual({
      camera: "c-2-01", main: true, key: true, codec: "h264", width: 768, height: 576, at: 1_763_800_000_125, arrived: 1_763_800_000_130.5, data: [...KEYFRAME],
    });
    expect(read(message("c-2-01", 0, KEYFRAME))!.key).toBe(false);
  });

  test("what is none is nothing", () => {
    expect(read(new ArrayBuffer(0))).toBeNull();
    expect(read(new ArrayBuffer(24))).toBeNull();
    expect(read(new Uint8Array(80).fill(9).buffer)).toBeNull();
    expect(read(message("c", 1, new Uint8Array()))).toBeNull();
  });
});

describe("a stream's own words", () => {
  test("its units are found behind short and long start codes", () => {
    expect(nals(KEYFRAME).map((unit) => [...unit])).toEqual([SPS.slice(0), PPS, IDR]);
    expect(nals(new Uint8Array([1, 2, 3]))).toEqual([]);
  });

  test("its name has profile and level", () => {
    expect(codecName("h264", nals(KEYFRAME))).toBe("avc1.42c01e");
    expect(codecName("h264", nals(new Uint8Array([0, 0, 1, ...IDR])))).toBeNull();
    const hevc = [0x42, 1, 1, 1, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 0x5d, 0xa0];
    expect(codecName("hevc", [new Uint8Array(hevc)])).toBe("hev1.1.6.L93.90");
  });

  test("a file keeps its parameter sets in its head and lengths before its units", () => {
    const found = sets(nals(KEYFRAME))!;
    expect([...avcC(found)]).toEqual([1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, 7, ...SPS, 1, 0, 4, ...PPS]);
    expect([...lengthed(nals(KEYFRAME))]).toEqual([0, 0, 0, 5, ...IDR]);
  });
});

describe("a file that grows", () => {
  /** Every box with its size, boxes within boxes too. */
  function boxes(data: Uint8Array, inside = new Set(["moov", "trak", "mdia", "minf", "stbl", "mvex", "moof", "traf", "dinf"])): string[] {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const found: string[] = [];
    for (let at = 0; at < data.length; ) {
      const size = view.getUint32(at);
      const name = String.fromCharCode(...data.subarray(at + 4, at + 8));
      expect(size).toBeGreaterThanOrEqual(8);
      found.push(name, ...(inside.has(name) ? boxes(data.subarray(at + 8, at + size), inside) : []));
      at += size;
      expect(at).toBeLessThanOrEqual(data.length);
    }
    return found;
  }

  test("begins with one track", () => {
    const found = boxes(head(768, 576, sets(nals(KEYFRAME))!));
    expect(found.filter((name) => name === "trak")).toHaveLength(1);
    expect(found.slice(0, 2)).toEqual(["ftyp", "moov"]);
    expect(found).toContain("stsd");
  });

  test("each picture stands behind its own index, which knows where it begins", () => {
    const data = lengthed(nals(KEYFRAME));
    const made = fragment(7, { key: true, at: 90_000, lasts: 9_000, data });
    expect(boxes(made)).toEqual(["moof", "mfhd", "traf", "tfhd", "tfdt", "trun", "mdat"]);
    const view = new DataView(made.buffer);
    const begins = made.length - data.length;
    const trun = begins - 8 - 32;
    expect(view.getUint32(trun + 16)).toBe(begins);
    expect([...made.subarray(begins)]).toEqual([...data]);
  });
});
