/** Snoozing and labelling in the whole window, by keys, each with its way back. */
import { fireEvent, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { reach, tap } from "../../test/hands";
import { seriousFindings } from "../../test/stage";
import { listed, openWindow, press, until } from "../../test/window";

test("b puts a conversation off: it leaves the inbox, waits in Snoozed with its clock, and z brings it back", async () => {
  const { container, desk } = await openWindow();
  const first = desk.mail.list.rows[0];
  if (!first) throw new Error("a conversation");
  press("j", "b");
  expect(await screen.findByRole("dialog", { name: "Snooze…" })).toBeTruthy();
  expect(await seriousFindings(document.body)).toEqual([]);
  await screen.findByRole("button", { name: /^Tomorrow morning/ });
  await reach(() => screen.getByRole("button", { name: /^Tomorrow morning/ }));
  await tap("Enter");
  await until(() => expect(desk.mail.list.has(first.id), "out of the inbox").toBe(false));
  press("g", "b");
  await until(() => expect(listed(container)).toEqual([first.people]));
  expect(container.querySelector(".clock")?.textContent).toMatch(/Snoozed until/);
  press("z");
  await until(() => expect(listed(container)).toEqual([]));
  press("g", "i");
  await until(() => expect(desk.mail.list.has(first.id), "back").toBe(true));
});

test("a conversation waits for an answer, with no time at which it comes back", async () => {
  const { container, desk, host } = await openWindow();
  const first = desk.mail.list.rows[0];
  if (!first) throw new Error("a conversation");
  press("j", "b");
  await screen.findByRole("dialog", { name: "Snooze…" });
  await reach(() => screen.getByRole("button", { name: "Until somebody answers" }));
  await tap("Enter");
  await until(() => expect(desk.mail.list.has(first.id), "out of the inbox").toBe(false));
  const asked = host.state.calls.filter((call) => call.name === "conversations_snooze");
  expect(asked.map((call) => call.args)).toMatchObject([{ ids: [first.id], until: null }]);
  press("g", "b");
  await until(() => expect(listed(container)).toEqual([first.people]));
  press("z");
  await until(() => expect(listed(container)).toEqual([]));
});

test("a time of one's own is checked at its field", async () => {
  const { desk } = await openWindow();
  press("j", "b");
  await screen.findByRole("button", { name: "Pick a time…" });
  await reach(() => screen.getByRole("button", { name: "Pick a time…" }));
  await tap("Enter");
  const day = screen.getByLabelText("Day");
  await fireEvent.input(day, { target: { value: "2001-01-01" } });
  await reach(() => screen.getByRole("button", { name: "Snooze" }));
  await tap("Enter");
  expect(await screen.findByText("This time has passed; choose one in the future.")).toBeTruthy();
  expect(day.getAttribute("aria-invalid")).toBe("true");
  expect(desk.overlay, "the menu stays open").toBe("snooze");
});

test("l labels several at once, makes a label that is missing, and each label is a list", async () => {
  const { container, desk } = await openWindow();
  press("j", "x", "j", "x", "l");
  const field = await screen.findByRole("combobox", { name: "Find or make a label" });
  await fireEvent.input(field, { target: { value: "Flash day" } });
  expect(await seriousFindings(document.body)).toEqual([]);
  await fireEvent.keyDown(field, { key: "Enter" });
  await until(() => expect(desk.labels.all.map((label) => label.name)).toContain("Flash day"));
  await until(() => expect(desk.labels.all.find((label) => label.name === "Flash day")?.total).toBe(2));
  desk.overlay = null;
  await fireEvent.click(await screen.findByRole("button", { name: /^Flash day/ }));
  await until(() => expect(listed(container)).toHaveLength(2));
  expect(desk.route.view).toBe("label");
  expect(screen.getByRole("heading", { level: 1, name: "Flash day" })).toBeTruthy();
  press("z");
  await until(() => expect(listed(container), "taken back").toHaveLength(0));
});

test("what came back wears its mark until it is opened", async () => {
  const { container, desk, host } = await openWindow({}, (host) => {
    const one = host.state.newestFirst[0];
    if (one) Object.assign(one.row, { back: true });
  });
  await until(() => expect(container.querySelector(".badge.back")?.textContent).toBe("Back"));
  press("j", "Enter");
  await until(() => expect(container.querySelector(".badge.back")).toBeNull());
  expect(host.state.calls.some((call) => call.name === "snooze_seen")).toBe(true);
  expect(desk.readOnly).toBe(false);
});

test("a rule that notifies says so, and one press opens the conversation", async () => {
  const { desk, host } = await openWindow();
  const id = desk.mail.list.rows[2]?.id ?? "";
  host.state.emit({ kind: "notice", rule: "Deposits", conversation_id: id, message_id: `${id}-1` });
  expect(await screen.findByText("Rule “Deposits”: new mail")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Open" }));
  expect(desk.route.conversation).toBe(id);
});
