import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** Where the hub answers while the pages are being worked on. */
const hub = process.env.HUB ?? "http://127.0.0.1:8080";

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** All that the wall needs at once, as one file: in pieces it is read more slowly and squeezed less. */
function atOnce(): (id: string, modules: Modules) => string | null {
  const needed = new Set<string>();
  const need = (id: string, modules: Modules): void => {
    if (needed.has(id)) return;
    needed.add(id);
    modules.getModuleInfo(id)?.importedIds.forEach((each) => need(each, modules));
  };
  const entry = new URL("src/main.ts", import.meta.url).pathname;
  return (id, modules) => {
    need(entry, modules);
    return needed.has(id) ? "wall" : null;
  };
}

export default defineConfig({
  plugins: [svelte()],
  base: "/", // the pages for a phone and for an armband stand at addresses of their own
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a data: URL would need a looser content security policy
    reportCompressedSize: true,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: atOnce() }] },
        // the wall knows the names of all later files, and what is drawn at random cannot be squeezed
        chunkFileNames: "assets/[name]-[hash:6].js",
        assetFileNames: "assets/[name]-[hash:6][extname]",
      },
    },
  },
  server: { proxy: { "/api": { target: hub } } },
});
