import type { DemoLogin, Pair } from "./types.ts";

/** The hub said no, or could not be reached; the words are for the person who pressed. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly words: Pair;
  readonly demo: readonly DemoLogin[];

  constructor(status: number, body: { code?: string; zh?: string; en?: string; demo?: readonly DemoLogin[] | null }) {
    super(body.en ?? `status ${status}`);
    this.status = status;
    this.code = body.code ?? "unknown";
    this.words = { zh: body.zh ?? `没做成（${status}）`, en: body.en ?? `Not done (${status})` };
    this.demo = body.demo ?? [];
  }
}

const UNREACHABLE = {
  code: "hub.away",
  zh: "连不上机房。电话照常可用。",
  en: "The hub cannot be reached. The phones work.",
};
/** An act whose answer never came may have been done. */
const UNSURE = {
  code: "hub.away",
  zh: "连不上机房，不知道做成没有；恢复后先看一眼，再按。电话照常可用。",
  en: "The hub cannot be reached: this may be done or not. Look once it is back, then press again. The phones work.",
};
const PATIENCE_MS = 10_000;
/** What a refusal tells of the hub itself: code → the part in trouble. */
const TROUBLE: Readonly<Record<string, string>> = { "hub.database": "database", "hub.full": "disk" };
export const troubleOf = (code: string): string | null => TROUBLE[code] ?? null;
let csrf = "";
let answered = 0;
/** When the hub last answered this page, local milliseconds; 0 for never. */
export const answeredAt = (): number => answered;
let warn: (part: string) => void = () => undefined;

/** Who is told when an answer says that a part of the hub is in trouble. */
export function warned(ear: (part: string) => void): void {
  warn = ear;
}

/** What a phone that was brought in adds to each request; see phone/phone.ts. */
export interface Phone {
  proof(method: string, path: string): Promise<Readonly<Record<string, string>>>;
  /** Whether the refusal taught this phone the hub's time, so that asking again may help. */
  learn(answer: Response): boolean;
  show(node: HTMLImageElement | HTMLVideoElement, url: string): () => void;
}
let phone: Phone | null = null;
export const phoned = (found: Phone | null): void => void (phone = found);
let market = "";
/** Which market is asked about from now on; none is the person's own. */
export const within = (id: string): void => void (market = id);
const about = (): Readonly<Record<string, string>> => (market ? { "X-Market": market } : {});
/** The headers of a request that is not made by `get` or `post`. */
export const marks = async (path: string, method = "GET"): Promise<Readonly<Record<string, string>>> => ({
  ...about(), ...(method !== "GET" && { "X-CSRF": csrf }), ...(await phone?.proof(method, path)),
});
/** For an img or video: what stands at `url`. A phone fetches it, since only what is fetched carries its proof. */
export const shows = (url: string) => (node: HTMLImageElement | HTMLVideoElement) => phone?.show(node, url) ?? void (node.src = url);

let identify: () => Promise<boolean> = () => Promise.resolve(false);
/** Who is asked when a wall's screen needs somebody to sign in for an act; true when somebody has. */
export const identifies = (how: typeof identify): void => void (identify = how);

/** The token that unsafe requests carry; it came with the session. */
export function arm(token: string): void {
  csrf = token;
}

/** Ends by itself after so many milliseconds; phones that are some years old have no AbortSignal.timeout. */
export function patience(ms: number): AbortController {
  const ends = new AbortController();
  setTimeout(() => ends.abort(), ms);
  return ends;
}

async function ask<T>(method: string, path: string, body?: unknown, more: Readonly<Record<string, string>> = {}, most = PATIENCE_MS): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", ...more, ...(await marks(path, method)) };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: patience(most).signal,
    });
    text = await answer.text();
    answered = Date.now();
  } catch {
    throw new Refusal(0, method === "GET" ? UNREACHABLE : UNSURE);
  }
  let value: unknown = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    throw new Refusal(answer.ok ? 502 : answer.status, {});
  }
  if (!answer.ok) {
    let refusal = new Refusal(answer.status, (value ?? {}) as object);
    if (refusal.code === "session.phone" && phone?.learn(answer)) return ask(method, path, body, more);
    if (refusal.code === "session.person") {
      if (await identify()) return ask(method, path, body, more);
      // the screen itself stays signed in
      refusal = new Refusal(403, value as object);
    }
    const part = troubleOf(refusal.code);
    if (part) warn(part);
    throw refusal;
  }
  return value as T;
}

export const get = <T>(path: string): Promise<T> => ask<T>("GET", path);
/** `version` is the one that the person saw; the hub refuses when there is a newer one. */
const seen = (version?: number): Readonly<Record<string, string>> => (version === undefined ? {} : { "If-Match": `"${version}"` });
export const post = <T>(path: string, body: unknown = {}, version?: number): Promise<T> => ask<T>("POST", path, body, seen(version));
/** For what the hub may work on for so many milliseconds. */
export const slowly = <T>(path: string, body: unknown, most: number, how: "POST" | "PUT" = "POST"): Promise<T> => ask<T>(how, path, body, {}, most);
export const put = <T>(path: string, body: unknown, version?: number): Promise<T> => ask<T>("PUT", path, body, seen(version));
export const del = <T>(path: string): Promise<T> => ask<T>("DELETE", path);

/** The token, for what is not a request: a socket's first word. */
export const armed = (): string => csrf;
/** The address of what sends no header: it says the market itself. */
export const address = (path: string): string => `${path}${market && `?market=${market}`}`;
/** A picture's address says the market itself: an img sends no header. */
export const mediaUrl = (id: string): string => `/api/media/${encodeURIComponent(id)}${market && `?market=${market}`}`;
export const stillUrl = (camera: string): string => `/api/cameras/${encodeURIComponent(camera)}/still`;
