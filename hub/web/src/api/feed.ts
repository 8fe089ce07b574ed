/**
 * The hub's event stream, read by fetch and not by EventSource: comments count as a sign of life here,
 * and a hub that only breathes must not be called silent.
 */
import { marks } from "./http.ts";

export interface FeedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Cuts a growing text into events; what is unfinished stays for the next piece. */
export class Cutter {
  private rest = "";

  push(piece: string): FeedEvent[] {
    const blocks = (this.rest + piece).replaceAll("\r\n", "\n").split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.map(parse).filter((event) => event !== null);
  }
}

function parse(block: string): FeedEvent | null {
  const found = { id: "", event: "message", data: [] as string[] };
  for (const line of block.split("\n")) {
    const [, name, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (name === "data") found.data.push(value ?? "");
    else if (name === "id" || name === "event") found[name] = value ?? "";
  }
  return found.data.length || found.id ? { ...found, data: found.data.join("\n") } : null;
}

export interface FeedEars {
  heard(): void;
  event(event: FeedEvent): void;
  /** The connection ended; the HTTP status, or 0 when there was none, and the code of a refusal. */
  lost(status: number, code: string): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
/** Three pulses missed: the connection is dead, whatever the network thinks. */
const SILENCE_MS = 16_000;

/** Listens until `stop` is called, and takes up again after the last event it heard. */
export function listen(path: string, after: number, ears: FeedEars): () => void {
  const stop = new AbortController();
  let last = String(after);
  const loop = async () => {
    let wait = FIRST_WAIT_MS;
    while (!stop.signal.aborted) {
      const [status, code] = await once(path, last, stop.signal, {
        ...ears,
        event: (event) => {
          if (event.id) last = event.id;
          wait = FIRST_WAIT_MS;
          ears.event(event);
        },
      });
      if (stop.signal.aborted) return;
      ears.lost(status, code);
      await new Promise((done) => setTimeout(done, wait));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  };
  void loop();
  return () => stop.abort();
}

/** One connection, to its end; what `lost` is told. */
async function once(path: string, last: string, stop: AbortSignal, ears: FeedEars): Promise<[status: number, code: string]> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), SILENCE_MS);
  try {
    const answer = await fetch(path, {
      headers: { Accept: "text/event-stream", "Last-Event-ID": last, ...(await marks(path)) },
      cache: "no-store",
      signal: AbortSignal.any([stop, quiet.signal]),
    });
    if (!answer.ok || !answer.body) return [answer.status, ((await answer.json()) as { code?: string }).code ?? ""];
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const cutter = new Cutter();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return [answer.status, ""];
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), SILENCE_MS);
      ears.heard();
      cutter.push(value).forEach((event) => ears.event(event));
    }
  } catch {
    return [0, ""];
  } finally {
    clearTimeout(timer);
  }
}
