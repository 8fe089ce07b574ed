/** The kept pages: a worker keeps each build on this machine, and whoever has an older one open is told. */
import { mount } from "svelte";
import Newer from "./Newer.svelte";

const LOOK_MS = 10 * 60_000;
const WORKER = "/worker.js";

/** Keep the pages of the build that `page` begins. Only where they came encrypted: on a demo's own machine a kept page would outlive the demo. */
export async function keep(page: string): Promise<void> {
  if (location.protocol !== "https:" || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  // a browser that may not keep anything, or a hub that went away meanwhile: the page works as ever
  const kept = await serviceWorker.register(WORKER).catch(() => null);
  if (!kept) return;
  serviceWorker.addEventListener("controllerchange", () => void compare(page));
  setInterval(() => void kept.update().catch(() => null), LOOK_MS);
}

/** Whether the build that the hub gives now is still this page's; an open page is never exchanged by itself. A proxy's own page is no build. */
async function compare(page: string): Promise<void> {
  const own = document.querySelector<HTMLScriptElement>("script[type=module]")?.src ?? "";
  const there = await fetch(page, { cache: "no-cache" }).then((answer) => (answer.ok ? answer.text() : ""), () => "");
  if (there && !there.includes(new URL(own).pathname) && !document.querySelector(".newer")) mount(Newer, { target: document.body });
}
