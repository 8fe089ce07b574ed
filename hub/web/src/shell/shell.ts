/** What goes on beside every page: the kept pages, when the hub was last heard, a new build, and who has left. */
import { answeredAt } from "../api/http.ts";
import { HEARD } from "../core/heard.ts";
import { recall, remember } from "../state/prefs.svelte.ts";
import { quiet } from "../state/quiet.svelte.ts";
import { route } from "../state/route.svelte.ts";
import { log } from "../state/session.svelte.ts";
import { hands } from "../state/time.svelte.ts";
import { keep } from "./keep.ts";
import { SHELL_WORDS } from "./words.ts";

const NOTE_MS = 10_000;
/** As long as the hub keeps a session that nobody uses; an open page asks by itself and would use it for ever. */
const LEFT_MS = 15 * 60_000;
const HANDS = "hands";

export function begin(): void {
  note();
  setInterval(() => {
    note();
    void lock();
  }, NOTE_MS);
  addEventListener("pagehide", note);
  void keep("/");
}

/** Remember when the hub was last heard, for the page that is opened without it. */
function note(): void {
  const fed = log.state === "in" ? Date.now() - quiet.heardMs : 0;
  const at = Math.max(answeredAt(), fed);
  if (at) remember(HEARD, new Date(at).toISOString());
}

/**
 * Sign out whoever has left this machine, in whatever tab they worked. A wall that is looked at goes on: alarms come there.
 * All tabs have one session, so an open wall is a hand in the others too.
 */
async function lock(): Promise<void> {
  const here = log.state === "in" && route.page === "wall" ? Date.now() : hands.at;
  const last = Math.max(here, Number(recall(HANDS)));
  if (last === here) remember(HANDS, String(last));
  if (log.state !== "in" || log.session?.kind !== "person" || route.page === "wall" || Date.now() - last < LEFT_MS) return;
  await log.leave();
  const [zh, en] = SHELL_WORDS["left.why"];
  log.why = { zh, en };
}
