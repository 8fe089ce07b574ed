import "./tokens.css";
import "./base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { prefs } from "./state/prefs.svelte.ts";
import { speakEnglish } from "./words.ts";

const spoken = prefs.lang === "en" ? speakEnglish() : Promise.resolve();
void spoken.then(() => mount(App, { target: document.getElementById("app")! }));
// beside the page, never before it; without it the page works as ever
const BESIDE_MS = 2_000;
addEventListener("load", () => setTimeout(() => void import("./shell/shell.ts").then(({ begin }) => begin(), () => null), BESIDE_MS));
