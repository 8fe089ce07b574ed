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
let warn: (part: string) => void = () => undefined;

/** Who is told when an answer says that a part of the hub is in trouble. */
export function warned(ear: (part: string) => void): void {
  warn = ear;
}

/** The token that unsafe requests carry; it came with the session. */
export function arm(token: string): void {
  csrf = token;
}

async function ask<T>(method: string, path: string, body?: unknown, more: Readonly<Record<string, string>> = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", ...more };
  if (method !== "GET") headers["X-CSRF"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    text = await answer.text();
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
    const refusal = new Refusal(answer.status, (value ?? {}) as object);
    const part = troubleOf(refusal.code);
    if (part) warn(part);
    throw refusal;
  }
  return value as T;
}

export const get = <T>(path: string): Promise<T> => ask<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => ask<T>("POST", path, body);
/** `version` is the one that the person saw; the hub refuses when there is a newer one. */
export const put = <T>(path: string, body: unknown, version: number): Promise<T> => ask<T>("PUT", path, body, { "If-Match": `"${version}"` });
export const del = (path: string): Promise<unknown> => ask("DELETE", path);

export const mediaUrl = (id: string): string => `/api/media/${encodeURIComponent(id)}`;
export const stillUrl = (camera: string): string => `/api/cameras/${encodeURIComponent(camera)}/still`;
