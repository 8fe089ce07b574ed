import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** Where the hub answers while the pages are being worked on. */
const hub = process.env.HUB ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [svelte()],
  base: "./",
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a data: URL would need a looser content security policy
    reportCompressedSize: true,
  },
  server: { proxy: { "/api": { target: hub } } },
});
