import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin, Rolldown } from "vite";

const WORKER = "worker.js";
const PUBLIC = new URL("public/", import.meta.url);

/** As a browser compares it: what a fetch must be made of. */
const integrity = (content: string | Uint8Array): string => `sha256-${createHash("sha256").update(content).digest("base64")}`;

const content = (file: Rolldown.OutputAsset | Rolldown.OutputChunk): string | Uint8Array => (file.type === "chunk" ? file.code : file.source);

/** Builds the service worker beside the pages, and tells it which files they are. */
export function shell(): Plugin {
  return {
    name: "shell",
    apply: "build",
    enforce: "post",
    buildStart() {
      this.emitFile({ type: "chunk", id: new URL("worker/worker.ts", import.meta.url).pathname, fileName: WORKER });
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== "chunk" || worker.imports.length > 0) this.error("the service worker must be one file by itself");
        const built = Object.values(bundle).filter((file) => file !== worker);
        const files = Object.fromEntries([
          ...built.map((file) => [`/${file.fileName}`, integrity(content(file))]),
          ...readdirSync(PUBLIC).map((name) => [`/${name}`, integrity(readFileSync(new URL(name, PUBLIC)))]),
        ]);
        const build = createHash("sha256").update(JSON.stringify([worker.code, files])).digest("hex").slice(0, 12);
        worker.code = worker.code.replaceAll(/\bSHELL\b/g, "shell");
        worker.code = `const shell = ${JSON.stringify({ build, files })};\n${worker.code}`;
      },
    },
  };
}
