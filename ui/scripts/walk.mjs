// Walks over a screen by real keys: Tab and Shift Tab come to every control and to nothing that is not on the screen,
// each shows that it has the focus, nothing holds it for good, a dialog keeps it inside and gives it back on Escape,
// and what moves by arrows does.
import { feet } from "./feet.mjs";

/** More presses than any screen has stops. */
const MANY = 400;
/** An entry of a date has a stop for each of its parts, a mail one for each of its links. */
const PATIENCE = 30;

export async function walk(page) {
  await page.evaluate(`(${feet})()`);
  const found = [];
  const dialog = await page.evaluate("feet.inDialog()");
  if (dialog && !(await page.evaluate("feet.inside()"))) found.push("the dialog did not take the focus");
  const forth = await round(page, "Tab", dialog, found);
  const back = await round(page, "shift+Tab", dialog, found);
  for (const one of await page.evaluate("feet.missing()")) found.push(`Tab never comes to ${one}`);
  for (const [id, name] of forth) if (!back.has(id)) found.push(`Shift Tab never comes to ${name}`);
  found.push(...(await page.evaluate("feet.unseen()")));
  found.push(...(await arrows(page)));
  if (dialog) found.push(...(await leave(page)));
  return [...new Set(found)];
}

/** Goes round once; answers who had the focus, by their number. */
async function round(page, key, dialog, found) {
  const met = new Map();
  let last = null;
  let again = 0;
  await page.evaluate("feet.top()");
  for (let press = 0; press < MANY; press += 1) {
    await page.press(key);
    const at = await page.evaluate("feet.step()");
    // Past the last there is the browser's own frame, or nothing, and then the first once more.
    if (at === null) {
      if (met.size > 0 && !dialog) return met;
      if ((again += 1) > 3) return met;
      continue;
    }
    if (at.id === last) {
      if ((again += 1) <= (at.patient ? PATIENCE : 0)) continue;
      // A dialog with one stop goes round on the spot.
      if (dialog && met.size === 1) return met;
      found.push(`${key} does not leave ${at.name}`);
      return met;
    }
    if (met.has(at.id)) return met;
    again = 0;
    last = at.id;
    met.set(at.id, at.name);
    found.push(...at.found);
  }
  found.push(`${key} comes to no end`);
  return met;
}

/** Grids, lists with an entry, and toolbars of one stop move by arrows. */
async function arrows(page) {
  const found = [];
  for (const [name, key] of await page.evaluate("feet.moving()")) {
    const before = await page.evaluate(`feet.goTo(${JSON.stringify(name)})`);
    await page.press(key);
    if ((await page.evaluate("feet.front()")) === before) found.push(`${key} does not move in ${name}`);
  }
  return found;
}

async function leave(page) {
  const open = await page.evaluate("feet.dialogs()");
  await page.evaluate("feet.top()");
  await page.press("Escape");
  await page.until(`feet.dialogs() < ${open}`);
  await page.evaluate("new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))");
  const back = await page.evaluate("feet.gaveBack()");
  return back === null ? [] : [`closed, the dialog does not give the focus back: ${back}`];
}
