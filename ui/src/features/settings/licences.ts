/** What Deskbell is made of, as the generated `licences.json` lists it: found by a few letters, told where it comes from. */
import { holds } from "../../shared/fold";
import made from "./licences.json";

export interface Part {
  /** Unlike that of any other part: some are built in in two versions. */
  id: string;
  kind: "own" | "crate" | "npm" | "tool";
  name: string;
  version: string;
  /** An SPDX expression. */
  licence: string;
  copyright: string[];
  /** Places in the list of texts, each of which stands there once. */
  texts: number[];
}

export const parts: readonly Part[] = made.parts.map((part, at) => ({
  ...part,
  kind: part.kind as Part["kind"],
  id: String(at),
}));

export function textsOf(part: Part): string[] {
  return part.texts.flatMap((at) => made.texts[at] ?? []);
}

/** Those in whose name or licence every typed word occurs. */
export function matchingParts(all: readonly Part[], query: string): readonly Part[] {
  return all.filter(({ name, version, licence }) => holds(`${name} ${version} ${licence}`, query.trim()));
}

/** Where its source can be had, which some licences want told; `null` where that is no package. */
export function originOf({ kind, name, version }: Part): string | null {
  if (kind === "crate") return `https://crates.io/crates/${name}/${version}`;
  return kind === "npm" ? `https://www.npmjs.com/package/${name}/v/${version}` : null;
}
