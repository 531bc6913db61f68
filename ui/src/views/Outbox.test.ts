/** What is on its way out: said in plain words, with the button that helps, in the list and on the message. */
import "../features/composer/Composer.svelte";
import { fireEvent, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { seriousFindings } from "../../test/stage";
import { type OpenWindow, openWindow, press, until } from "../../test/window";
import { deliveries, meaning, overall } from "../features/outbox/delivery";
import { standing } from "../features/outbox/words";
import type { Outgoing } from "../gen/Outgoing";
import { unsent } from "../host/fake/outgoing";

const blank = unsent({ id: "1", account_id: "1", message_id: "1-1", conversation_id: "1" });

/** A message given over to be sent to this address, by now answered by the server. */
async function sent(opened: OpenWindow, address: string, subject: string): Promise<string> {
  const { host } = opened;
  const draft = await host.call("draft_new", {
    kind: "new",
    account_id: "1",
    message_id: null,
    to: [address],
    subject,
    words: { wrote: "", forwarded: "", fields: [] },
  });
  await host.call("draft_save", {
    id: draft.id,
    revision: draft.revision,
    account_id: "1",
    content: { ...draft.content, html: "<p>Hello</p>" },
    files: [],
  });
  await host.call("draft_send", { id: draft.id, at: null, confirmed: [] });
  return draft.id;
}

async function outbox(...letters: [string, string][]): Promise<OpenWindow> {
  const opened = await openWindow();
  for (const [address, subject] of letters) await sent(opened, address, subject);
  opened.host.state.outbox.tick(opened.host.state.now + 20_000);
  opened.host.state.outbox.tick(opened.host.state.now + 21_000);
  opened.desk.route.mail("outbox");
  return opened;
}

const item = async (subject: string) => (await screen.findByText(subject)).closest("li") as HTMLElement;

test("a refused message says why and whose address; Edit opens it again", async () => {
  const { desk } = await outbox(["bounce@x.example", "Offer"]);
  const one = within(await item("Offer"));
  expect(one.getByText("Not sent")).toBeTruthy();
  expect(one.getByText("The server refused bounce@x.example. Check the address.")).toBeTruthy();
  expect(await seriousFindings(document.body)).toEqual([]);
  await fireEvent.click(one.getByRole("button", { name: "Edit" }));
  await until(() => expect(desk.composer.draft?.subject).toBe("Offer"));
  await until(() => expect(desk.outbox.items).toEqual([]));
});

test("a message of unknown fate is sent again only by a person's word, or said to have arrived", async () => {
  const { desk, host } = await outbox(["lost@x.example", "Contract"]);
  const one = within(await item("Contract"));
  expect(one.getByText("It may have arrived")).toBeTruthy();
  host.state.outbox.tick(host.state.now + 3_600_000);
  expect(desk.outbox.items[0]?.state, "nothing happens by itself").toBe("unknown");
  await fireEvent.click(one.getByRole("button", { name: "It arrived" }));
  await until(() => expect(screen.getByText("Nothing waits to be sent")).toBeTruthy());
  expect([...host.state.outbox.written.values()][0]?.outgoing.state).toBe("accepted");
});

test("what did not get through is tried again by itself, or at once", async () => {
  const { desk } = await outbox(["slow@x.example", "Visit"]);
  const one = within(await item("Visit"));
  expect(one.getByText(/^Next try in/)).toBeTruthy();
  expect(one.getByText("The server asks to try again later.")).toBeTruthy();
  await fireEvent.click(one.getByRole("button", { name: "Try again" }));
  await until(() => expect(desk.outbox.items[0]?.attempts).toBe(0));
});

test("its conversation says the same above the message, and its row in the list too", async () => {
  const { desk } = await outbox(["bounce@x.example", "Offer"]);
  await fireEvent.click(within(await item("Offer")).getByText("bounce@x.example"));
  const pane = await screen.findByRole("region", { name: "Conversation" });
  expect(await within(pane).findByText(/The server refused/)).toBeTruthy();
  desk.route.mail("all");
  const badge = await screen.findByText("Not sent", { selector: "em" });
  expect(badge.closest("[role=row]")?.textContent).toContain("Offer");
});

test("g o leads to it, and what needs the person stands first", async () => {
  const opened = await outbox(["lost@x.example", "Contract"], ["slow@x.example", "Visit"]);
  opened.desk.route.mail("inbox");
  press("g", "o");
  expect(opened.desk.route.view).toBe("outbox");
  const column = await screen.findByRole("region", { name: "Outbox" });
  await until(() => expect(within(column).getAllByRole("heading", { level: 2 })).toHaveLength(2));
  expect(
    within(column)
      .getAllByRole("heading", { level: 2 })
      .map((one) => one.textContent),
  ).toEqual(["Needs you", "About to leave"]);
  const rail = screen.getByRole("navigation");
  expect(within(rail).getByRole("button", { name: /Outbox 2/ })).toBeTruthy();
});

test("every state has words, and only those that may be touched have buttons", () => {
  const one = (over: Partial<Outgoing>): Outgoing => ({ ...blank, state: "queued", ...over });
  const acts = (over: Partial<Outgoing>, left = 5_000) => standing(one(over), left, 0).acts;
  expect(acts({ state: "sending" }), "it may have left: nothing to press").toEqual([]);
  expect(acts({ state: "unknown" })).not.toContain("edit");
  expect(acts({})).toEqual(["cancel"]);
  expect(acts({ scheduled: true })).toContain("change");
  expect(acts({ state: "rejected" })[0]).toBe("edit");
  for (const state of ["queued", "sending", "unknown", "rejected", "accepted"]) {
    expect(standing(one({ state }), 0, 0).label).not.toBe("");
  }
});

test("no server is blamed for what kept a message here", () => {
  const why = "the file “plan.pdf” cannot be read: an attachment file is missing; attach it again";
  const lost: Outgoing = { ...blank, state: "rejected", error_code: "file", error: why };
  const said = standing(lost, 0, 0);
  expect(said.detail).toBe("Nothing was sent. Change it and send it again.");
  expect(said.acts[0]).toBe("edit");
  expect(said.reason?.text, "the file is named").toContain("plan.pdf");
  const refused = standing({ ...lost, error_code: "550" }, 0, 0);
  expect(refused.detail).toBe("The server refused it. Change it and send it again.");
});

test("who does not get a message that has left is named", () => {
  const refused = [{ address: "gone@x.example", reason: "No such mailbox.", said: null }];
  const partly: Outgoing = { ...blank, state: "sent", refused };
  expect(standing(partly, 0, 0)).toMatchObject({
    tone: "bad",
    label: "Sent, but not to everyone",
    detail: "The server refused gone@x.example. Check the address.",
    reason: { text: "No such mailbox.", lang: "en" },
    acts: [],
  });
  expect(standing({ ...partly, refused: [] }, 0, 0).label).toBe("Sent");
});

test("of whom nobody knows is not called refused", () => {
  const lost = [{ address: "tom@x.example", reason: "Nobody knows.", said: null }];
  const unsure: Outgoing = { ...blank, state: "sent", left_at: 1, lost };
  const said = standing(unsure, 0, 0);
  expect(said).toMatchObject({ tone: "ask", label: "Sent; for some nobody knows", acts: [] });
  expect(said.detail).toMatch(/^Nobody knows whether it reached tom@x\.example/);
  expect(said.detail).not.toMatch(/refused/);
  const recipients = [
    { address: "tom@x.example", name: null },
    { address: "mara@x.example", name: null },
  ];
  const each = deliveries({ ...unsure, recipients });
  expect(each.map((one) => one.fate)).toEqual(["lost", "left"]);
  expect(overall(each).label).toBe("1 of 2 not known");
});

test("what still waits for some of its recipients is listed, with who that is", async () => {
  const opened = await openWindow();
  await sent(opened, "later@x.example", "Visit");
  opened.host.state.outbox.tick(opened.host.state.now + 20_000);
  opened.host.state.outbox.tick(opened.host.state.now + 21_000);
  opened.desk.route.mail("outbox");
  const column = await screen.findByRole("region", { name: "Outbox" });
  expect(await within(column).findByRole("heading", { name: "Sent, some get it later" })).toBeTruthy();
  const one = within(await item("Visit"));
  expect(one.getByText(/later@x\.example only later/)).toBeTruthy();
  expect(await seriousFindings(document.body)).toEqual([]);
});

test("who gets it only later is named, with the next try, above the message and in its bar", async () => {
  const opened = await openWindow();
  const { host, desk } = opened;
  await sent(opened, "later@x.example", "Visit");
  host.state.outbox.tick(host.state.now + 20_000);
  host.state.outbox.tick(host.state.now + 21_000);
  const [written] = [...host.state.outbox.written.values()];
  desk.route.mail("sent", null, written?.draft.conversation_id ?? null);
  const pane = await screen.findByRole("region", { name: "Conversation" });
  const notice = within(
    (await within(pane).findByText("Sent; some get it later")).closest(".notice") as HTMLElement,
  );
  expect(
    notice.getByText(/^The server takes it for later@x\.example only later\. Deskbell tries again/),
  ).toBeTruthy();
  expect(notice.getByText("Greylisted, try again in five minutes.").lang, "the server's own words").toBe(
    "en",
  );
  expect(await seriousFindings(document.body)).toEqual([]);
});

test("ticks say what became of a message, and of each recipient in plain language", async () => {
  const opened = await openWindow();
  const { host, desk } = opened;
  const { outbox } = host.state;
  const id = await sent(opened, "mara@voss.example", "Friday");
  outbox.get(id).draft.content.cc = [{ name: "Tom Wieland", address: "tom@x.example" }];
  outbox.tick(host.state.now + 20_000);
  outbox.tick(host.state.now + 21_000);
  desk.route.mail("sent", null, outbox.get(id).draft.conversation_id);
  const toggle = (name: string) => screen.findByRole("button", { name });
  await toggle("Sent");
  outbox.report(id, "mara@voss.example", "delivered");
  await toggle("Delivered to 1 of 2");
  outbox.report(id, "mara@voss.example", "read");
  await toggle("Read by 1 of 2");
  outbox.report(id, "tom@x.example", "failed", "550 5.1.1 no such user");
  const failed = await toggle("1 of 2 not reached");

  failed.focus();
  await fireEvent.click(failed);
  const details = screen.getByRole("group", { name: "What became of this message" });
  const rows = [...details.querySelectorAll("li")].map((one) => one.textContent ?? "");
  expect(rows[0], "whom it did not reach comes first").toContain("Tom Wieland");
  expect(rows[0]).toContain("There is no such mailbox. Check the address.");
  expect(rows[0], "and in the server's words").toContain("550 5.1.1 no such user");
  expect(rows[1]).toContain("read");
  expect(await seriousFindings(document.body)).toEqual([]);
  await fireEvent.keyDown(failed, { key: "Escape" });
  expect(screen.queryByRole("group", { name: "What became of this message" })).toBeNull();
  expect(document.activeElement, "the keyboard goes on where it was").toBe(failed);
});

test("a server's code is told in plain language, and only a code", () => {
  for (const [words, plain] of [
    ["550 5.1.1 no such user", "There is no such mailbox. Check the address."],
    ["smtp; 452 4.2.2 over quota", "The mailbox is full"],
    ["5.7.26 unauthenticated", "The server's rules do not let this message in"],
    ["4.4.7 expired", "The server could not be reached for days"],
  ] as const)
    expect(meaning(words), words).toContain(plain);
  for (const words of ["", "go away", "at 10.1.1.1 we say no"]) expect(meaning(words), words).toBeNull();
});
