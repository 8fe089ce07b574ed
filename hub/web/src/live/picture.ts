/** One coded picture as the hub's relay sends it; the table stands in wire/relay.py. */

export interface Picture {
  readonly camera: string;
  readonly main: boolean;
  readonly key: boolean;
  readonly codec: "h264" | "hevc";
  readonly width: number;
  readonly height: number;
  /** Stream time when it is shown, and when the hub had it: milliseconds by the hub's clock. */
  readonly at: number;
  readonly arrived: number;
  /** Annex B. */
  readonly data: Uint8Array<ArrayBuffer>;
}

const HEAD = 24;
const CODECS = { 1: "h264", 2: "hevc" } as const;

/** The picture in a message; nothing where it is none that this page knows. */
export function read(message: ArrayBuffer): Picture | null {
  if (message.byteLength <= HEAD) return null;
  const view = new DataView(message);
  const bits = view.getUint8(1);
  const codec = CODECS[view.getUint8(2) as 1 | 2];
  const start = HEAD + view.getUint8(3);
  if (view.getUint8(0) !== 1 || !codec || start >= message.byteLength) return null;
  return {
    camera: String.fromCharCode(...new Uint8Array(message, HEAD, start - HEAD)),
    main: (bits & 2) !== 0,
    key: (bits & 1) !== 0,
    codec,
    width: view.getUint16(4),
    height: view.getUint16(6),
    at: view.getFloat64(8),
    arrived: view.getFloat64(16),
    data: new Uint8Array(message, start),
  };
}
