// Does on a page what a screen's steps say: by the pointer, or by the keyboard alone with real keys.

/** More stops than any screen has. */
const MANY = 300;
const SETTLED = "document.fonts.ready.then(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))))";
const quoted = (text) => JSON.stringify(text);

/** Splits `kind:rest`; a step of no kind is an expression. */
function parsed(step) {
  const [, kind, rest] = /^(until|press|write|click|choose|select):(.*)$/s.exec(step) ?? [];
  return kind ? [kind, rest] : ["do", step];
}

async function common(page, kind, rest) {
  if (kind === "until") await page.until(rest);
  else if (kind === "press") await page.press(rest);
  else if (kind === "write") await page.write(rest);
  else await page.evaluate(rest);
}

export async function byPointer(page, steps) {
  for (const step of steps) {
    const [kind, rest] = parsed(step);
    if (kind === "click" || kind === "choose") {
      // Pressed by a pointer, what is pressed has the focus.
      await page.evaluate(`(() => { const one = document.querySelector(${quoted(rest)}); one.focus(); one.click(); })()`);
    } else if (kind === "select") {
      const [selector, value] = rest.split("=");
      await page.evaluate(
        `Object.assign(document.querySelector(${quoted(selector)}), { value: ${quoted(value)} }).dispatchEvent(new Event("change", { bubbles: true }))`,
      );
    } else await common(page, kind, rest);
  }
  await page.evaluate(SETTLED);
}

/** Presses Tab until the focus is there. */
async function reach(page, matches, what) {
  for (let press = 0; press < MANY; press += 1) {
    if (await page.evaluate(matches)) return;
    await page.press("Tab");
  }
  throw new Error(`Tab never reaches ${what}`);
}

/** Presses an arrow until an expression is true. */
async function arrow(page, key, holds, what) {
  for (let press = 0; press < 40; press += 1) {
    if (await page.evaluate(holds)) return;
    await page.press(key);
  }
  throw new Error(`the arrows never reach ${what}`);
}

/** Answers where the focus was lost on the way. Remembers what had it before the last press, to see it given back. */
export async function byKeys(page, steps) {
  const lost = [];
  await page.evaluate("globalThis.before = document.body, 0");
  for (const step of steps) {
    const [kind, rest] = parsed(step);
    const here = `document.activeElement?.matches(${quoted(rest)})`;
    if (kind === "click") {
      await page.until(`document.querySelector(${quoted(rest)}) !== null`);
      await reach(page, here, rest);
      await page.evaluate("globalThis.before = document.activeElement, 0");
      // A field is clicked for the focus only.
      if (!(await page.evaluate("document.activeElement.matches('input:not([type=checkbox]), textarea, [contenteditable]')")))
        await page.press("Enter");
      await page.evaluate(SETTLED);
    } else if (kind === "choose") {
      const name = `document.querySelector(${quoted(rest)}).name`;
      await reach(page, `document.activeElement?.type === "radio" && document.activeElement.name === ${name}`, rest);
      await arrow(page, "ArrowDown", here, rest);
    } else if (kind === "select") {
      const [selector, value] = rest.split("=");
      await reach(page, `document.activeElement?.matches(${quoted(selector)})`, selector);
      // The list of values has both ways to go.
      await page.press("Home");
      await arrow(page, "ArrowDown", `document.querySelector(${quoted(selector)}).value === ${quoted(value)}`, rest);
    } else {
      if (kind === "press" || kind === "do") await page.evaluate("globalThis.before = document.activeElement ?? document.body, 0");
      await common(page, kind, rest);
    }
  }
  await page.evaluate(SETTLED);
  const nowhere = "globalThis.before !== document.body && (document.activeElement ?? document.body) === document.body";
  if (steps.some((step) => step.startsWith("click:")) && (await page.evaluate(nowhere)))
    lost.push("after the last press the focus is nowhere");
  return lost;
}
