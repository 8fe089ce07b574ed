/** Reads QR codes in pictures: by the browser where it can, else by a reader that came with the pages. */
import type { DetectedBarcode } from "barcode-detector/ponyfill";

export interface Reader {
  detect(picture: HTMLVideoElement): Promise<readonly Pick<DetectedBarcode, "rawValue">[]>;
}
interface Own {
  new (how: { formats: readonly string[] }): Reader;
  getSupportedFormats(): Promise<readonly string[]>;
}
const QR = "qr_code";

/** The browser's own reader; nothing where it has none, or one that knows no QR codes. */
async function own(): Promise<Reader | null> {
  const found = (globalThis as { BarcodeDetector?: Own }).BarcodeDetector;
  const formats = await found?.getSupportedFormats().catch((): readonly string[] => []);
  return found && formats?.includes(QR) ? new found({ formats: [QR] }) : null;
}

/** A reader that is ready to be given pictures. */
export async function reader(): Promise<Reader> {
  return (await own()) ?? (await import("./zxing.ts")).zxing();
}
