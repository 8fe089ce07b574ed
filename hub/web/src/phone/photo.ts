/** A picture of the camera as it is kept and sent: a JPEG of a bounded size that says nothing but what it shows. */
import { Refusal } from "../api/http.ts";
import { within } from "../core/fit.ts";

const MOST_SIDE = 1600;
const MOST_BYTES = 1_500_000;
const QUALITIES = [0.82, 0.7, 0.55, 0.4] as const;
const NONE = { code: "photo.none", zh: "这张图打不开，请重新拍一张。", en: "This picture does not open. Take another." };

/** Drawn anew, so that place, time and model that the camera wrote into it are gone; turned as it was held. */
export async function jpeg(picture: Blob): Promise<Blob> {
  // older browsers know no such way to turn it and refuse the picture for it
  const image = await createImageBitmap(picture, { imageOrientation: "from-image" }).catch(() => createImageBitmap(picture).catch(() => null));
  if (!image) throw new Refusal(0, NONE);
  const [width, height] = within(image.width, image.height, MOST_SIDE);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
  image.close();
  let made: Blob | null = null;
  for (const quality of QUALITIES) {
    made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (made && made.size <= MOST_BYTES) return made;
  }
  throw new Refusal(0, NONE);
}
