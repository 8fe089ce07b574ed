import { describe, expect, test } from "vitest";
import type { CasePage, Field, Move, Stage } from "../api/types.ts";
import { bodyOf, COLUMNS, ENDED, keyed, missing, NODES, nodesOf, NOW } from "./case.ts";

const STAGES = Object.keys(NOW) as Stage[];
const page = (stage: Stage, reached: Stage[]): Pick<CasePage, "stage" | "stages" | "clocks"> => ({
  stage,
  stages: reached.map((each) => ({ stage: each, at: "2026-11-22T03:00:00Z", used_s: null, limit_s: null, who: null, note: null })),
  clocks: [],
});
const move = (act: string, allowed = true): Move => ({ act, name: act, allowed, en: null, zh: null, fields: [] });

describe("the stage line", () => {
  test("of a case in hand shows what is done, what runs and what is ahead", () => {
    expect(nodesOf(page("HANDLING", ["REPORTED", "ACCEPTED", "DISPATCHED", "HANDLING"])).map(({ state }) => state)).toEqual(
      ["done", "done", "done", "now", "ahead", "ahead", "ahead"],
    );
  });
  test("of an evaluated case is done to its end", () => {
    const all: Stage[] = ["REPORTED", "ACCEPTED", "DISPATCHED", "HANDLING", "HANDLED", "CLOSED", "EVALUATED"];
    expect(nodesOf(page("EVALUATED", all)).every(({ state }) => state === "done")).toBe(true);
  });
  test("of a cancelled case does not claim what was never reached", () => {
    expect(nodesOf(page("CANCELLED", ["REPORTED", "ACCEPTED", "CANCELLED"])).map(({ state }) => state)).toEqual(
      ["done", "done", "ahead", "ahead", "ahead", "ahead", "ahead"],
    );
  });
  test("has one running node at every open stage and none at an ended one", () => {
    for (const stage of STAGES) {
      const now = nodesOf(page(stage, [])).filter(({ state }) => state === "now").length;
      expect([stage, now]).toEqual([stage, ENDED.has(stage) ? 0 : 1]);
    }
    expect(NODES).toHaveLength(7);
  });
});

describe("the board", () => {
  test("has one place for every stage", () => {
    const placed = [...COLUMNS.flatMap(([, stages]) => stages), ...ENDED];
    expect([...placed].sort()).toEqual([...STAGES].sort());
  });
});

describe("moves", () => {
  test("put the one that is waited for first, with a key", () => {
    const found = keyed([move("note"), move("remind"), move("dispatch"), move("cancel", false)]);
    expect(keyed([move("note"), move("call")]).some(({ primary }) => primary)).toBe(false);
    expect(found.map(({ move: { act }, key, primary }) => [act, key, primary])).toEqual([
      ["dispatch", "G", true], ["note", "E", false], ["remind", "C", false],
    ]);
  });
  test("never give one key to two moves", () => {
    const keys = keyed(["reopen", "evaluate", "verify_close", "rework", "reject", "merge", "unmerge"].map((act) => move(act)))
      .map(({ key }) => key).filter((key) => key !== null);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("the form of a move", () => {
  const fields: Field[] = [
    { name: "severity", label: "级别", type: "choice", required: true, choices: [0, 1, 2] },
    { name: "reason", label: "原因", type: "text", required: true },
    { name: "note", label: "备注", type: "text", required: false },
  ];
  test("names the first field that is still empty", () => {
    expect(missing(fields, { severity: "1" })?.name).toBe("reason");
    expect(missing(fields, { severity: "1", reason: "x" })).toBeNull();
  });
  test("sends a choice in the hub's own type and leaves empty fields out", () => {
    expect(bodyOf(fields, { severity: "1", reason: " 复燃 ", note: "" })).toEqual({ severity: 1, reason: "复燃" });
  });
});
