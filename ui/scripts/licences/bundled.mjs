// The npm packages whose code is in the window's bundle: asked of the bundler, since only it knows.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ui = fileURLToPath(new URL("../..", import.meta.url));
const NAMED = /^(un)?licen[cs]e|^copying|^copyright|^notice/i;

/** The folder of the package that a module belongs to; `null` for our own. */
function folderOf(module) {
  const path = module.replace(/^\0/, "").split("?")[0].replaceAll("\\", "/");
  const at = path.lastIndexOf("/node_modules/");
  if (at < 0) return null;
  const [first, second] = path.slice(at + "/node_modules/".length).split("/");
  return path.slice(0, at) + "/node_modules/" + (first.startsWith("@") ? `${first}/${second}` : first);
}

const person = (one) => (typeof one === "string" ? one : one?.name);

export async function bundled() {
  process.env.NODE_ENV = "production";
  const built = await build({ root: ui, logLevel: "error", build: { write: false } });
  const modules = [built].flat().flatMap(({ output }) => output.flatMap((chunk) => chunk.moduleIds ?? []));
  const folders = new Set(modules.map(folderOf).filter(Boolean));
  // The bundler writes a few lines of its own that load what is loaded late.
  if (modules.some((module) => module.startsWith("\0vite/"))) folders.add(join(ui, "node_modules/vite"));
  if (modules.some((module) => module.startsWith("\0rolldown/"))) folders.add(join(ui, "node_modules/rolldown"));
  return [...folders].map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (!license) throw new Error(`${name} ${version} states no licence.`);
    // Past its first words, the bundler's file tells of what it is made of itself, which is in no bundle.
    const files = readdirSync(folder)
      .filter((file) => NAMED.test(file))
      .sort()
      .map((file) => readFileSync(join(folder, file), "utf8").split(/^# Licenses of bundled dependencies/m)[0]);
    return { kind: "npm", name, version, licence: license, files, authors: [person(author)].filter(Boolean) };
  });
}
