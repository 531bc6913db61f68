// Writes src/features/settings/licences.json: every part that is built into Deskbell, whose it is, and the words of
// its licence, each text once. `npm run licences`, a part of `cargo xtask gen`; with --check nothing is written, and
// it ends with 1 where the file is out of date.
import { readFileSync, writeFileSync } from "node:fs";
import { bundled } from "./licences/bundled.mjs";
import { crates } from "./licences/crates.mjs";
import { choose, demands, empty, read, Texts } from "./licences/texts.mjs";

const goal = new URL("../src/features/settings/licences.json", import.meta.url);
const ours = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const BLESSING = `The author disclaims copyright to this source code. In place of a legal notice, here is a blessing:

   May you do good and not evil.
   May you find forgiveness for yourself and forgive others.
   May you share freely, never taking more than you give.
`;
/** What no package manager tells of. */
const BESIDE = [
  { kind: "tool", name: "Rust's standard library", version: "", licence: "MIT OR Apache-2.0", files: [], authors: ["The Rust Project contributors"] },
  { kind: "tool", name: "SQLite", version: "", licence: "blessing", files: [BLESSING], authors: [] },
  // Its loader is linked into the Windows program by webview2-com-sys.
  { kind: "tool", name: "Microsoft WebView2 loader", version: "", licence: "BSD-3-Clause", files: [], authors: ["Microsoft Corporation"] },
];

function part({ kind, name, version, licence, files, authors }, texts) {
  const found = files.map(read);
  const brought = new Map(found.filter((one) => one.kind).map((one) => [one.kind, one.words]).reverse());
  const wanted = licence ? demands(licence).map((offered) => choose(offered, brought)) : [...brought.keys()];
  // Notices of another kind and the licences of code inside go along, whatever was chosen.
  const offered = new Set(licence ? demands(licence).flat() : []);
  const beside = found.filter((one) => !offered.has(one.kind) && !empty(one)).map((one) => one.words);
  const words = [...wanted.map((one) => brought.get(one) ?? texts.usual(one)), ...beside];
  const copyright = [...new Set(found.flatMap((one) => one.copyright))];
  const names = authors.map((one) => one.replace(/\s*<[^>]*>/, "").trim()).filter(Boolean);
  return {
    ...{ kind, name, version, licence: (licence ?? "").replace(/\s*\/\s*/g, " OR ") },
    copyright: copyright.length > 0 ? copyright : names.length > 0 ? [`Copyright ${names.join(", ")}`] : [],
    texts: [...new Set(words.map((one) => texts.id(one)))],
  };
}

const own = { kind: "own", name: "Deskbell", version, licence: "MIT OR Apache-2.0", files: [ours("LICENSE-MIT"), ours("LICENSE-APACHE")], authors: [] };
const order = (a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);
const parts = [...crates(), ...(await bundled()), ...BESIDE].sort(order);
const texts = new Texts();
for (const { files } of parts) for (const { kind, words } of files.map(read)) if (kind) texts.count(kind, words);
// Deskbell's own stand in full: whoever gets it may choose.
const self = { ...part(own, texts), texts: own.files.map((file) => texts.id(read(file).words)) };
const listed = [self, ...parts.map((one) => part(one, texts))];
const lines = (all) => all.map((one) => `    ${JSON.stringify(one)}`).join(",\n");
const fresh = `{\n  "parts": [\n${lines(listed)}\n  ],\n  "texts": [\n${lines(texts.all)}\n  ]\n}\n`;

let before = null;
try {
  before = readFileSync(goal, "utf8");
} catch {
  // There is none yet.
}
if (before !== fresh) {
  if (process.argv.includes("--check")) {
    console.error("out of date, run `cargo xtask gen`: ui/src/features/settings/licences.json");
    process.exit(1);
  }
  writeFileSync(goal, fresh);
  console.error(`wrote ui/src/features/settings/licences.json: ${listed.length} parts, ${texts.all.length} texts`);
}
