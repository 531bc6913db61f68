/** Writing in the window: answers, recipients, saving, sending and taking back. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import "../../shared/editor/engine";
import "./Composer.svelte";
import { describe, expect, test } from "vitest";
import { key, line, paste, prose, write } from "../../../test/hands";
import { seriousFindings } from "../../../test/stage";
import { type OpenWindow, openWindow, press, until } from "../../../test/window";
import type { Code } from "../../gen/Code";
import { CallError } from "../../host/types";

const chips = () => [...document.querySelectorAll("[data-chip]")].map((one) => one.textContent?.trim());
const calls = ({ host }: OpenWindow, name: string) => host.state.calls.filter((call) => call.name === name);

async function reply(): Promise<OpenWindow> {
  const opened = await openWindow();
  press("j", "o");
  await until(() => expect(opened.desk.conversation.current?.row.id).toBe("1"));
  press("r");
  await prose();
  return opened;
}

async function compose(options = {}, prepare = (_host: OpenWindow["host"]) => {}): Promise<OpenWindow> {
  const opened = await openWindow(options, prepare);
  press("c");
  await prose();
  await until(() => expect(document.activeElement).toBe(line("To")));
  return opened;
}

/** A whole message to Mara, ready to go. */
async function letter(text = "See you on Thursday.", to = "mara@voss.example"): Promise<OpenWindow> {
  const opened = await compose();
  await write(line("To"), to);
  await key(line("To"), "Enter");
  await write(screen.getByLabelText("Subject"), "Your visit");
  opened.desk.composer.draft?.replace(`<p>${text}</p>`);
  return opened;
}

describe("answering", () => {
  test("r opens an answer below the conversation, with its recipient, and Escape puts it away", async () => {
    const { desk, host } = await reply();
    expect(screen.getByRole("region", { name: "Reply" })).toBeTruthy();
    expect(chips()).toEqual(["Mara Voss"]);
    expect(
      screen.getByRole("region", { name: "Conversation" }),
      "the conversation stays in sight",
    ).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
    await key(line("To"), "Escape");
    await until(() => expect(desk.composer.draft).toBeNull());
    expect([...host.state.outbox.written.values()][0]?.discarded, "nothing was written into it").toBe(true);
  });

  test("the signature stands in the text, the quoted original folded below it", async () => {
    await reply();
    expect((await prose()).querySelector("[data-signature]")?.textContent).toContain("Studio Lindenhof");
    expect(document.querySelector("iframe[title='Quoted message']")).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Show the quoted message" }));
    const frame = document.querySelector<HTMLIFrameElement>("iframe[title='Quoted message']");
    expect(frame?.getAttribute("sandbox"), "nothing in it runs").toBe("");
    expect(frame?.srcdoc).toContain("Mara Voss wrote:");
  });

  test("r pressed again goes on with the answer that was begun", async () => {
    const opened = await reply();
    opened.desk.composer.draft?.replace("<p>Half a sent</p>");
    await opened.desk.composer.close();
    (document.activeElement as HTMLElement | null)?.blur();
    await until(() => expect(opened.desk.conversation.current?.messages.at(-1)?.draft).toBe(true));
    press("r");
    expect((await prose()).textContent).toContain("Half a sent");
    expect(calls(opened, "draft_new")).toHaveLength(1);
  });

  test("what is written stays when the person looks elsewhere, and one press brings it back", async () => {
    const { desk } = await reply();
    desk.composer.draft?.replace("<p>Not done yet</p>");
    desk.mail.open("2");
    const strip = await screen.findByRole("button", { name: /Go on writing/ });
    expect(strip.textContent).toContain("Mara Voss");
    await fireEvent.click(strip);
    expect(desk.route.conversation).toBe("1");
    expect((await prose()).textContent).toContain("Not done yet");
  });

  test("another message begun puts the first away saved", async () => {
    const { desk, host } = await reply();
    const first = desk.composer.draft?.id ?? "";
    desk.composer.draft?.replace("<p>Keep me</p>");
    await desk.composer.begin("new");
    expect(host.state.outbox.get(first).draft.content.html).toContain("Keep me");
    expect(desk.composer.draft?.id).not.toBe(first);
  });
});

describe("recipients", () => {
  test("people are offered by name, chosen by keys", async () => {
    await compose();
    await write(line("To"), "mar");
    const offered = await screen.findByRole("listbox", { name: "People you know" });
    await until(() => expect(within(offered).getAllByRole("option").length).toBeGreaterThan(1));
    expect(await seriousFindings(document.body)).toEqual([]);
    const names = within(offered)
      .getAllByRole("option")
      .map((one) => one.querySelector("span:not([aria-hidden])")?.textContent);
    await key(line("To"), "ArrowDown");
    await key(line("To"), "Enter");
    expect(chips()).toEqual([names[1]]);
    expect(line("To").value).toBe("");
  });

  test("a comma ends an address, and what is none says why", async () => {
    await compose();
    await write(line("To"), "jonas@okafor.example,");
    await write(line("To"), "nobody");
    await key(line("To"), "Tab");
    expect(chips()).toEqual(["jonas@okafor.example", "nobody"]);
    expect(screen.getByRole("button", { name: /nobody: The @ is missing/ })).toBeTruthy();
  });

  test("a list of a thousand is taken whole, and does not bury the message", async () => {
    const { desk } = await compose();
    const list = Array.from({ length: 1_000 }, (_, n) => `Guest ${n} <guest${n}@list.example>`).join(";\n");
    await paste(line("To"), list);
    expect(desk.composer.draft?.people.to).toHaveLength(1_000);
    expect(chips()).toHaveLength(16);
    await fireEvent.click(screen.getByRole("button", { name: "984 more" }));
    expect(chips()).toHaveLength(1_000);
  });

  test("a chip is reached, moved to another line, changed and removed by keys", async () => {
    const { desk } = await compose();
    await write(line("To"), "a@x.example,");
    await write(line("To"), "b@x.example,");
    await key(line("To"), "Backspace");
    expect(document.activeElement?.textContent?.trim()).toBe("b@x.example");
    await key(document.activeElement as Element, "ArrowDown", { altKey: true });
    await until(() =>
      expect(desk.composer.draft?.people.cc.map((one) => one.address)).toEqual(["b@x.example"]),
    );
    const chip = screen.getByRole("button", { name: /^a@x\.example, / });
    chip.focus();
    await key(chip, "Enter");
    await until(() => expect(line("To").value).toBe("a@x.example"));
    await write(line("To"), "c@x.example");
    await key(line("To"), "Enter");
    const other = screen.getByRole("button", { name: /^c@x\.example, / });
    other.focus();
    await key(other, "Delete");
    await until(() => expect(desk.composer.draft?.people.to).toEqual([]));
  });
});

describe("saving", () => {
  test("every pause saves, and the stamp says so", async () => {
    const { host, desk } = await letter();
    const id = desk.composer.draft?.id ?? "";
    await until(() => expect(screen.getByText(/^Saved /)).toBeTruthy());
    expect(host.state.outbox.get(id).draft.content.subject).toBe("Your visit");
  });

  test("a save that fails says so, keeps the text and can be tried again", async () => {
    const opened = await letter();
    opened.host.state.fail("draft_save", new CallError("storage", "The disk is full."));
    opened.desk.composer.draft?.replace("<p>Precious</p>");
    await fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
    await until(() => expect(screen.getByText(/^Saved /)).toBeTruthy());
    const id = opened.desk.composer.draft?.id ?? "";
    expect(opened.host.state.outbox.get(id).draft.content.html).toContain("Precious");
  });

  test("written on elsewhere meanwhile, the older text is one press away", async () => {
    const { host, desk } = await letter();
    const { draft } = desk.composer;
    await draft?.flush();
    const stored = host.state.outbox.get(draft?.id ?? "").draft;
    stored.content = { ...stored.content, html: "<p>From the phone</p>" };
    stored.revision += 1;
    draft?.replace("<p>From the desk</p>");
    await draft?.flush();
    await fireEvent.click(await screen.findByRole("button", { name: "Other versions" }));
    const dialog = await screen.findByRole("dialog", { name: "Other versions" });
    expect(within(dialog).getByText("written elsewhere")).toBeTruthy();
    await fireEvent.click(within(dialog).getByRole("button", { name: "Use this version" }));
    await until(async () => expect((await prose()).textContent).toContain("From the phone"));
  });

  test("a draft sent or deleted elsewhere is let go, and said", async () => {
    const { host, desk } = await letter();
    const one = host.state.outbox.get(desk.composer.draft?.id ?? "");
    await desk.composer.draft?.flush();
    one.discarded = true;
    host.state.outbox.tell(one);
    await until(() => expect(desk.composer.draft).toBeNull());
    expect(await screen.findByText(/sent or deleted elsewhere/)).toBeTruthy();
  });
});

describe("sending", () => {
  test("Ctrl Enter sends, the bar counts down, and z brings the text back", async () => {
    const { desk, host } = await letter();
    press("ctrl+Enter");
    const bar = await screen.findByRole("group", { name: "Message just sent" });
    expect(bar.textContent).toContain("Sending to Mara Voss");
    expect(within(bar).getByText(/^\d+ s$/)).toBeTruthy();
    expect(desk.composer.draft).toBeNull();
    (document.activeElement as HTMLElement | null)?.blur();
    press("z");
    expect((await prose()).textContent).toContain("See you on Thursday.");
    expect([...host.state.outbox.written.values()][0]?.outgoing.state).toBe("draft");
    await until(() => expect(screen.queryByRole("group", { name: "Message just sent" })).toBeNull());
  });

  test("once it has left it says so, and z takes nothing back", async () => {
    const { desk, host } = await letter();
    await desk.composer.send();
    host.state.outbox.tick(host.state.now + 11_000);
    host.state.outbox.tick(host.state.now + 12_000);
    await until(() => expect(screen.getByText(/^Sent to Mara Voss/)).toBeTruthy());
    press("z");
    expect(desk.composer.draft).toBeNull();
    expect([...host.state.outbox.written.values()][0]?.outgoing.left_at).not.toBeNull();
  });

  test("warnings are asked once, answered by keyboard", async () => {
    const { desk, host } = await letter("Please see the attached file.");
    await desk.composer.send();
    const dialog = await screen.findByRole("dialog", { name: "Before this leaves" });
    expect(within(dialog).getByText(/You write “attached”/)).toBeTruthy();
    expect(document.activeElement?.textContent, "Enter is the safe answer").toContain("Back to the message");
    expect(await seriousFindings(document.body)).toEqual([]);
    await fireEvent.click(document.activeElement as HTMLElement);
    await until(() => expect(screen.queryByRole("dialog")).toBeNull());
    await desk.composer.send();
    await screen.findByRole("dialog", { name: "Before this leaves" });
    await fireEvent.keyDown(document.activeElement as HTMLElement, { key: "Enter", ctrlKey: true });
    await until(() => expect([...host.state.outbox.written.values()][0]?.outgoing.state).toBe("queued"));
  });

  test("a refused line is named, and takes the focus", async () => {
    const { desk } = await compose();
    await desk.composer.send();
    expect(await screen.findByText("Enter at least one recipient.")).toBeTruthy();
    await until(() => expect(document.activeElement).toBe(line("To")));
    expect(line("To").getAttribute("aria-invalid")).toBe("true");
  });

  test("with nothing to send from it stays a draft, and says where to go", async () => {
    const { desk, host } = await letter();
    host.state.fail("draft_send", new CallError("no_sender" as Code, "This account cannot send."));
    await desk.composer.send();
    expect(await screen.findByText("This account cannot send yet")).toBeTruthy();
    expect(desk.composer.draft).not.toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Set up sending" }));
    expect(desk.route.screen).toBe("settings");
  });

  test("discarding can be taken back", async () => {
    const { desk } = await letter("Come back");
    await desk.composer.draft?.flush();
    await fireEvent.click(screen.getByRole("button", { name: "Discard the draft" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect((await prose()).textContent).toContain("Come back");
  });
});
