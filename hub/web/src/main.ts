import "./tokens.css";
import "./base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { prefs } from "./state/prefs.svelte.ts";
import { speakEnglish } from "./words.ts";

const spoken = prefs.lang === "en" ? speakEnglish() : Promise.resolve();
void spoken.then(() => mount(App, { target: document.getElementById("app")! }));
