/** What M and G offer: alerts and cases to attach to, crews to send. Fetched after the wall is drawn. */
import { get, post } from "../../api/http.ts";
import type { Alert, CaseCard, CasePage, Choice, Crew, Pair } from "../../api/types.ts";
import { timeOfDay } from "../../core/clock.ts";
import { valueOf } from "../../core/choice.ts";
import { before, isOpen } from "../../core/queue.ts";
import { live } from "../../state/live.svelte.ts";
import { name, names, t } from "../../state/prefs.svelte.ts";
import { learn } from "../../words.ts";
import type { Hand, Offers } from "../desk.svelte.ts";
import { LATER_WORDS } from "./words.ts";

learn(LATER_WORDS);

const MOST_NEAR = 6;
const MOST = 9;
const OPEN_STAGES: ReadonlySet<string> = new Set(["REPORTED", "ACCEPTED", "DISPATCHED", "HANDLING", "SUSPENDED", "HANDLED"]);
const isCrew = (choice: Choice, number: string | number): boolean => new RegExp(`(^|\\D)0*${number}$`).test(String(valueOf(choice)));
const say = (words: Pair): string => name(words);

/** The open alerts and cases that this one may belong to, the nearest first. */
export async function targets(alert: Alert, hand: Hand): Promise<Offers> {
  const far = (other: Alert): number => Math.hypot((other.x ?? 1e6) - (alert.x ?? 0), (other.y ?? 1e6) - (alert.y ?? 0));
  const others = [...live.alerts.values()].filter((other) => isOpen(other) && other.id !== alert.id);
  others.sort((a, b) => far(a) - far(b) || before(a, b));
  const attach = (to: object, words: string) => async () => {
    await hand.act(alert.id, "attach", to, t("done.attach", { to: words }));
  };
  const near = others.slice(0, MOST_NEAR).map((other) => {
    const words = `${t("queue.number", { n: other.number })} ${name(other.place)}`;
    return { words, more: timeOfDay(other.received_at), run: attach({ alert: other.id }, words) };
  });
  const cases = (await get<CaseCard[]>("/api/cases?limit=20").catch(() => [])).filter((card) => OPEN_STAGES.has(card.stage));
  cases.sort((a, b) => Number(b.grid === alert.grid) - Number(a.grid === alert.grid));
  const files = cases.slice(0, MOST - near.length).map((card) => ({
    words: `${card.number} ${name(card.title)}`, more: name(card.place), run: attach({ case: card.id }, card.number),
  }));
  return { question: t("ask.attach"), options: [...near, ...files], none: t("ask.attach.none") };
}

/** The crews on duty, the nearest first. */
export function crews(alert: Alert, hand: Hand): Offers {
  const found = (live.page?.crews ?? []).filter((crew) => crew.people.length > 0);
  const nearest = String(alert.nearest?.crew ?? "");
  found.sort((a, b) => Number(String(b.number) === nearest) - Number(String(a.number) === nearest));
  const options = found.slice(0, MOST).map((crew) => ({
    words: `${t("alert.crew", { n: crew.number })} ${names(crew.people)}`,
    more: String(crew.number) === nearest && alert.nearest?.metres != null ? t("unit.m", { n: Math.round(alert.nearest.metres) }) : name(crew.place),
    run: () => send(alert, crew, hand),
  }));
  return { question: t("ask.send"), options, none: t("ask.send.none") };
}

/** Opens the case if there is none, and dispatches; a person who may not asks the one who may, in the case itself. */
async function send(alert: Alert, crew: Crew, hand: Hand): Promise<void> {
  const words = t("alert.crew", { n: crew.number });
  if (!alert.case && !(await hand.act(alert.id, "confirm", {}, ""))) return;
  const id = live.alerts.get(alert.id)?.case;
  if (!id) return hand.fail(t("fail.nocase"));
  await hand.tell(alert.id, async () => {
    const page = await get<CasePage>(`/api/cases/${id}`);
    const move = page.moves.find((each) => each.act === "dispatch");
    const unit = move?.fields.flatMap((field) => field.choices ?? []).find((choice) => isCrew(choice, crew.number));
    const body = { version: page.version };
    if (move?.allowed && unit !== undefined) {
      await post(`/api/cases/${id}/acts/dispatch`, { ...body, unit: valueOf(unit) });
      return t("done.send", { crew: words });
    }
    await post(`/api/cases/${id}/acts/note`, { ...body, text: t("ask.note", { crew: words }) });
    return t("done.ask", { crew: words, why: move ? say({ zh: move.zh ?? "", en: move.en ?? "" }) : "" });
  });
}
