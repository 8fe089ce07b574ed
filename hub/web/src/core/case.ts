/** The case as a line of seven nodes, and the keys of its moves: tables, tested as such. */
import type { CasePage, Field, Move, Stage, StageLine } from "../api/types.ts";
import { valueOf } from "./choice.ts";

export type Node = "report" | "accept" | "dispatch" | "handle" | "verify" | "close" | "evaluate";
export const NODES: readonly Node[] = ["report", "accept", "dispatch", "handle", "verify", "close", "evaluate"];

/** The node that is being worked on at a stage; null when the case has ended. */
export const NOW: Readonly<Record<Stage, Node | null>> = {
  REPORTED: "accept", ACCEPTED: "dispatch", DISPATCHED: "handle", HANDLING: "handle", SUSPENDED: "handle",
  HANDLED: "verify", CLOSED: "evaluate", EVALUATED: null, REJECTED: null, MERGED: null, CANCELLED: null,
};
/** The stage whose entry proves that a node is done. */
const DONE_BY: Readonly<Record<Node, Stage>> = {
  report: "REPORTED", accept: "ACCEPTED", dispatch: "DISPATCHED", handle: "HANDLED", verify: "CLOSED", close: "CLOSED", evaluate: "EVALUATED",
};
/** The clock that runs on a node. */
const CLOCK: Readonly<Record<Node, string | null>> = {
  report: null, accept: "accept", dispatch: "dispatch", handle: "handle", verify: "verify", close: null, evaluate: null,
};

export interface NodeLine {
  readonly node: Node;
  readonly state: "done" | "now" | "ahead";
  readonly line: StageLine | null;
  readonly clock: CasePage["clocks"][number] | null;
}

/** The seven nodes as they stand. What lies behind the present one is done; a case that ended keeps only what it reached. */
export function nodesOf(page: Pick<CasePage, "stage" | "stages" | "clocks">): NodeLine[] {
  const now = NOW[page.stage];
  const at = now === null ? NODES.length : NODES.indexOf(now);
  return NODES.map((node, i) => {
    const line = page.stages.findLast(({ stage }) => stage === DONE_BY[node]) ?? null;
    const state = node === now ? "now" : i < at && (now !== null || line) ? "done" : "ahead";
    const clock = page.clocks.findLast(({ clock: kind }) => kind === CLOCK[node]) ?? null;
    return { node, state, line: state === "done" ? line : null, clock };
  });
}

/** Columns of the board: the stages a person sorts by. */
export const COLUMNS: readonly (readonly [Node, readonly Stage[]])[] = [
  ["accept", ["REPORTED"]],
  ["dispatch", ["ACCEPTED"]],
  ["handle", ["DISPATCHED", "HANDLING", "SUSPENDED"]],
  ["verify", ["HANDLED"]],
  ["evaluate", ["CLOSED"]],
];
export const ENDED: ReadonlySet<Stage> = new Set(["EVALUATED", "REJECTED", "MERGED", "CANCELLED"]);

const KEYS: Readonly<Record<string, string>> = {
  accept: "A", acknowledge: "A", reject: "R", rework: "R", merge: "M", unmerge: "M", dispatch: "G", en_route: "T", on_scene: "S",
  return_request: "B", return_decide: "B", suspend_request: "P", suspend_decide: "P", resume: "P", handle: "H", verify_close: "V",
  evaluate: "V", reopen: "O", cancel: "X", priority: "U", note: "E", call: "L", remind: "C",
};
/** Moves that bring the case on, first the one that is waited for; the first of them is the primary button. */
const ONWARD: readonly string[] = [
  "accept", "dispatch", "return_decide", "suspend_decide", "acknowledge", "en_route", "on_scene", "handle", "resume", "verify_close", "evaluate",
];

export interface KeyedMove {
  readonly move: Move;
  readonly key: string | null;
  readonly primary: boolean;
}

/** Allowed moves with a key each, the primary first; the rest in the hub's order. */
export function keyed(moves: readonly Move[]): KeyedMove[] {
  const rank = (move: Move): number => (ONWARD.includes(move.act) ? ONWARD.indexOf(move.act) : ONWARD.length);
  const taken = new Set<string>();
  return moves
    .filter((move) => move.allowed)
    .sort((a, b) => rank(a) - rank(b))
    .map((move, i) => {
      const key = KEYS[move.act] ?? null;
      const free = key !== null && !taken.has(key);
      if (free) taken.add(key);
      return { move, key: free ? key : null, primary: i === 0 && ONWARD.includes(move.act) };
    });
}

/** The first required field that is still empty, or null. */
export function missing(fields: readonly Field[], values: Readonly<Record<string, unknown>>): Field | null {
  return fields.find(({ name, required }) => required && (values[name] === undefined || values[name] === "" || values[name] === false)) ?? null;
}

/** What is sent: choices in the type the hub offered them, empty optional fields left out, text trimmed. */
export function bodyOf(fields: readonly Field[], values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { name, type, choices } of fields) {
    const value = values[name];
    if (value === undefined || value === "") continue;
    const chosen = choices?.map(valueOf).find((choice) => String(choice) === String(value));
    body[name] = type === "text" ? String(value).trim() : type === "date" ? new Date(String(value)).toISOString() : (chosen ?? value);
  }
  return body;
}
