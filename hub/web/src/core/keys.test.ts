import { describe, expect, test } from "vitest";
import { command, type Mode, type Press, reasonOf } from "./keys.ts";

const press = (key: string, more: Partial<Press> = {}): Press => ({ key, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...more });

describe("keys of the wall", () => {
  test.each([
    ["j", "next"], ["k", "back"], ["a", "confirm"], ["d", "dismiss"], ["m", "attach"], ["g", "send"], ["l", "replay"], ["n", "show"],
    ["Enter", "take"], ["F1", "call:119"], ["F2", "call:110"], ["F3", "call:120"], ["?", "help"], ["z", "undo"], ["v", "view"],
  ])("%s does %s", (key, found) => expect(command("list", press(key))).toBe(found));

  test("work with Caps Lock on", () => expect(command("list", press("A"))).toBe("confirm"));

  test("D asks, and only then a digit decides", () => {
    expect(command("list", press("3"))).toBeNull();
    expect(command("dismiss", press("3"))).toBe("pick:3");
    expect(reasonOf(3)).toBe("light");
    expect(reasonOf(7)).toBeNull();
  });

  test("while a reason is asked for, A cannot open a case by mistake", () => expect(command("dismiss", press("a"))).toBeNull());

  test("a held A decides once, a held J walks on", () => {
    expect(command("list", press("a", { repeat: true }))).toBeNull();
    expect(command("list", press("j", { repeat: true }))).toBe("next");
  });

  test("the browser keeps its own combinations", () => expect(command("list", press("a", { ctrlKey: true }))).toBeNull());

  test("in a field only Escape and the calls count", () => {
    expect(command("list", press("a"), true)).toBeNull();
    expect(command("list", press("F1"), true)).toBe("call:119");
    expect(command("choose", press("Escape"), true)).toBe("leave");
  });

  test("a P0 cannot be walked away from, and the calls work in every mode", () => {
    expect(command("p0", press("j"))).toBeNull();
    for (const mode of ["list", "p0", "dismiss", "choose", "help"] as Mode[]) expect(command(mode, press("F1"))).toBe("call:119");
  });
});
