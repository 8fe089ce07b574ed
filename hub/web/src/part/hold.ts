/** Wheel, drag, click and arrow keys on the plan. Its other keyboard ways are the buttons and the lists beside it. */
import { type Drawing, type Eye, type Shop, type View } from "../core/plan.ts";
import { neighbour, pan } from "../core/walk.ts";

/** The plan as a hand finds it. */
export interface Held {
  readonly eye: Eye;
  readonly view: View;
  readonly bounds: Drawing["bounds"];
  readonly shops: readonly Shop[];
  /** Whether the whole market is in view, so that there is nowhere to drag it to. */
  whole(): boolean;
  nearer(factor: number, x: number, y: number): void;
  move(to: Eye): void;
  choose(shop: Shop | null): void;
  shows(shop: Shop): boolean;
  alert(id: string): void;
  camera(id: string): void;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Pixels that a press may slip and still be a press. */
const SLIP = 4;

/** Listens until what it returns is called. */
export function hold(node: SVGSVGElement, plan: Held): () => void {
  const stop = new AbortController();
  const on = <K extends keyof SVGElementEventMap>(kind: K, ear: (event: SVGElementEventMap[K]) => void) =>
    node.addEventListener(kind, ear, { signal: stop.signal, passive: false });
  let from: { x: number; y: number; eye: Eye; moved: boolean } | null = null;

  on("wheel", (event) => {
    event.preventDefault();
    const box = node.getBoundingClientRect();
    const { eye, view } = plan;
    plan.nearer(event.deltaY < 0 ? 1.25 : 0.8, view.x + (event.clientX - box.left) / eye.scale, view.y + (event.clientY - box.top) / eye.scale);
  });
  on("pointerdown", (event) => void (from = { x: event.clientX, y: event.clientY, eye: plan.eye, moved: false }));
  on("pointermove", (event) => {
    if (!from || event.buttons === 0 || plan.whole()) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && Math.hypot(dx, dy) < SLIP) return;
    from.moved = true;
    plan.move(pan(from.eye, -dx / from.eye.scale, -dy / from.eye.scale, plan.bounds));
  });
  on("click", (event) => {
    if (from?.moved) return;
    const data = (event.target as Element).closest<SVGElement>("[data-alert], [data-camera], [data-shop]")?.dataset;
    if (data?.alert) plan.alert(data.alert);
    else if (data?.camera) plan.camera(data.camera);
    else if (data?.shop) plan.choose(plan.shops[Number(data.shop)] ?? null);
  });
  on("keydown", (event) => {
    const arrow = ARROWS[event.key];
    const index = (event.target as SVGElement).dataset.shop;
    if (!arrow || index === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const chosen = neighbour(plan.shops, plan.shops[Number(index)]!, ...arrow);
    plan.choose(chosen);
    if (!plan.shows(chosen)) plan.move(pan(plan.eye, chosen.x - plan.eye.x, chosen.y - plan.eye.y, plan.bounds));
    requestAnimationFrame(() => node.querySelector<SVGElement>(`[data-shop="${chosen.index}"]`)?.focus());
  });
  return () => stop.abort();
}
