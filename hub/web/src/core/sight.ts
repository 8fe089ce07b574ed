/**
 * What a camera looks at on the plan: its fan of view, cut where walls stand.
 * A drawing aid, not the coverage figure: shops are solid, everything else is open.
 */
import type { Camera } from "../api/types.ts";

/** Left, top, right, bottom in metres. */
export type Rect = readonly [number, number, number, number];

const RAY_DEGREES = 3;

/** Corners of the fan, camera first, metres. */
export function sight(camera: Camera, walls: readonly Rect[]): [number, number][] {
  const { x, y, range } = camera;
  const near = walls.filter(
    ([l, t, r, b]) =>
      l < x + range && r > x - range && t < y + range && b > y - range && !(x > l && x < r && y > t && y < b),
  );
  const rays = Math.max(2, Math.ceil(camera.fov / RAY_DEGREES));
  const corners: [number, number][] = camera.fov >= 360 ? [] : [[x, y]];
  for (let i = 0; i <= rays; i += 1) {
    const angle = ((camera.bearing - 90 + camera.fov * (i / rays - 0.5)) * Math.PI) / 180;
    const dx = Math.cos(angle);
    const dy = Math.sin(angle);
    const reach = near.reduce((best, wall) => Math.min(best, hit(x, y, dx, dy, wall)), range);
    corners.push([x + dx * reach, y + dy * reach]);
  }
  return corners;
}

/** Distance along a ray to a rectangle, Infinity where it passes. */
function hit(x: number, y: number, dx: number, dy: number, [l, t, r, b]: Rect): number {
  const [x1, x2] = slab(x, dx, l, r);
  const [y1, y2] = slab(y, dy, t, b);
  const enter = Math.max(x1, y1);
  return enter <= Math.min(x2, y2) && enter > 0 ? enter : Infinity;
}

function slab(from: number, by: number, low: number, high: number): [number, number] {
  if (Math.abs(by) < 1e-9) return from > low && from < high ? [-Infinity, Infinity] : [Infinity, -Infinity];
  const a = (low - from) / by;
  const b = (high - from) / by;
  return a < b ? [a, b] : [b, a];
}

/** Square metres inside a ring. */
export function area(ring: readonly (readonly [number, number])[]): number {
  return Math.abs(
    ring.reduce((sum, [x, y], i) => {
      const [u, v] = ring[(i + 1) % ring.length]!;
      return sum + x * v - u * y;
    }, 0) / 2,
  );
}
