/** Opens the host, dresses the page in its language and theme, and puts the window up. */
import "./shared/tokens.css";
import "./shared/base.css";
import { mount } from "svelte";
import { openHost } from "./host";
import { pickLocale, setLocale } from "./shared/i18n.svelte";
import { Desk } from "./stores/desk.svelte";
import Window from "./views/Window.svelte";

const host = await openHost();
const desk = new Desk(host);
const started = desk.start();
await setLocale(pickLocale(desk.appearance.language, navigator.languages));
const target = document.getElementById("app");
if (target) mount(Window, { target, props: { desk } });
await started;
