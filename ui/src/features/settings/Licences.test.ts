import { fireEvent, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { key } from "../../../test/hands";
import { seriousFindings, stage } from "../../../test/stage";
import { until } from "../../../test/window";
import { matchingParts, originOf, parts, textsOf } from "./licences";
import Settings from "./Settings.svelte";

const part = (name: string) => {
  const found = parts.find((one) => one.name === name);
  if (!found) throw new Error(`${name} is not listed`);
  return found;
};

test("everything built in is listed with whose it is and the words of its licence", () => {
  for (const one of parts) {
    expect(textsOf(one).length, `${one.name} has its words`).toBeGreaterThan(0);
    expect(textsOf(one).every((text) => text.length > 200)).toBe(true);
    expect(one.licence, `${one.name} has a licence`).not.toBe("");
  }
  expect(parts[0]?.name).toBe("Deskbell");
  expect(textsOf(part("Deskbell")).length, "both, since one may choose").toBe(2);
  // The shell, one crate of each system alone, the editor's inner parts, and what no package manager knows.
  for (const name of ["tauri", "gtk", "objc2", "webview2-com", "prosemirror-view", "svelte", "SQLite"])
    part(name);
  expect(part("memchr").copyright).toEqual(["Copyright (c) 2015 Andrew Gallant"]);
  expect(
    parts.some((one) => ["vitest", "insta", "axe-core"].includes(one.name)),
    "what only tests is not part of it",
  ).toBe(false);
});

test("a part is found by its name or its licence, and its source is named", () => {
  const names = (query: string) => matchingParts(parts, query).map((one) => one.name);
  expect(names("selec MPL")).toEqual(["selectors"]);
  expect(names("")).toHaveLength(parts.length);
  expect(names("no such part")).toEqual([]);
  expect(originOf(part("tauri"))).toBe(`https://crates.io/crates/tauri/${part("tauri").version}`);
  expect(originOf(part("svelte"))).toContain("https://www.npmjs.com/package/svelte/v/");
  expect(originOf(part("Deskbell"))).toBeNull();
});

test("the licences are searched and read by the keyboard alone", async () => {
  const { container, host } = await stage(Settings);
  await fireEvent.click(screen.getByRole("button", { name: "Read" }));
  const entry = await screen.findByRole("combobox", { name: "Find a part or a licence" });
  expect(document.activeElement).toBe(entry);
  await screen.findByRole("region", { name: "Licence of Deskbell" });
  await fireEvent.input(entry, { target: { value: "tauri" } });
  await key(entry, "ArrowDown");
  const name = document.getElementById(entry.getAttribute("aria-activedescendant") ?? "")?.textContent ?? "";
  expect(name).toContain("tauri");
  await key(entry, "Enter");
  const text = screen.getByRole("region", { name: /^Licence of tauri/ });
  expect(document.activeElement, "Enter goes over to the text").toBe(text);
  expect(text.textContent).toContain("Permission is hereby granted");
  await fireEvent.click(screen.getByRole("button", { name: "Where it comes from" }));
  expect(host.state.calls.at(-1)?.name).toBe("link_open");
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(screen.getByRole("button", { name: "Close" }));
  await until(() => expect(screen.queryByRole("dialog")).toBeNull());
});
