/**
 * The shell: the built pages are kept on this machine, so that they open while the hub is away, and say so.
 *
 * Nothing else is kept or even touched: no answer of the API, no picture, no clip. A page is always asked of the hub
 * first, so a new build is there at the next load; what carries its hash in its name cannot be old and is taken from
 * here. An open page keeps its own build's files until the build after the next.
 */
import "./push.ts";
declare const self: ServiceWorkerGlobalScope;

/** Written in by the build: its own id, and each file with the hash that what comes must have. */
declare const SHELL: { readonly build: string; readonly files: Readonly<Record<string, string>> };

const FAMILY = "shell-";
const NAME = `${FAMILY}${SHELL.build}`;
const FIRST_PAGE = "/index.html";
const PHONE_PAGE = "/phone.html";
const PHONE = /^\/phone(\/|$)/;
const HASHED = "/assets/";
/** Addresses that only the hub itself can answer. */
const HUBS = /^\/(api|edge|metrics|trust)(\/|$)/;
/** A hub whose machine is off refuses nothing: it just does not answer. */
const PATIENCE_MS = 4_000;
const BROKEN = 500;

async function keep(): Promise<void> {
  const again = await caches.has(NAME);
  const shell = await caches.open(NAME);
  // what differs from this build's, as while another is being laid over it, is not taken: the next visit tries again
  await shell.addAll(Object.entries(SHELL.files).map(([path, integrity]) => new Request(path, { integrity, cache: "no-cache" })));
  if (again) await renew(shell);
  await self.skipWaiting();
}

/** A build that comes again, as when the one after it was taken back, is the newest anew: caches stand in the order they were made. */
async function renew(old: Cache): Promise<void> {
  const files = await Promise.all((await old.keys()).map(async (request) => [request, await old.match(request, { ignoreVary: true })] as const));
  await caches.delete(NAME);
  const shell = await caches.open(NAME);
  await Promise.all(files.map(([request, answer]) => answer && shell.put(request, answer)));
}

async function forget(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== NAME);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(path: string): Promise<Response | undefined> {
  return (await caches.open(NAME)).match(path, { ignoreVary: true });
}

async function ofHub(request: Request, path: string): Promise<Response> {
  const late = new Promise<never>((_, fail) => setTimeout(fail, PATIENCE_MS, new Error("late")));
  const answer = await Promise.race([fetch(request), late]).catch(() => undefined);
  if (answer && answer.status < BROKEN) return answer;
  return (await kept(path)) ?? answer ?? Response.error();
}

async function ofHere(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forget()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || HUBS.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(ofHub(request, PHONE.test(pathname) ? PHONE_PAGE : FIRST_PAGE));
  else if (pathname.startsWith(HASHED)) event.respondWith(ofHere(request));
  else if (pathname in SHELL.files) event.respondWith(ofHub(request, pathname));
});
