/** The house rules that a tool can check: who may import whom, how long a file may be, that it says what it owns. */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";

const FILES = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /\.(ts|svelte)$/.test(name) && !name.startsWith("gen/"));

function text(file: string): string {
  return readFileSync(`src/${file}`, "utf8");
}

/** What a file imports: own files as paths from src/, packages by name. */
function imports(file: string): string[] {
  const found = [...text(file).matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
  return found.map((name) =>
    name.startsWith(".") ? posix.normalize(posix.join(posix.dirname(file), name)) : name,
  );
}

const PRODUCT = FILES.filter((file) => !file.endsWith(".test.ts"));
/** What each folder may reach besides itself. */
const REACH: Record<string, string[]> = {
  shared: ["gen", "host/types", "../locales"],
  host: ["gen"],
  stores: ["gen", "host/types", "shared"],
  features: ["gen", "host/types", "shared", "stores"],
  views: ["gen", "host/types", "shared", "stores", "features"],
};

describe("house rules", () => {
  test("only the app's host knows Tauri", () => {
    const knowing = FILES.filter((file) => imports(file).some((name) => name.startsWith("@tauri-apps")));
    expect(knowing).toEqual(["host/tauri.ts"]);
  });

  test("features never import features", () => {
    const crossing = PRODUCT.filter((file) => file.startsWith("features/")).flatMap((file) => {
      const own = file.split("/").slice(0, 2).join("/");
      return imports(file)
        .filter((name) => name.startsWith("features/") && !name.startsWith(`${own}/`))
        .map((name) => `${file} -> ${name}`);
    });
    expect(crossing).toEqual([]);
  });

  test.each(Object.entries(REACH))("%s reaches only what lies below it", (folder, allowed) => {
    const stray = PRODUCT.filter((file) => file.startsWith(`${folder}/`)).flatMap((file) =>
      imports(file)
        .filter((name) => /^(\.\.|gen|host|shared|stores|features|views)\b/.test(name))
        .filter((name) => !name.startsWith(`${folder}/`) && name !== folder)
        .filter((name) => !allowed.some((one) => name === one || name.startsWith(`${one}/`)))
        .map((name) => `${file} -> ${name}`),
    );
    expect(stray).toEqual([]);
  });

  test("icons are imported one by one", () => {
    expect(FILES.filter((file) => imports(file).includes("@lucide/svelte"))).toEqual([]);
  });

  test("no file is longer than 250 lines, tests 400", () => {
    const long = FILES.map((file) => ({ file, lines: text(file).split("\n").length })).filter(
      ({ file, lines }) => lines > (file.endsWith(".test.ts") ? 400 : 251),
    );
    expect(long).toEqual([]);
  });

  test("every file says first what it owns", () => {
    const silent = PRODUCT.filter((file) => !/^(<!--|\/\*\*)/.test(text(file)));
    expect(silent).toEqual([]);
  });

  test("colours are tokens", () => {
    const literal = PRODUCT.filter((file) => file.endsWith(".svelte"))
      .map((file) => ({ file, style: text(file).split("<style>")[1] ?? "" }))
      .filter(({ style }) => /#[0-9a-f]{3,8}\b/i.test(style));
    expect(literal.map(({ file }) => file)).toEqual([]);
  });
});
