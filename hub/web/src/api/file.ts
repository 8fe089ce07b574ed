/** Files that go to the hub, and files that come from it. They may take longer than a word, and can be stopped. */
import { marks, patience, Refusal } from "./http.ts";

const PATIENCE_MS = 300_000;
const AWAY = { code: "hub.away", zh: "连不上机房，文件没有送完。恢复后再选一次文件。", en: "The hub cannot be reached: the file did not get through. Choose it again once the hub is back." };
const STOPPED = { code: "file.stopped", zh: "已停。", en: "Stopped." };

/** Raises the hub's Refusal; one with the code `file.stopped` when `stop` was pressed. */
async function ask(method: "GET" | "POST" | "PUT", path: string, body: Blob | null, stop: AbortSignal, type = "text/csv"): Promise<Response> {
  const headers = { ...(await marks(path, method)), ...(body && { "Content-Type": type }) };
  const ends = patience(PATIENCE_MS);
  stop.addEventListener("abort", () => ends.abort());
  if (stop.aborted) ends.abort();
  let answer: Response;
  try {
    answer = await fetch(path, { method, headers, body, signal: ends.signal });
  } catch {
    throw new Refusal(0, stop.aborted ? STOPPED : AWAY);
  }
  if (!answer.ok) throw new Refusal(answer.status, (await answer.json().catch(() => ({}))) as object);
  return answer;
}

export const send = async <T>(path: string, file: Blob, stop: AbortSignal): Promise<T> => (await (await ask("POST", path, file, stop)).json()) as T;
/** A picture to its own address; whoever sends it again asks for no other answer. */
export const place = async (path: string, picture: Blob): Promise<void> => void (await ask("PUT", path, picture, new AbortController().signal, "image/jpeg"));
export const fetched = async (path: string, stop: AbortSignal): Promise<Blob> => (await ask("GET", path, null, stop)).blob();
export const answered = async (path: string, file: Blob, stop: AbortSignal): Promise<Blob> => (await ask("POST", path, file, stop)).blob();

/** Let the browser keep it under this name. */
export function save(file: Blob, as: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: url, download: as });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** How many lines a file has, about; an empty last one does not count. */
export async function lines(file: Blob): Promise<number> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let n = 0;
  for (const byte of bytes) if (byte === 10) n += 1;
  return n + Number(bytes.length > 0 && bytes.at(-1) !== 10);
}
