/** Wheel, drag, two fingers, a press, a band and the arrow keys on the plan of the ground. */
import { on as listen } from "svelte/events";
import type { Eye, View } from "../core/plan.ts";
import { neighbour, pan } from "../core/walk.ts";
import type { Cell, Floor } from "./floor.ts";
import { cellAt, within } from "./floor.ts";

export type Spot = readonly [x: number, y: number];
/** The plan as a hand finds it; places in metres. */
export interface Held {
  readonly floor: Floor;
  readonly eye: Eye;
  readonly view: View;
  /** Whether a drag draws a band, without Shift. */
  readonly banding: boolean;
  whole(): boolean;
  nearer(factor: number, x: number, y: number): void;
  move(to: Eye): void;
  /** `cell` is null beside all premises. `add`: what was chosen stays. */
  press(cell: Cell | null, add: boolean, at: Spot): void;
  band(from: Spot, to: Spot | null): void;
  catch(cells: readonly Cell[]): void;
  shows(cell: Cell): boolean;
  stand(cell: Cell): void;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Pixels that a press may slip and still be a press. */
const SLIP = 4;

/** Listens until what it returns is called; what lies over the plan may keep a press for itself, which plain listeners would not let it. */
export function hold(node: SVGSVGElement, plan: Held): () => void {
  const stops: (() => void)[] = [];
  const on = <K extends keyof SVGElementEventMap>(kind: K, ear: (event: SVGElementEventMap[K]) => void) =>
    stops.push(listen(node, kind, ear as EventListener, { passive: false }));
  const fingers = new Map<number, PointerEvent>();
  let from: { x: number; y: number; eye: Eye; spot: Spot; band: boolean; moved: boolean } | null = null;
  const spotOf = (event: { clientX: number; clientY: number }): Spot => {
    const box = node.getBoundingClientRect();
    return [plan.view.x + (event.clientX - box.left) / plan.eye.scale, plan.view.y + (event.clientY - box.top) / plan.eye.scale];
  };
  const apart = (): number => {
    const [one, other] = [...fingers.values()];
    return one && other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
  };

  on("wheel", (event) => {
    event.preventDefault();
    plan.nearer(event.deltaY < 0 ? 1.25 : 0.8, ...spotOf(event));
  });
  on("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    const band = event.button === 0 && (event.shiftKey || plan.banding) && fingers.size === 1;
    from = { x: event.clientX, y: event.clientY, eye: plan.eye, spot: spotOf(event), band, moved: fingers.size > 1 };
    if (band) node.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    if (!from || event.buttons === 0) return;
    const before = apart();
    fingers.set(event.pointerId, event);
    if (before > 0) return plan.nearer(apart() / before, ...spotOf(event));
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && Math.hypot(dx, dy) < SLIP) return;
    from.moved = true;
    if (from.band) plan.band(from.spot, spotOf(event));
    else if (!plan.whole()) plan.move(pan(from.eye, -dx / from.eye.scale, -dy / from.eye.scale, plan.floor.bounds));
  });
  const lift = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    if (from?.band && from.moved) {
      if (event.type === "pointerup") plan.catch(within(plan.floor, from.spot, spotOf(event)));
      plan.band(from.spot, null);
    }
  };
  on("pointerup", lift);
  on("pointercancel", lift);
  on("pointerleave", (event) => void fingers.delete(event.pointerId));
  on("click", (event) => {
    if (from?.moved) return;
    const spot = spotOf(event);
    plan.press(cellAt(plan.floor, ...spot), event.shiftKey || event.ctrlKey || event.metaKey, spot);
  });
  on("keydown", (event) => {
    const arrow = ARROWS[event.key];
    const index = (event.target as SVGElement).dataset.shop;
    const cell = plan.floor.cells[Number(index)];
    if (index === undefined || !cell) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      plan.press(cell, true, [cell.x, cell.y]);
    }
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const next = plan.floor.cells[neighbour(plan.floor.cells, cell, ...arrow).index]!;
    plan.stand(next);
    if (event.shiftKey && next !== cell) plan.catch([cell, next]);
    if (!plan.shows(next)) plan.move(pan(plan.eye, next.x - plan.eye.x, next.y - plan.eye.y, plan.floor.bounds));
    requestAnimationFrame(() => node.querySelector<SVGElement>(`[data-shop="${next.index}"]`)?.focus());
  });
  return () => stops.forEach((stop) => stop());
}
