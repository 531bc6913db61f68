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
const beginnings = [...fromWindow, "tray-", "news-", "start-", "browser-"];

/** Attributes that people read or hear. */
const READ = /\s(?:aria-label|aria-roledescription|title|placeholder|label|alt|note|text|lead|search|none)=/;

/** The expressions of a template by their places, and what is left without them. */
function opened(template: string): { text: string; expressions: string[] } {
  const expressions: string[] = [];
  let text = "";
  let depth = 0;
  let inside = "";
  for (const char of template) {
    if (char === "{" && depth++ === 0) inside = "";
    else if (char === "}" && --depth === 0) {
      text += `{${expressions.length}}`;
      expressions.push(inside);
    } else if (depth > 0) inside += char;
    else text += char;
  }
  return { text, expressions };
}

/** Literals of an expression that read as words: a capital in front, or several of them. Keys are neither. */
function spoken(expression: string): string[] {
  const bare = expression.replaceAll(/\bt\((["'`])[^"'`]*\1/g, "t(");
  const found = [...bare.matchAll(/"([^"\n]*)"|`([^`$]*)/g)].map((one) => one[1] ?? one[2] ?? "");
  return found.filter((one) => /^\p{Lu}\p{Ll}+/u.test(one) || /\p{L}{2} \p{L}/u.test(one));
}

/** The words a component shows or says without asking the catalogue. */
function wordsIn(source: string): string[] {
  const template = source
    .replaceAll(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "")
    .replaceAll("=>", "");
  const { text, expressions } = opened(template);
  const found: string[] = [];
  for (const tag of text.match(/<[^>]*>/g) ?? []) {
    for (const part of tag.split(/(?=\s[\w-]+=)/).filter((one) => READ.test(one))) {
      const value = part.replace(READ, "").trim();
      const literal = /^"([^"]*)"/.exec(value)?.[1] ?? "";
      if (/\p{L}{2}/u.test(literal.replaceAll(/\{\d+\}/g, ""))) found.push(literal);
      for (const [, index] of value.matchAll(/\{(\d+)\}/g)) {
        found.push(...spoken(expressions[Number(index)] ?? ""));
      }
    }
  }
  for (const run of text.split(/<[^>]*>/)) {
    const bare = run.replaceAll(/\{\d+\}/g, "").trim();
    if (/\p{L}{2}/u.test(bare)) found.push(bare);
    for (const [, index] of run.matchAll(/\{(\d+)\}/g)) {
      const expression = expressions[Number(index)] ?? "";
      if (!/^[#:/]/.test(expression)) found.push(...spoken(expression));
    }
  }
  return found;
}

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

  test("no screen holds words of its own: every text comes from the catalogue", () => {
    const own = readdirSync("src", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".svelte"))
      .flatMap((name) => wordsIn(readFileSync(`src/${name}`, "utf8")).map((found) => `${name}: ${found}`));
    expect(own).toEqual([]);
  });

  test("words of a screen's own are found wherever they stand", () => {
    expect(wordsIn("<p>Save it</p>")).toEqual(["Save it"]);
    expect(wordsIn('<p title="Save it">{t("save")}</p>')).toEqual(["Save it"]);
    expect(wordsIn('<p>{busy ? "Saving now" : t("save")}</p>')).toEqual(["Saving now"]);
    expect(wordsIn("<p aria-label={`Save the ` + name}></p>")).toEqual(["Save the "]);
    expect(wordsIn('<Button label={"Go on"} />')).toEqual(["Go on"]);
    expect(wordsIn('<p class="big line" data-x="yes">{t("save-it", { name: "x" })} · {n}</p>')).toEqual([]);
  });
});
