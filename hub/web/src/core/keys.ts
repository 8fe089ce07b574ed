/** Every key of the pages, as tables: mode and key give a command. Keys are `KeyboardEvent.key`, letters in lower case. */
import type { Dismissal, Emergency } from "../api/types.ts";

export type Mode = "list" | "dismiss" | "choose" | "help" | "p0";
export type Command =
  | "next" | "back" | "take" | "confirm" | "dismiss" | "attach" | "send" | "replay" | "show" | "undo" | "case"
  | "help" | "leave" | "view" | "sound" | "earlier" | "later" | `call:${Emergency}` | `pick:${number}`;

export const REASONS: readonly Dismissal[] = ["staff", "animal", "light", "authorised", "duplicate", "other"];

const CALLS = { f1: "call:119", f2: "call:110", f3: "call:120" } as const;
const PICKS = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [String(n), `pick:${n}`])) as Record<string, Command>;
const ACTS: Record<string, Command> = { a: "confirm", d: "dismiss", g: "send", l: "replay", z: "undo", o: "case", s: "sound", "?": "help" };

const TABLE: Record<Mode, Record<string, Command>> = {
  list: {
    ...CALLS, ...ACTS,
    j: "next", k: "back", arrowdown: "next", arrowup: "back",
    enter: "take", m: "attach", n: "show", escape: "leave", v: "view",
  },
  p0: { ...CALLS, ...ACTS, enter: "take", escape: "leave", arrowleft: "earlier", arrowright: "later" },
  dismiss: { ...CALLS, ...PICKS, d: "leave", escape: "leave", "?": "help" },
  choose: { ...CALLS, ...PICKS, escape: "leave", "?": "help" },
  help: { ...CALLS, "?": "leave", escape: "leave" },
};

export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
}

/** Keys that may be held down; a held A must not decide twice. */
const REPEATABLE: ReadonlySet<Command> = new Set(["next", "back"]);

/** What a press means in this mode, or null. `typing`: the focus is in a field, where only Escape and the call keys count. */
export function command(mode: Mode, press: Press, typing = false): Command | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const found = TABLE[mode][press.key.toLowerCase()] ?? null;
  if (found === null || (press.repeat && !REPEATABLE.has(found))) return null;
  if (typing && found !== "leave" && !found.startsWith("call:")) return null;
  return found;
}

/** The reason behind a digit, or null when the digit has none. */
export const reasonOf = (n: number): Dismissal | null => REASONS[n - 1] ?? null;

const FIELDS = new Set(["INPUT", "SELECT", "TEXTAREA"]);

/** Whether a press belongs to the field that has the focus. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (FIELDS.has(target.tagName) || target.isContentEditable);

/** Enter and Space on a focused button or link are that button's own. */
export const isOwnPress = (target: EventTarget | null, key: string): boolean =>
  target instanceof HTMLElement && (key === "Enter" || key === " ") && target.closest("button, a, summary, [role=button]") !== null;
