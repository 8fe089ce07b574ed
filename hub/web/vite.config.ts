import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { shell } from "./shell.ts";

/** Where the hub answers while the pages are being worked on. */
const hub = process.env.HUB ?? "http://127.0.0.1:8080";

/** A row of a table of words, as tests/hub/web/test_words.py holds every row to be. */
const ROW = /^( {2}"[\w.-]+": )\["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\],$/gm;
const ENGLISH = "words.ts?en";

/** The wall's own words are written as pairs and go out apart: 中文 with the wall, English when somebody reads it. */
function apart(): Plugin {
  return {
    name: "words-apart",
    enforce: "pre",
    load(id) {
      if (!id.endsWith(`/src/${ENGLISH}`)) return null;
      const rows = readFileSync(id.slice(0, -"?en".length), "utf8").matchAll(ROW);
      return `export default {\n${[...rows].map(([, key, , en]) => `${key}"${en}",`).join("\n")}\n};`;
    },
    transform: (code, id) => (id.endsWith("/src/words.ts") ? code.replace(ROW, '$1["$2"],') : null),
  };
}

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** What stands at an address of its own, and with what it begins. */
const ENTRIES = { wall: "src/main.ts", phone: "src/phone/main.ts" } as const;

/**
 * All that a page needs at once, as one file: in pieces it is read more slowly and squeezed less. What two pages need is
 * a third file. What begins a page stands alone: to fetch another's words must not begin it.
 */
function atOnce(): { name: (id: string, modules: Modules) => string | null; priority: number; debugName: string }[] {
  const needed = new Map(Object.entries(ENTRIES).map(([name, path]) => [name, { entry: new URL(path, import.meta.url).pathname, ids: new Set<string>() }]));
  const need = (ids: Set<string>, id: string, modules: Modules): void => {
    if (ids.has(id)) return;
    ids.add(id);
    modules.getModuleInfo(id)?.importedIds.forEach((each) => need(ids, each, modules));
  };
  const pagesOf = (id: string, modules: Modules): string[] => {
    for (const { entry, ids } of needed.values()) need(ids, entry, modules);
    return [...needed].filter(([, { entry, ids }]) => id !== entry && ids.has(id)).map(([name]) => name);
  };
  return [
    { name: (id, modules) => (pagesOf(id, modules).length > 1 ? "shared" : null), priority: 2, debugName: "shared" },
    { name: (id, modules) => pagesOf(id, modules)[0] ?? null, priority: 1, debugName: "page" },
  ];
}

export default defineConfig({
  plugins: [apart(), svelte(), shell()],
  base: "/", // the pages for a phone and for an armband stand at addresses of their own
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a data: URL would need a looser content security policy
    reportCompressedSize: true,
    rolldownOptions: {
      input: ["index.html", "phone.html"],
      output: {
        codeSplitting: { groups: atOnce() },
        // the wall knows the names of all later files, and what is drawn at random cannot be squeezed
        entryFileNames: "assets/[name]-[hash:7].js",
        chunkFileNames: "assets/[name]-[hash:7].js",
        assetFileNames: "assets/[name]-[hash:7][extname]",
      },
    },
  },
  server: { proxy: { "/api": { target: hub } } },
});
