/** A message given over, and what comes of it: each a bug that was found, by what it must do. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { calls, letter } from "../../../test/letters";
import { seriousFindings } from "../../../test/stage";
import { until } from "../../../test/window";
import type { Code } from "../../gen/Code";
import { CallError } from "../../host/types";

test("what was confirmed of one file is asked of the next", async () => {
  const { desk } = await letter();
  const program = (name: string) => ({
    ...{ blob: name, name, media_type: "application/x-msdownload", content_id: null, dangerous: true },
    ...{ size: 10, missing: false },
  });
  desk.composer.draft?.attach([program("setup.exe")]);
  await desk.composer.send();
  expect(desk.composer.warnings?.list.map((one) => one.detail)).toEqual(["setup.exe"]);
  desk.composer.reconsider();
  await desk.composer.send();
  desk.composer.draft?.attach([program("other.exe")]);
  await desk.composer.sendAnyway();
  expect(desk.composer.warnings?.list.map((one) => one.detail)).toEqual(["other.exe"]);
});

test("a time that has passed meanwhile is asked for again, with the reason", async () => {
  const { desk, host } = await letter();
  await desk.composer.send(host.state.outbox.now - 60_000);
  const dialog = await screen.findByRole("dialog", { name: "Send later" });
  expect(within(dialog).getByRole("alert").textContent).toContain("time has passed");
  expect(desk.composer.draft, "it stays a draft").not.toBeNull();
});

test("a message refused after it was given over says so where it was sent, with the button that mends it", async () => {
  const { desk, host } = await letter("See you.", "bounce@x.example");
  await desk.composer.send();
  host.state.outbox.tick(host.state.now + 11_000);
  host.state.outbox.tick(host.state.now + 12_000);
  const bar = await screen.findByText(/^Refused, not sent to bounce@x\.example/);
  const group = bar.closest("[role=group]") as HTMLElement;
  const { getByRole } = within(group);
  expect(await seriousFindings(group)).toEqual([]);
  await fireEvent.click(getByRole("button", { name: "Edit" }));
  await until(() => expect(desk.composer.draft?.subject).toBe("Your visit"));
  expect(screen.queryByText(/^Refused/)).toBeNull();
});

test("a plan that failed while nobody looked is said as well", async () => {
  const { desk, host } = await letter("See you.", "lost@x.example");
  await desk.composer.send(host.state.outbox.now + 3_600_000);
  desk.outbox.forget(desk.outbox.recent[0]?.id ?? "");
  host.state.outbox.tick(host.state.now + 3_700_000);
  host.state.outbox.tick(host.state.now + 3_701_000);
  await fireEvent.click(await screen.findByRole("button", { name: "Decide" }));
  expect(desk.route.view).toBe("outbox");
});

test("a refused change of time leaves the message planned as it was", async () => {
  const opened = await letter();
  const at = opened.host.state.outbox.now + 3_600_000;
  await opened.desk.composer.send(at);
  opened.desk.route.mail("outbox");
  const error = new CallError("invalid" as Code, "This time has passed; choose one in the future.");
  opened.host.state.fail("outbox_reschedule", error);
  await fireEvent.click(await screen.findByRole("button", { name: "Another time" }));
  await fireEvent.click(await screen.findByRole("button", { name: /Tomorrow morning/ }));
  await until(() => expect(calls(opened, "outbox_reschedule")).toHaveLength(1));
  expect(calls(opened, "outbox_cancel"), "it is no draft in between").toEqual([]);
  expect(opened.desk.outbox.scheduled.map((one) => one.not_before)).toEqual([at]);
});
