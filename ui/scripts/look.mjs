// Looks at every screen of the window on the pretend desk, light and dark, in English and German: keeps a picture
// of each, lets axe judge it (colours too), holds it to 900 × 600 at twice its size (nothing lies beyond the edge, no
// words are cut off without a sign), and walks over it by the keyboard alone.
// `npm run look [DIR] [screen…]`; ends with 1 where something was found.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { byKeys, byPointer } from "./acting.mjs";
import { findBrowser, openBrowser } from "./browser.mjs";
import { AXE, BEYOND, TALL } from "./judge.mjs";
import { servePages } from "./pages.mjs";
import { SCREENS } from "./screens.mjs";
import { walk } from "./walk.mjs";

const ui = fileURLToPath(new URL("..", import.meta.url));
const [dir = join(ui, "dist-look"), ...wanted] = process.argv.slice(2);
const program = findBrowser();
if (!program) {
  console.error("No Chromium found: install it, or name it in CHROMIUM. No screen was looked at.");
  process.exit(process.env.CI === "true" ? 1 : 0);
}
const pages = await servePages(ui);
const axe = readFileSync(join(ui, "node_modules/axe-core/axe.min.js"), "utf8");
mkdirSync(dir, { recursive: true });
let findings = 0;
const say = (name, found) => {
  for (const one of found) console.log(`${process.stdout.isTTY ? "\r" : ""}${name}: ${one}`);
  findings += found.length;
};

async function arrive(page, { path, theme, language, zoom, width, height }) {
  await page.size(width, height, zoom, theme);
  await page.go(`${pages.base}blank`);
  await page.until("location.pathname === '/blank'");
  await page.evaluate(`localStorage.clear(); localStorage.setItem("deskbell.language", '${JSON.stringify(language)}')`);
  await page.go(pages.base + path);
  await page.until("document.getElementById('main')?.children.length > 0");
}

async function look(page, job) {
  const { name, steps, zoom } = job;
  await arrive(page, job);
  await byPointer(page, steps);
  writeFileSync(join(dir, `${name}.png`), await page.picture());
  say(name, await page.evaluate(TALL));
  if (zoom > 1) say(name, await page.evaluate(BEYOND));
  else {
    await page.evaluate(axe);
    say(name, await page.evaluate(AXE));
  }
  say(name, page.problems());
}

async function go(page, job) {
  const { name, steps } = job;
  await arrive(page, job);
  const lost = await byKeys(page, steps);
  say(name, [...lost, ...(await walk(page)), ...page.problems()]);
}

const DAY = { theme: "light", zoom: 1, width: 1100, height: 780 };
const SHAPES = { light: DAY, dark: { ...DAY, theme: "dark" }, twice: { ...DAY, zoom: 2, width: 900, height: 600 } };
/** The least window, where most is below the edge and must come into sight. */
const LEAST = { ...DAY, width: 900, height: 600 };
const jobs = SCREENS.filter(([screen]) => wanted.length === 0 || wanted.includes(screen)).flatMap(
  ([screen, path, steps, over = {}]) => {
    // What needs a wide window is not there at twice its size.
    const shapes = Object.entries(SHAPES).filter(([, { zoom }]) => zoom === 1 || !over.width);
    const looks = ["en", "de"].flatMap((language) =>
      shapes.map(([shape, how]) => ({
        ...{ run: look, name: `${screen}-${shape}-${language}`, path, steps, language },
        ...{ ...how, ...over },
      })),
    );
    return [...looks, { run: go, name: `${screen} by keys`, path, steps, language: "en", ...LEAST, ...over }];
  },
);
const pictures = jobs.filter(({ run }) => run === look).length;
const walks = jobs.length - pictures;
/** How far it is: on a terminal in place, elsewhere a line now and then. */
const total = jobs.length;
let done = 0;
function advance() {
  done += 1;
  const far = `${done} of ${total} looked at, ${findings} findings`;
  if (process.stdout.isTTY) process.stdout.write(`\r${far}${done === total ? "\n" : ""}`);
  else if (done % 60 === 0) console.log(far);
}
/** Browsers at work side by side: most of their time is waiting. */
const BROWSERS = 3;
await Promise.all(
  Array.from({ length: BROWSERS }, async () => {
    const page = await openBrowser(program);
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const { name, run } = job;
      await run(page, job).catch((error) => say(name, [error.message]));
      advance();
    }
    await page.close();
  }),
);
pages.close();
const whole = `${pictures} pictures and ${walks} walks`;
console.log(findings === 0 ? `Nothing found on ${whole}; the pictures are in ${dir}` : `${findings} findings on ${whole}`);
process.exit(findings === 0 ? 0 : 1);
