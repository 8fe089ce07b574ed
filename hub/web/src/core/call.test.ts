import { expect, test } from "vitest";
import { again, type Call, forGood, type KeptCall, latest, ofSession, type Refused, revived, tried } from "./call.ts";

class No extends Error implements Refused {
  readonly status: number;
  readonly code: string;
  readonly words = { zh: "不行", en: "No" };
  constructor(status: number, code = "unknown") {
    super();
    this.status = status;
    this.code = code;
  }
}
const refused = (error: unknown): Refused | null => (error instanceof No ? error : null);
const CALL: Call = { call: "0193", button: "sos", at: "2026-11-22T19:14:00Z", note: "", position: null };
const NEW: KeptCall<string> = { call: CALL, who: "li", state: "sending", tries: 0, receipt: null, why: null };

test("a call that nobody answers is sent again in the same words under the same id, and never more seldom than every five seconds", async () => {
  const heard: Call[] = [];
  let kept = NEW;
  for (const status of [0, 0, 503, 429, 401, 0, 0]) {
    kept = await tried(kept, async (call) => (heard.push(call), Promise.reject(new No(status))), refused);
    expect(kept.state).toBe("sending");
    expect(again(kept.tries)).toBeLessThanOrEqual(5_000);
  }
  kept = await tried(kept, async (call) => (heard.push(call), "alert-1"), refused);
  expect(kept).toMatchObject({ state: "taken", receipt: "alert-1", tries: 8, why: null });
  expect(new Set(heard)).toEqual(new Set([CALL]));
});
test("the second try comes within a second", () => {
  expect(again(1)).toBeLessThan(1_000);
});
test("a hub that says no for good is told once, and its sentence stays", async () => {
  const kept = await tried(NEW, () => Promise.reject(new No(403)), refused);
  expect(kept).toMatchObject({ state: "refused", why: { zh: "不行" } });
  expect([401, 429, 500, 503, 0].filter((status) => forGood(new No(status)))).toEqual([]);
});
test("a call that came before its session was read is not refused, and nobody is told to reload a page", async () => {
  const early = new No(403, "session.csrf");
  const kept = await tried(NEW, () => Promise.reject(early), refused);
  expect(kept).toMatchObject({ state: "sending", why: null });
  expect([early, new No(401), new No(403)].map(ofSession)).toEqual([true, true, false]);
});
test("what an older build gave up over its session goes out after all, and nothing else", () => {
  const given: KeptCall = { ...NEW, state: "refused", why: { zh: "请刷新页面后重试。", en: "Reload the page, then try again." } };
  const judged: KeptCall = { ...NEW, state: "refused", why: { zh: "不行", en: "No" } };
  expect([given, judged].map(revived)).toMatchObject([{ state: "sending", why: null }, judged]);
});
test("a fault of the page is no refusal of the hub", async () => {
  await expect(tried(NEW, () => Promise.reject(new TypeError("broken")), refused)).rejects.toThrow("broken");
});
test("the newest call of a button is the one that is shown", () => {
  const at = (call: string, time: string): KeptCall<string> => ({ ...NEW, call: { ...CALL, call, at: time } });
  const all = [at("b", "2026-11-22T19:15:00Z"), at("a", "2026-11-22T19:14:00Z"), { ...at("h", "2026-11-22T19:16:00Z"), call: { ...CALL, call: "h", button: "help" as const } }];
  expect(latest(all, "sos")?.call.call).toBe("b");
  expect(latest([], "sos")).toBeNull();
});
