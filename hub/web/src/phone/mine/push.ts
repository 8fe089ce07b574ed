/** Web push on this phone: the browser subscribes at its maker's service, and the hub is told where. Best effort. */
import { get, post } from "../../api/http.ts";
import type { Channel, Push } from "../../api/notice.ts";
import type { Word } from "../../words.ts";

/** The sentence of why this browser has none; nothing where it may be turned on. */
export function lacks(): Word | null {
  if (!isSecureContext) return "channels.push.unkept";
  return "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis ? null : "channels.push.none";
}

/** Whether this browser is subscribed. */
export async function subscribed(): Promise<boolean> {
  if (lacks()) return false;
  const worker = await navigator.serviceWorker.getRegistration();
  return Boolean(await worker?.pushManager.getSubscription());
}

const bytes = (base64url: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

/** By a press: asks for leave, subscribes, tells the hub. Returns the sentence of why not; nothing when it is on. Raises the hub's Refusal. */
export async function subscribe(): Promise<Word | null> {
  const none = lacks();
  if (none) return none;
  if ((await Notification.requestPermission()) !== "granted") return "channels.push.denied";
  const { key } = await get<Push>("/api/push");
  if (!key) return "channels.push.off";
  const worker = await navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready, () => null);
  const made = await worker?.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }).catch(() => null);
  if (!made) return "channels.push.failed";
  const { endpoint, keys, expirationTime } = made.toJSON();
  await post<Channel>("/api/me/channels", { kind: "push", subscription: { endpoint, keys, expirationTime: expirationTime ?? null } });
  return null;
}
