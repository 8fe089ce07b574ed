/**
 * The offline queue. `photo` keeps a picture, `say` keeps what is said and names the pictures; both return once the phone
 * has it for good. It goes when there is a hub, under the same id until there is a receipt, and nothing is forgotten
 * without one.
 */
import { place } from "../api/file.ts";
import { post, Refusal } from "../api/http.ts";
import type { Pair } from "../api/types.ts";
import { next, type Receipt, type Said, settle, spoken, unneeded } from "../core/said.ts";
import { uuid7 } from "../core/uuid.ts";
import { log } from "../state/session.svelte.ts";
import { me } from "./me.svelte.ts";
import { jpeg } from "./photo.ts";
import { insist, type Photo, store } from "./store.ts";
import { waiting } from "./waiting.svelte.ts";

const LOCK = "lianfang-said";
const AGAIN_MS = 5_000;
/** Refusals that come of the hub or the session and not of what was sent. */
const LATER: ReadonlySet<number> = new Set([0, 401, 403, 404, 408, 429]);
const later = ({ status }: Refusal): boolean => LATER.has(status) || status >= 500;
/** So many that the hub fails on are tried by themselves before it is left alone. */
const MOST_FAILED = 3;
const BROKEN = 500;
const LOST = { zh: "照片已不在这部手机里，请重拍。", en: "The photo is no longer in this phone. Take it again." };
const FULL = { code: "phone.full", zh: "手机存不下了，这一条没有记上。删掉些照片或应用再试。", en: "This phone has no room: it was not kept. Delete some pictures or apps, then try again." };
const NOBODY = { code: "phone.nobody", zh: "先登录，再记。", en: "Sign in first." };
const UNSAFE = { code: "phone.unsafe", zh: "这个地址不能保管照片。请用 https 开头的地址打开。", en: "No photo can be kept at this address. Open the one that begins with https." };
const ears = new BroadcastChannel(LOCK);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Read the shelves anew, for this tab; the others are told. */
async function refresh(tell = true): Promise<void> {
  waiting.all = await (await store()).getAll("said");
  if (tell) ears.postMessage("");
}

const full = (error: unknown): never => {
  throw error instanceof Refusal ? error : new Refusal(0, FULL);
};

/** Keep what is said, with the SHA-256 of each photo that belongs to it. Returns its id. Raises a Refusal where it cannot be kept. */
export async function say(kind: string, body: Readonly<Record<string, unknown>>, photos: readonly string[] = []): Promise<string> {
  if (!me.who) throw new Refusal(0, NOBODY);
  const local = Date.now();
  const id = uuid7(local + (me.offset ?? 0), crypto.getRandomValues(new Uint8Array(10)));
  const said: Said = { id, kind, body, photos, local, offset: me.offset, who: me.who, market: me.market, state: "waiting", why: null };
  try {
    const writing = (await store()).transaction("said", "readwrite", { durability: "strict" });
    await Promise.all([writing.store.add(said), writing.done]);
  } catch (error) {
    return full(error);
  }
  await refresh();
  void send();
  return id;
}

/** Keep a photo, made small and without what the camera wrote into it. Returns its SHA-256, in hex. Raises a Refusal where it is none. */
export async function photo(picture: Blob): Promise<string> {
  if (!isSecureContext) throw new Refusal(0, UNSAFE);
  const bytes = await (await jpeg(picture)).arrayBuffer();
  const sha = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const writing = (await store()).transaction("photos", "readwrite", { durability: "strict" });
    const kept = await writing.store.get(sha);
    await Promise.all([writing.store.put({ sha, bytes, arrived: kept?.arrived ?? false, at: Date.now() }), writing.done]);
  } catch (error) {
    return full(error);
  }
  return sha;
}

/** A photo that is kept here, to be shown. */
export async function kept(sha: string): Promise<Blob | null> {
  const found = await (await store()).get("photos", sha);
  return found ? new Blob([found.bytes], { type: "image/jpeg" }) : null;
}

/** The person has read why it was refused. */
export async function putAway(said: Said): Promise<void> {
  if (said.state === "refused") await drop([said]);
}

/** Forget `gone`, and the photos that nothing else names, in one step. */
async function drop(gone: readonly Said[]): Promise<void> {
  const writing = (await store()).transaction(["said", "photos"], "readwrite");
  const all = await writing.objectStore("said").getAll();
  await Promise.all([
    ...gone.map(({ n }) => writing.objectStore("said").delete(n!)),
    ...unneeded(gone, all).map((sha) => writing.objectStore("photos").delete(sha)),
    writing.done,
  ]);
  await refresh();
}

/** Send what waits, one tab at a time; again later where the hub is away. */
export async function send(): Promise<void> {
  clearTimeout(timer);
  try {
    await refresh(false);
    if (log.state === "in" && waiting.count) {
      // without a trusted address there are no locks; the hub takes each id once whoever sends it
      await (navigator.locks ? navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && passes()) : passes());
    }
  } catch {
    // shelves or a key that fail, as after a long sleep, are tried again
    waiting.stuck = true;
  }
  clearTimeout(timer);
  if (waiting.count || waiting.stuck) timer = setTimeout(() => void send(), AGAIN_MS);
  waiting.stuck = false;
}

/** One after another while the hub takes something. */
async function passes(): Promise<void> {
  const before = waiting.count;
  const tried = new Set<string>();
  const heard = (): void => me.heard(true);
  try {
    while (await pass(tried, heard));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) log.out();
    me.heard(error.status !== 0);
  }
  if (waiting.count < before) void me.read();
}

/** Words first, since they are small and quick; then one photo, so that what names it can go. True while there is more to send. */
async function pass(tried: Set<string>, heard: () => void): Promise<boolean> {
  const items = waiting.items;
  const named = [...new Set(items.flatMap((said) => said.photos))];
  const photos = await Promise.all(named.map(async (sha) => (await store()).get("photos", sha)));
  const lost = named.filter((_, i) => !photos[i]);
  for (const sha of lost) await refuse(sha, LOST);
  if (lost.length) return true;
  const arrived = new Set(photos.flatMap((each) => (each?.arrived ? [each.sha] : [])));
  const sent = next(items, arrived);
  const took = sent.length > 0 && (await hand(sent));
  if (sent.length) heard();
  if (took) return true;
  const photo = photos.find((each) => each && !arrived.has(each.sha) && !tried.has(each.sha));
  if (!photo) return false;
  tried.add(photo.sha);
  await deliver(photo);
  heard();
  return true;
}

/** Whether the hub took or refused any of them. */
async function hand(sent: readonly Said[]): Promise<boolean> {
  const { taken, refused, kept } = settle(sent, await tell(sent));
  const writing = (await store()).transaction(["said", "photos"], "readwrite");
  const photos = writing.objectStore("photos");
  for (const sha of kept.flatMap((each) => each.photos)) {
    const found = await photos.get(sha);
    if (found) await photos.put({ ...found, arrived: false });
  }
  await Promise.all([...refused.map((each) => writing.objectStore("said").put(each)), writing.done]);
  await me.took(taken).catch(() => null);
  await drop(taken);
  return taken.length + refused.length > 0;
}

/** One that the hub will never take is noted with its sentence at whatever names it. */
async function deliver(photo: Photo): Promise<void> {
  try {
    await place(`/api/phone/photos/${photo.sha}`, new Blob([photo.bytes]));
  } catch (error) {
    if (!(error instanceof Refusal) || [0, 401].includes(error.status)) throw error;
    if (!later(error)) await refuse(photo.sha, error.words);
    return;
  }
  await (await store()).put("photos", { ...photo, arrived: true });
}

async function refuse(sha: string, why: Pair): Promise<void> {
  const writing = (await store()).transaction("said", "readwrite");
  const named = (await writing.store.getAll()).filter(({ photos }) => photos.includes(sha));
  await Promise.all([...named.map((said) => writing.store.put({ ...said, state: "refused", why })), writing.done]);
  await refresh();
}

/** The receipts. Where one of many cannot even be read by the hub, each is told by itself, so that it alone is refused. */
async function tell(sent: readonly Said[]): Promise<readonly Receipt[]> {
  try {
    return (await post<{ receipts: readonly Receipt[] }>("/api/phone/said", { items: sent.map((each) => spoken(each, me.offset)) })).receipts;
  } catch (error) {
    if (!(error instanceof Refusal) || (later(error) && (error.status < BROKEN || sent.length === 1))) throw error;
    if (error.status >= BROKEN) return apart(sent);
    if (sent.length === 1) return [{ id: sent[0]!.id, state: "refused", ...error.words }];
    const receipts: Receipt[] = [];
    for (const each of sent) receipts.push(...(await tell([each])));
    return receipts;
  }
}

/** Where the hub fails on some, the others go by themselves; what it fails on stays. */
async function apart(sent: readonly Said[]): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  let failed = 0;
  for (const each of sent) {
    try {
      receipts.push(...(await tell([each])));
    } catch (error) {
      if (!(error instanceof Refusal) || !later(error)) throw error;
      failed += 1;
      if (error.status < BROKEN || failed === MOST_FAILED) break;
    }
  }
  return receipts;
}

/** There is a network again. */
async function back(): Promise<void> {
  if (log.state === "away") await log.look();
  if (log.state === "in") await me.read();
  await send();
}

/** Once a page: look what waits, and go on by itself from then on. */
export function begin(): void {
  ears.onmessage = () => void refresh(false);
  addEventListener("online", () => void back());
  addEventListener("offline", () => me.heard(false));
  addEventListener("visibilitychange", () => document.visibilityState === "visible" && void send());
  void insist();
  void send();
}
