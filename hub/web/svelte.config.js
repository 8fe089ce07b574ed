/** @type {import("@sveltejs/vite-plugin-svelte").SvelteConfig} */
export default {
  compilerOptions: {
    runes: true,
    cssHash: ({ hash, css }) => `s${hash(css).slice(0, 4)}`, // its name is on every element; a short one weighs less
  },
};
