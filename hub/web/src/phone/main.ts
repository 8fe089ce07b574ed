import "../tokens.css";
import "../base.css";
import "./phone.css";
import { mount } from "svelte";
import { prefs } from "../state/prefs.svelte.ts";
import { learn, speakEnglish } from "../words.ts";
import App from "./App.svelte";
import { FRAME_WORDS } from "./frame/words.ts";
import { HELP_WORDS } from "./help/words.ts";
import { me } from "./me.svelte.ts";

learn(FRAME_WORDS);
learn(HELP_WORDS);
const spoken = prefs.lang === "en" ? speakEnglish() : Promise.resolve();
// a browser that keeps nothing shows the page all the same
void Promise.all([spoken, me.begin().catch(() => null)]).then(() => mount(App, { target: document.getElementById("app")! }));
// a notification was tapped while this page was open
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (typeof data?.go === "string" && data.go) location.hash = data.go;
});
// beside the page, never before it
const BESIDE_MS = 1_000;
addEventListener("load", () => setTimeout(() => void import("../shell/keep.ts").then(({ keep }) => keep("/phone"), () => null), BESIDE_MS));
