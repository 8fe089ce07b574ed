/** Moving about on the plan. */
import type { Market } from "../api/types.ts";
import type { Eye, Shop } from "./plan.ts";

/** The eye moved by metres, its centre kept inside the market. */
export function pan(eye: Eye, dx: number, dy: number, [l, t, r, b]: Market["bounds"]): Eye {
  return { ...eye, x: Math.min(Math.max(eye.x + dx, l), r), y: Math.min(Math.max(eye.y + dy, t), b) };
}

/** The shop to which an arrow key leads: the nearest one whose direction fits best. */
export function neighbour(shops: readonly Shop[], from: Shop, dx: number, dy: number): Shop {
  let best = from;
  let least = Infinity;
  for (const shop of shops) {
    const along = (shop.x - from.x) * dx + (shop.y - from.y) * dy;
    const aside = Math.abs((shop.x - from.x) * dy) + Math.abs((shop.y - from.y) * dx);
    const cost = along + aside * 3;
    if (along > 0.5 && cost < least) [best, least] = [shop, cost];
  }
  return best;
}
