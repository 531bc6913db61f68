// The crates that are built into Deskbell on any of its systems, with the files their licences stand in.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** One of each system that Deskbell is made for; more processors bring no other crates, save where they do: both Macs. */
const SYSTEMS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-apple-darwin"];
/** What people get: the window and `bell`. */
const PROGRAMS = ["deskbell", "deskbell-cli"];
const NAMED = /^(un)?licen[cs]e|^copying|^copyright|^notice/i;
/** Foreign code inside a crate: which of its licence files go with what is built, and which go with nothing that is. */
const INSIDE = {
  "chrono-tz": { built: ["tz/LICENSE"], not: [] },
  "libdbus-sys": { built: [], not: ["vendor/dbus/COPYING", "vendor/dbus/cmake/modules/COPYING-CMAKE-SCRIPTS"] },
  // Mail that its tests read.
  "mail-parser": { built: [], not: ["resources/eml/malformed/COPYING", "resources/eml/thirdparty/COPYING", "resources/eml/legacy/COPYING"] },
  "regex-syntax": { built: ["src/unicode_tables/LICENSE-UNICODE"], not: [] },
  rfd: { built: ["src/backend/xdg_desktop_portal/window_identifier/LICENSE"], not: [] },
  ring: { built: ["src/polyfill/once_cell/LICENSE-MIT", "third_party/fiat/LICENSE"], not: ["src/polyfill/once_cell/LICENSE-APACHE"] },
  "tracing-core": { built: ["src/spin/LICENSE"], not: [] },
  // zstd may be had under either; BSD is taken.
  "zstd-sys": { built: ["zstd/LICENSE"], not: ["zstd/COPYING"] },
};

const metadata = (system) =>
  JSON.parse(
    execFileSync("cargo", ["metadata", "--format-version", "1", "--locked", "--filter-platform", system], {
      cwd: root,
      maxBuffer: 1 << 28,
    }).toString(),
  );

/** What is reached by ordinary dependencies. A macro's words end up in what it writes; what it is built with does not. */
function reached({ packages, resolve }) {
  const byId = new Map(packages.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((one) => [one.id, one]));
  const found = new Map();
  const left = packages.filter((one) => one.source === null && PROGRAMS.includes(one.name)).map((one) => one.id);
  for (let id = left.pop(); id; id = left.pop()) {
    if (found.has(id)) continue;
    const crate = byId.get(id);
    found.set(id, crate);
    if (crate.targets.some(({ kind }) => kind.includes("proc-macro"))) continue;
    for (const dep of nodes.get(id).deps) {
      if (dep.dep_kinds.some(({ kind }) => kind === null)) left.push(dep.pkg);
    }
  }
  return found;
}

function inside(name, folder) {
  const { built, not } = INSIDE[name] ?? { built: [], not: [] };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
    if (!entry.isFile() || !path.includes("/") || path.startsWith(".") || !NAMED.test(entry.name)) continue;
    if (/\.(rs|yml|py|sh)$/.test(entry.name) || built.includes(path) || not.includes(path)) continue;
    throw new Error(`${name} holds ${path}: say in INSIDE whether what it is about is built into Deskbell.`);
  }
  return built;
}

/** Name, version, expression, files and authors of each. */
export function crates() {
  const found = new Map(SYSTEMS.flatMap((system) => [...reached(metadata(system))]));
  return [...found.values()]
    .filter((one) => one.source !== null)
    .map(({ name, version, license, license_file, authors, manifest_path }) => {
      const folder = dirname(manifest_path);
      const own = readdirSync(folder, { withFileTypes: true })
        .filter((one) => one.isFile() && (NAMED.test(one.name) || one.name === license_file))
        .map((one) => one.name);
      const files = [...own.sort(), ...inside(name, folder)].map((file) => readFileSync(join(folder, file), "utf8"));
      if (!license && files.length === 0) throw new Error(`${name} ${version} states no licence.`);
      return { kind: "crate", name, version, licence: license ?? null, files, authors };
    });
}
