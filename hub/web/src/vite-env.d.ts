/// <reference types="vite/client" />
/// <reference types="svelte" />

/** The English of the wall's words, by word; see vite.config.ts. */
declare module "*?en" {
  const english: Readonly<Record<string, string>>;
  export default english;
}
