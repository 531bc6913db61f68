// Looks at every screen of the window on the pretend desk, light and dark, in English and German: keeps a picture
// of each, lets axe judge it (colours too), and holds it to 900 × 600 at twice its size: nothing lies beyond the
// edge, no words are cut off without a sign. `npm run look [DIR] [screen…]`; ends with 1 where something was found.
import { createServer } from "node:http";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { findBrowser, openBrowser } from "./browser.mjs";

const ui = fileURLToPath(new URL("..", import.meta.url));
const [dir = join(ui, "dist-look"), ...wanted] = process.argv.slice(2);
const click = (selector) => `document.querySelector(${JSON.stringify(selector)}).click()`;
const ready = (selector) => `until:document.querySelector(${JSON.stringify(selector)}) !== null`;

/** Name, where it is, and what is done there: an expression, `until:…`, `press:KEY…`, `write:…`. */
const SCREENS = [
  ["inbox", "#/mail/inbox", [ready("[role=row]")]],
  ["conversation", "#/mail/inbox/1", [ready(".answer")]],
  ["composer", "#/mail/inbox/1", [ready(".answer"), "press:r", ready(".composer [contenteditable]")]],
  ["undo", "#/mail/inbox/1", [ready(".answer"), "press:e", ready(".toast")]],
  ["ticks", "?fake=sending#/mail/sent/1", [ready(".ticks button"), click(".ticks button"), ready(".details")]],
  ["outbox", "?fake=sending#/mail/outbox", [ready("[data-item]")]],
  ["search", "#/mail/inbox", [ready("[role=row]"), "press:/", "until:document.activeElement?.matches('input')", "write:termin", ready("mark")]],
  ["bulk", "#/mail/inbox", [ready("[role=row]"), "press:j", "press:x", "press:j", "press:x", ready("[role=toolbar]")]],
  ["label", "#/mail/inbox/1", [ready(".answer"), "press:l", ready("[role=combobox]")]],
  ["sheet", "#/mail/inbox", [ready("[role=row]"), "press:?", ready("dialog kbd")]],
  ["first-sync", "?fake=first-sync#/mail/inbox", [ready("[role=row]"), ready("progress")]],
  ["offline", "?fake=offline#/mail/inbox/13", [ready("[role=row]"), ready(".banner"), ready(".answer")]],
  ["empty-inbox", "?fake=blank#/mail/inbox", [ready(".rail"), "until:document.querySelector('main')?.textContent.length > 40"]],
  ["health", "#/health", [ready("dl")]],
  ["trouble", "?fake=trouble#/mail/inbox", [ready("[role=row]"), ready(".banner")]],
  ["accounts", "#/accounts", [ready("li.card")]],
  ["account-edit", "#/accounts", [ready("#change-1"), click("#change-1"), ready("#account-name-1")]],
  ["account-sign-in", "?fake=trouble#/accounts", [ready("li.card")]],
  ["account-remove", "#/accounts", [ready("li.card"), click(".remove button"), ready("dialog")]],
  ["account-removed", "#/accounts", [ready("li.card"), click(".remove button"), click("dialog .danger"), ready("#removed-close")]],
  ["add", "?fake=empty#/accounts/add", [ready("#mail-address"), "write:studio@gmail.com", ready("[name=way]")]],
  ["add-waiting", "?fake=empty#/accounts/add", [ready("#mail-address"), "write:studio@gmail.com", ready("[name=way]"), ready(".stack .main"), "[...document.querySelectorAll('.stack .main')].at(-1).click()", ready("details"), "document.querySelector('details').open = true"]],
  ["add-password", "?fake=empty#/accounts/add", [ready("#mail-address"), "write:studio@gmail.com", ready("[name=way]"), "document.querySelectorAll('[name=way]')[1].click()", ready("#mail-password")]],
  ["clients", "#/accounts/clients", [ready("li.card"), "document.querySelectorAll('.head button')[1].click()", ready("#client-id-microsoft")]],
  ["settings", "#/settings", [ready("[data-setting]")]],
  ["settings-data", "?fake=export#/settings", [ready("#search"), "document.querySelector('#search').focus()", "write:export", ready("[data-setting]")]],
  ["settings-shortcuts", "#/settings", [ready("#search"), "document.querySelector('#search').focus()", "write:archiv", ready("[id^=keys-]")]],
  ["senders", "#/settings/senders", [ready(".sender")]],
  ["templates", "#/settings/templates", [ready("li.card")]],
  ["sending", "#/settings/sending", [ready("#fallback-1"), "Object.assign(document.querySelector('#fallback-1'), { value: '2' }).dispatchEvent(new Event('change', { bubbles: true }))", ready("#after-1")]],
  ["rules", "#/rules", [ready("h1")]],
  ["labels", "#/labels", [ready("h1")]],
  ["welcome", "?fake=empty#/welcome", [ready(".tiles")]],
  ["import", "?fake=empty#/accounts/import", [ready("form")]],
  ["palette", "#/mail/inbox", [ready("[role=row]"), "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))", ready("dialog input")]],
  ["snooze", "#/mail/inbox/1", [ready(".answer"), "press:b", ready("dialog li")]],
];

/** What reaches beyond the edge, and words cut off without dots. Lists that scroll sideways on purpose are none. */
const BEYOND = `(() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) found.push("the page is wider than the window");
  for (const one of document.querySelectorAll("body *")) {
    const style = getComputedStyle(one);
    if (one.matches(".unseen, .unseen *, iframe, svg, svg *") || style.visibility === "hidden") continue;
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const name = one.tagName.toLowerCase() + (one.className ? "." + String(one.className).split(" ")[0] : "");
    const words = (one.textContent ?? "").trim().slice(0, 40);
    if (["auto", "scroll"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1 && !one.matches("input, textarea, pre"))
      found.push(name + " scrolls sideways: " + words);
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own) continue;
    if (box.right > wide + 1 || box.left < -1) found.push(name + " lies beyond the edge: " + words);
    const cut = style.overflowX !== "visible" && style.textOverflow !== "ellipsis" && one.scrollWidth > one.clientWidth + 1;
    if (cut && !one.matches("input, textarea, select")) found.push(name + " is cut off: " + words);
  }
  return [...new Set(found)];
})()`;
const AXE = `axe.run(document, { iframes: false, rules: { region: { enabled: false } } }).then(({ violations }) => violations
  .filter((one) => one.impact === "serious" || one.impact === "critical")
  .map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).join(" | ")))`;

async function act(page, steps) {
  for (const step of steps) {
    if (step.startsWith("until:")) await page.until(step.slice(6));
    else if (step.startsWith("press:")) await page.press(step.slice(6));
    else if (step.startsWith("write:")) await page.write(step.slice(6));
    else await page.evaluate(step);
  }
  await page.evaluate("document.fonts.ready.then(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))))");
}

const program = findBrowser();
if (!program) {
  console.error("No Chromium found: install it, or name it in CHROMIUM. No screen was looked at.");
  process.exit(process.env.CI === "true" ? 1 : 0);
}
process.env.NODE_ENV = "development";
const built = mkdtempSync(join(tmpdir(), "deskbell-window-"));
// The development build holds the pretend desk.
await build({ root: ui, mode: "development", logLevel: "warn", build: { outDir: built, emptyOutDir: true } });
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const server = createServer((request, answer) => {
  const path = new URL(request.url, "http://localhost").pathname;
  try {
    const body = path === "/blank" ? "" : readFileSync(join(built, path === "/" ? "index.html" : path));
    answer.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/html" }).end(body);
  } catch {
    answer.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${server.address().port}/`;
const axe = readFileSync(join(ui, "node_modules/axe-core/axe.min.js"), "utf8");
mkdirSync(dir, { recursive: true });
let findings = 0;
const say = (name, found) => {
  for (const one of found) console.log(`${name}: ${one}`);
  findings += found.length;
};

async function look(page, { name, path, steps, theme, language, zoom, width, height }) {
  await page.size(width, height, zoom, theme);
  await page.go(`${base}blank`);
  await page.until("location.pathname === '/blank'");
  await page.evaluate(`localStorage.clear(); localStorage.setItem("deskbell.language", '${JSON.stringify(language)}')`);
  await page.go(base + path);
  await page.until("document.getElementById('main')?.children.length > 0");
  await act(page, steps);
  writeFileSync(join(dir, `${name}.png`), await page.picture());
  say(name, page.problems());
  if (zoom > 1) say(name, await page.evaluate(BEYOND));
  else {
    await page.evaluate(axe);
    say(name, await page.evaluate(AXE));
  }
}

const DAY = { theme: "light", zoom: 1, width: 1100, height: 780 };
const SHAPES = { light: DAY, dark: { ...DAY, theme: "dark" }, twice: { ...DAY, zoom: 2, width: 900, height: 600 } };
const jobs = SCREENS.filter(([screen]) => wanted.length === 0 || wanted.includes(screen)).flatMap(
  ([screen, path, steps]) =>
    ["en", "de"].flatMap((language) =>
      Object.entries(SHAPES).map(([shape, how]) => ({
        name: `${screen}-${shape}-${language}`,
        ...{ path, steps, language },
        ...how,
      })),
    ),
);
const all = jobs.length;
/** Browsers at work side by side: most of their time is waiting. */
const BROWSERS = 3;
await Promise.all(
  Array.from({ length: BROWSERS }, async () => {
    const page = await openBrowser(program);
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const { name } = job;
      await look(page, job).catch((error) => say(name, [error.message]));
    }
    await page.close();
  }),
);
server.close();
rmSync(built, { recursive: true, force: true });
console.log(findings === 0 ? `Nothing found on ${all} pictures; they are in ${dir}` : `${findings} findings`);
process.exit(findings === 0 ? 0 : 1);
