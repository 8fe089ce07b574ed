/** Sizes of pictures. */

/** Width and height, whole pixels, so that the longer side is `most` at most; a smaller picture stays as it is. */
export function within(width: number, height: number, most: number): readonly [number, number] {
  const scale = Math.min(1, most / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}
