/** The reader for browsers that have none: compiled code of this hub's own, fetched when somebody scans. */
import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { Reader } from "./reader.ts";

/** Ready once the compiled code is there. */
export async function zxing(): Promise<Reader> {
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
