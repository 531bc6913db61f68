/** The keyboard's focus goes on where what had it vanishes. */
import { expect, onTestFinished, test } from "vitest";
import { keepFocus } from "../src/shared/keep-focus";
import { until } from "./window";

function page(html: string): (id: string) => HTMLElement {
  document.body.innerHTML = `<main id="main" tabindex="-1">${html}</main>`;
  onTestFinished(keepFocus(document));
  return (id) => document.getElementById(id) as HTMLElement;
}

const buttons = (...ids: string[]) => ids.map((id) => `<li><button id="${id}">${id}</button></li>`).join("");

test("what comes next takes it, else what came before, else the content", async () => {
  const at = page(`<ul>${buttons("a", "b", "c")}</ul>`);
  at("b").focus();
  at("b").parentElement?.remove();
  await until(() => expect(document.activeElement).toBe(at("c")));
  at("c").parentElement?.remove();
  await until(() => expect(document.activeElement).toBe(at("a")));
  at("a").parentElement?.remove();
  await until(() => expect(document.activeElement).toBe(at("main")));
});

test("a button that closes what it stands in hands on to what stands behind it", async () => {
  const at = page(
    `<section><div id="form"><button id="save">save</button></div><button id="new">new</button></section>`,
  );
  at("save").focus();
  at("form").remove();
  await until(() => expect(document.activeElement).toBe(at("new")));
});

test("where something is read, the keys belong to it and not to a button beside it", async () => {
  const at = page(
    `<section><div id="text" data-home tabindex="-1"></div><ul>${buttons("a", "b")}</ul><form id="form"><input id="entry"></form></section>`,
  );
  at("entry").focus();
  at("form").remove();
  await until(() => expect(document.activeElement).toBe(at("text")));
});

test("whoever takes the focus elsewhere on purpose is left alone", async () => {
  const at = page(`<ul>${buttons("a", "b", "c")}</ul>`);
  at("a").focus();
  at("a").parentElement?.remove();
  at("c").focus();
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  expect(document.activeElement).toBe(at("c"));
});

test("a focus that was let go of stays so", async () => {
  const at = page(`<ul>${buttons("a", "b")}</ul>`);
  at("a").focus();
  at("a").blur();
  at("b").parentElement?.remove();
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  expect(document.activeElement).toBe(document.body);
});
