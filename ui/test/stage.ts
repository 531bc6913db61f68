/** A desk on the pretend host with one screen on it, and the checks every screen must pass. */
import { render } from "@testing-library/svelte";
import axe from "axe-core";
import type { Component } from "svelte";
import { onTestFinished } from "vitest";
import { type FakeHost, fakeHost } from "../src/host/fake";
import type { FakeOptions } from "../src/host/fake/state";
import { Desk } from "../src/stores/desk.svelte";
import Stage from "./Stage.svelte";

export interface Staged {
  desk: Desk;
  host: FakeHost;
  container: HTMLElement;
}

/** `prepare` sets the scene before the desk asks its first question. */
export async function stage(
  screen: Component,
  options: FakeOptions = {},
  prepare: (host: FakeHost, desk: Desk) => void = () => {},
): Promise<Staged> {
  const host = fakeHost(options);
  const desk = new Desk(host);
  onTestFinished(() => desk.stop());
  prepare(host, desk);
  await desk.start();
  const { container } = render(Stage, { desk, screen });
  return { desk, host, container };
}

/** What axe finds of serious or critical weight, in words. Colours are checked where the tokens are. */
export async function seriousFindings(element: HTMLElement): Promise<string[]> {
  const { violations } = await axe.run(element, {
    // Mail frames are documents of their own; the sandbox lets nothing in to look at them.
    iframes: false,
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return violations
    .filter((found) => found.impact === "serious" || found.impact === "critical")
    .map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`);
}
