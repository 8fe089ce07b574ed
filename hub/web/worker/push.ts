/**
 * What the hub pushes is shown as a notification, and a tap opens its page. Best effort: a push service may be slow or
 * out of reach, so nothing depends on it.
 */
export {};
declare const self: ServiceWorkerGlobalScope;

/** As hub/gear/notify/webpush.py sends it. */
interface Pushed {
  readonly notice?: string;
  readonly severity?: number;
  readonly zh?: string;
  readonly en?: string;
  readonly url?: string;
}

const TITLE = { zh: ["联防 紧急", "联防 重要", "联防", "联防"], en: ["Lianfang: urgent", "Lianfang: high", "Lianfang", "Lianfang"] } as const;
const UNKNOWN = { zh: "有新通知，打开看。", en: "There is something new: open the page." } as const;
const PAGE = "/phone";
/** Where on that page it stands, unless the hub names a place. */
const NOTICES = "#/notices";
/** Stays until it is tapped: urgent and high. */
const STAYS = 1;

/** A push that cannot be read still says that there is something. */
function read(data: PushMessageData | null): Pushed {
  try {
    return (data?.json() ?? {}) as Pushed;
  } catch {
    return {};
  }
}

async function show(pushed: Pushed): Promise<void> {
  const lang = self.navigator.language.startsWith("en") ? "en" : "zh";
  const level = Math.min(Math.max(pushed.severity ?? 2, 0), 3);
  await self.registration.showNotification(TITLE[lang][level] ?? TITLE[lang][2], {
    body: pushed[lang] ?? UNKNOWN[lang],
    tag: pushed.notice ?? "notice",
    lang: lang === "zh" ? "zh-CN" : "en",
    icon: "/icon-192.png",
    badge: "/icon-192.png",
    requireInteraction: level <= STAYS,
    data: { url: pushed.url ?? PAGE },
  });
}

/** A page of ours that is open comes to the front and goes there; else one is opened. */
async function open(url: string): Promise<void> {
  const there = new URL(url, self.location.origin);
  if (there.origin !== self.location.origin) return;
  if (there.pathname === PAGE) there.hash ||= NOTICES;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const found = pages.find((page) => new URL(page.url).pathname === there.pathname);
  if (!found) return void (await self.clients.openWindow(there.href));
  await found.focus();
  found.postMessage({ go: there.hash });
}

self.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open((event.notification.data as { url: string }).url));
});
