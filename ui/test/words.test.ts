/** The words: the same keys in every language, none missing, none left over, and the same variables in each. */
import { readdirSync, readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";
import { describe, expect, test } from "vitest";

const KEY = /^([a-z][A-Za-z0-9_-]*) =/gm;

function source(locale: string): string {
  return readFileSync(`locales/${locale}.ftl`, "utf8");
}

function keys(locale: string): string[] {
  return [...source(locale).matchAll(KEY)].map((match) => match[1] ?? "");
}

/** The text of each message, from its key to the next one. */
function messages(locale: string): Map<string, string> {
  const parts = source(locale).split(/^(?=[a-z][A-Za-z0-9_-]* =)/m);
  return new Map(parts.slice(1).map((part) => [part.slice(0, part.indexOf(" =")), part]));
}

function variables(text: string): string[] {
  return [...new Set([...text.matchAll(/\$([a-z]+)/g)].map((match) => match[1] ?? ""))].sort();
}

const code = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|svelte)$/.test(name) && !/\.test\.ts$|^gen\/|^host\/fake/.test(name))
  .map((name) => readFileSync(`src/${name}`, "utf8"))
  .join("\n");

/** Keys named as a whole anywhere in the code, and beginnings such as `view-${…}`. */
const literals = new Set(
  [...code.matchAll(/["'`]([a-z][A-Za-z0-9_-]+)["'`]/g)].map((match) => match[1] ?? ""),
);
const fromWindow = [...code.matchAll(/`([a-z][A-Za-z0-9_-]*-)\$\{/g)].map((match) => match[1] ?? "");
/** What the core speaks by itself, outside the window; a test beside it holds its keys. */
const beginnings = [...fromWindow, "tray-", "news-"];

describe("words", () => {
  test("English and German have the same keys", () => {
    expect(keys("de").toSorted()).toEqual(keys("en").toSorted());
  });

  test.each(["en", "de"])("%s names no key twice and parses whole", (locale) => {
    const all = keys(locale);
    expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
    expect(new FluentResource(source(locale)).body.map((entry) => entry.id).toSorted()).toEqual(
      all.toSorted(),
    );
  });

  test("each message has the same variables in both languages", () => {
    const german = messages("de");
    const odd = [...messages("en")].filter(
      ([key, text]) => variables(text).join() !== variables(german.get(key) ?? "").join(),
    );
    expect(odd.map(([key]) => key)).toEqual([]);
  });

  test("every key that the code names is there", () => {
    const known = new Set(keys("en"));
    const named = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(named.filter((key) => !known.has(key))).toEqual([]);
  });

  test("every key is used", () => {
    const unused = keys("en").filter(
      (key) => !literals.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)),
    );
    expect(unused).toEqual([]);
  });
});
