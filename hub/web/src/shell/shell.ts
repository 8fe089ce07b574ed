/** What goes on beside every page: the kept pages, when the hub was last heard, a new build, and who has left. */
import { mount } from "svelte";
import { answeredAt } from "../api/http.ts";
import { HEARD } from "../core/heard.ts";
import { recall, remember } from "../state/prefs.svelte.ts";
import { quiet } from "../state/quiet.svelte.ts";
import { route } from "../state/route.svelte.ts";
import { log } from "../state/session.svelte.ts";
import { hands } from "../state/time.svelte.ts";
import Newer from "./Newer.svelte";
import { SHELL_WORDS } from "./words.ts";

const LOOK_MS = 10 * 60_000;
const NOTE_MS = 10_000;
const WORKER = "/worker.js";
/** As long as the hub keeps a session that nobody uses; an open page asks by itself and would use it for ever. */
const LEFT_MS = 15 * 60_000;
const HANDS = "hands";

/** Pages are kept where they came encrypted: on a demo's own machine a kept page would outlive the demo. */
export function begin(): void {
  note();
  setInterval(() => {
    note();
    void lock();
  }, NOTE_MS);
  addEventListener("pagehide", note);
  if (location.protocol === "https:" && "serviceWorker" in navigator) void keep();
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

async function keep(): Promise<void> {
  const { serviceWorker } = navigator;
  // a browser that may not keep anything, or a hub that went away meanwhile: the page works as ever
  const kept = await serviceWorker.register(WORKER).catch(() => null);
  if (!kept) return;
  serviceWorker.addEventListener("controllerchange", () => void compare());
  setInterval(() => void kept.update().catch(() => null), LOOK_MS);
}

/** Whether the build that the hub gives now is still this page's; an open page is never exchanged by itself. A proxy's own page is no build. */
async function compare(): Promise<void> {
  const own = document.querySelector<HTMLScriptElement>("script[type=module]")?.src ?? "";
  const index = await fetch("/", { cache: "no-cache" }).then((answer) => (answer.ok ? answer.text() : ""), () => "");
  if (index && !index.includes(new URL(own).pathname) && !document.querySelector(".newer")) mount(Newer, { target: document.body });
}
