// Writes src/features/settings/licences.json: every part that is built into Deskbell, with its licence.
// Run by `npm run licences` after a dependency was added; needs cargo, asks no network.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--format-version", "1", "--offline"], {
    cwd: new URL("../..", import.meta.url),
    maxBuffer: 1 << 28,
  }).toString(),
);
const byId = new Map(metadata.packages.map((one) => [one.id, one]));
const nodes = new Map(metadata.resolve.nodes.map((one) => [one.id, one]));
const shipped = new Set();
// What only builds or tests is not part of it; neither are the members that only serve tests.
const left = metadata.packages
  .filter((one) => ["deskbell", "deskbell-cli"].includes(one.name))
  .map((one) => one.id);
for (let id = left.pop(); id; id = left.pop()) {
  if (shipped.has(id)) continue;
  shipped.add(id);
  for (const dep of nodes.get(id)?.deps ?? []) {
    if (dep.dep_kinds.some(({ kind }) => kind === null)) left.push(dep.pkg);
  }
}
const rust = [...shipped]
  .map((id) => byId.get(id))
  .filter((one) => one.source !== null)
  .map((one) => [one.name, one.license ?? "see its files"]);
const js = [...Object.keys(read("../package.json").dependencies), "svelte"].map((name) => [
  name,
  read(`../node_modules/${name}/package.json`).license,
]);
const all = new Map([...rust, ...js].sort(([a], [b]) => a.localeCompare(b, "en")));
const lines = [...all].map((one) => `  ${JSON.stringify(one).replace(",", ", ")}`);
writeFileSync(
  new URL("../src/features/settings/licences.json", import.meta.url),
  `[\n${lines.join(",\n")}\n]\n`,
);
