import { expect, test } from "vitest";
import { change, changeWord, done, late, longDay, shortDay } from "./turn.ts";

test("a day is the market's own, in whatever zone the phone stands", () => {
  for (const zone of ["Asia/Shanghai", "Pacific/Auckland", "America/Los_Angeles"]) {
    process.env.TZ = zone;
    expect(shortDay("2026-11-22", "zh")).toEqual({ week: "周日", date: "22" });
    expect(shortDay("2026-11-22", "en")).toEqual({ week: "Sun", date: "22" });
    expect(longDay("2026-12-01", "en")).toBe("Tue 1 Dec");
    expect(longDay("2026-03-29", "zh")).toBe("3月29日 周日");
  }
});
test("a day for a day of the same month leaves everybody's count", () => {
  const same = change(3, 2, "2026-11-22", "2026-11-26");
  expect(same).toEqual({ mine: { before: 3, after: 3 }, theirs: { before: 2, after: 2 }, same: true });
  expect(changeWord(same, true)).toBe("swap.counts.same");
});
test("a day for one of the next month moves one over in this month", () => {
  const later = change(3, 2, "2026-11-30", "2026-12-02");
  expect(later).toMatchObject({ mine: { after: 2 }, theirs: { after: 3 }, same: false });
  expect(changeWord(later, true)).toBe("swap.counts.later");
});
test("whoever stands in for nothing has one more", () => {
  const stood = change(3, 2, "2026-11-22", null);
  expect(stood).toMatchObject({ mine: { after: 2 }, theirs: { after: 3 } });
  expect(changeWord(stood, false)).toBe("swap.counts.moved");
});
test("a thing is late once its time is over and nobody has done it", () => {
  const due = "2026-11-22T01:00:00Z";
  const at = Date.parse(due);
  expect(late({ done_at: null, due }, at + 1)).toBe(true);
  expect(late({ done_at: null, due }, at)).toBe(false);
  expect(late({ done_at: "2026-11-22T00:59:00Z", due }, at + 1)).toBe(false);
  expect(done([{ done_at: null }, { done_at: due }])).toBe(1);
});
