/** The composer tells the truth: each a bug that was found, by what it must do. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { prose, write } from "../../../test/hands";
import { calls, compose, letter, reply } from "../../../test/letters";
import { seriousFindings } from "../../../test/stage";
import { press, until } from "../../../test/window";
import type { Code } from "../../gen/Code";
import { CallError } from "../../host/types";
import { filesMeant } from "../../shared/editor/pasted";

const picture = () => new File([new Uint8Array(40)], "fern.png", { type: "image/png" });

async function paste(into: Element, files: File[], html: string | null): Promise<boolean> {
  const types = html === null ? ["Files"] : ["text/html", "Files"];
  const getData = (type: string) => (type === "text/html" ? (html ?? "") : "");
  return fireEvent.paste(into, { clipboardData: { files, types, getData } });
}

describe("pictures", () => {
  test("a picture pasted, deleted and pasted again goes along", async () => {
    const { desk, host } = await compose();
    const text = await prose();
    const { draft } = desk.composer;
    await paste(text, [picture()], null);
    await until(() => expect(text.querySelector("img[alt='fern.png']")).not.toBeNull());
    draft?.replace("<p>Without it</p>");
    await draft?.flush();
    expect(host.state.outbox.get(draft?.id ?? "").draft.files, "what is not shown stays").toEqual([]);
    await paste(text, [picture()], null);
    await until(() => expect(text.querySelector("img[alt='fern.png']")).not.toBeNull());
    await draft?.flush();
    const stored = host.state.outbox.get(draft?.id ?? "").draft;
    expect(stored.files).toHaveLength(1);
    expect(stored.content.html).toContain(`cid:${stored.files[0]?.content_id}`);
  });

  test("a picture copied in a browser is taken although its tag comes along", async () => {
    await compose();
    const text = await prose();
    await paste(text, [picture()], '<meta charset="utf-8"><img src="https://x.example/fern.png">');
    await until(() =>
      expect(text.querySelector("img[alt='fern.png']")?.getAttribute("src")).toMatch(/^data:/),
    );
  });

  test("words copied in Word are meant, not the picture of them, in plain text too", async () => {
    const { host } = await compose();
    const word = "<style>p{color:red}</style><p>Thursday, 3 pm</p>";
    const data = { files: [picture()], types: ["text/html", "Files"], getData: () => word };
    expect(filesMeant(data as never)).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Plain text only" }));
    expect(await paste(await prose(), [picture()], word), "left to the entry").toBe(true);
    expect(host.state.calls.some((call) => call.name === "draft_attach_bytes")).toBe(false);
  });

  test("a picture is picked into the text", async () => {
    const opened = await compose();
    const text = await prose();
    await fireEvent.click(screen.getByRole("button", { name: "Put a picture into the text" }));
    await until(() => expect(text.querySelector("img[alt='fern.png']")).not.toBeNull());
    expect(calls(opened, "draft_attach").map((call) => call.args)).toMatchObject([{ inline: true }]);
    await opened.desk.composer.draft?.flush();
    const { draft } = opened.host.state.outbox.get(opened.desk.composer.draft?.id ?? "");
    expect(draft.content.html).toContain(`cid:${draft.files[0]?.content_id}`);
  });
});

describe("files", () => {
  test("the room shown is what fits, and says so when it gets tight", async () => {
    const { desk } = await compose();
    const { draft } = desk.composer;
    const file = (name: string, size: number) => ({
      ...{ blob: name, name, media_type: "application/pdf", content_id: null, dangerous: false },
      size,
    });
    draft?.attach([file("one.pdf", 10_000_000)]);
    const used = await screen.findByText("10 MB of 18 MB");
    expect(used.classList.contains("tight")).toBe(false);
    draft?.attach([file("two.pdf", 7_000_000)]);
    await until(() => expect(screen.getByText("17 MB of 18 MB").classList.contains("tight")).toBe(true));
    const target = screen.getByRole("region", { name: "New message" });
    const third = new File(["x"], "three.pdf");
    Object.defineProperty(third, "size", { value: 1_500_000 });
    await fireEvent.drop(target, {
      dataTransfer: { files: [third], types: ["Files"], getData: () => "" },
    });
    expect((await screen.findByRole("alert")).textContent).toContain("three.pdf (1.5 MB) does not fit");
  });

  test("what does not fit of a message handed on is named, and can be saved", async () => {
    const opened = await compose({}, (host) => {
      const about = host.state.talk("1").messages[0];
      if (!about) throw new Error("a message");
      const file = { media_type: "video/mp4", inline: false, kind: "other", risk: null } as const;
      about.attachments = [
        { ...file, part: 1, name: "film.mp4", size: 40_000_000 },
        { ...file, part: 2, name: "plan.mp4", size: 1_000 },
      ];
    });
    const about = opened.host.state.talk("1").messages[0]?.id ?? "";
    await opened.desk.composer.begin("forward", { messageId: about });
    const said = await screen.findByText(/^One file does not go along: .* 25 MB at most$/);
    const notice = within(said.closest("[role=status]") as HTMLElement);
    expect(notice.getByText("film.mp4", { selector: "bdi" })).toBeTruthy();
    expect(opened.desk.composer.draft?.files.map((file) => file.name)).toEqual(["plan.mp4"]);
    expect(await seriousFindings(said.closest("[role=status]") as HTMLElement)).toEqual([]);
    await fireEvent.click(notice.getByRole("button", { name: /^Save it to share it another way/ }));
    expect(calls(opened, "attachment_save").map((call) => call.args)).toEqual([
      { message_id: about, part: 1 },
    ]);
    await fireEvent.click(notice.getByRole("button", { name: "Dismiss" }));
    await until(() => expect(screen.queryByText("film.mp4", { selector: ".left bdi" })).toBeNull());
  });
});

describe("who speaks", () => {
  test("one address with two names is shown by the name that was chosen", async () => {
    const { desk, host } = await compose({}, (host) => {
      const form = { account_id: "1", address: "studio@deskbell.example", signature: "", first: false };
      host.state.texts.putSender({ ...form, id: null, name: "Visits", reply_to: "book@deskbell.example" });
    });
    const from = screen.getByLabelText("From") as HTMLSelectElement;
    const visits = host.state.texts.senders.find((one) => one.name === "Visits")?.id ?? "";
    await fireEvent.change(from, { target: { value: visits } });
    await until(() => expect(from.value).toBe(visits));
    await desk.composer.draft?.flush();
    const { content } = host.state.outbox.get(desk.composer.draft?.id ?? "").draft;
    expect(content.from).toEqual({ name: "Visits", address: "studio@deskbell.example" });
  });

  test("a template is filled in for who stands in From, in the preview too", async () => {
    const opened = await compose();
    await fireEvent.change(screen.getByLabelText("From"), { target: { value: "s2" } });
    press("ctrl+shift+t");
    await screen.findByTitle("Preview");
    const from = opened.desk.composer.draft?.from;
    expect(calls(opened, "template_fill").at(-1)?.args).toMatchObject({ from, account_id: "2" });
  });
});

describe("templates", () => {
  test("the subject of an answer stays; the template's is one press away", async () => {
    const { desk } = await reply();
    const subject = desk.composer.draft?.subject ?? "";
    expect(subject).toMatch(/^Re: /);
    press("ctrl+shift+t");
    const search = await screen.findByRole("combobox", { name: "Which template?" });
    await write(search, "aftercare");
    const frame = await screen.findByTitle("Preview");
    await until(() => expect((frame as HTMLIFrameElement).srcdoc).toContain("three days"));
    await fireEvent.keyDown(search, { key: "Enter" });
    await until(async () => expect((await prose()).textContent).toContain("three days"));
    expect(desk.composer.draft?.subject).toBe(subject);
    await fireEvent.click(await screen.findByRole("button", { name: "Use it" }));
    expect(desk.composer.draft?.subject).toBe("How to care for your tattoo");
  });

  test("who writes on while a shortcut is filled in loses nothing", async () => {
    const { desk, host } = await compose();
    await fireEvent.click(screen.getByRole("button", { name: "Plain text only" }));
    const area = (await prose()) as HTMLTextAreaElement;
    await write(area, ";way");
    area.setSelectionRange(4, 4);
    const release = host.state.hold("template_fill");
    await fireEvent.keyDown(area, { key: " " });
    await write(area, ";way and more");
    area.setSelectionRange(13, 13);
    release();
    await until(() => expect(desk.composer.draft?.body).toMatch(/^You find us at Lindenhof 4.* and more$/));
  });

  test("in the rich text the word is taken out where it stands, not where the cursor is by then", async () => {
    const { desk, host } = await compose();
    const text = await prose();
    desk.composer.draft?.replace("<p>;way</p>");
    await until(() => expect(text.textContent).toBe(";way"));
    const { editor } = text as unknown as { editor: import("@tiptap/core").Editor };
    editor.commands.focus("end");
    const release = host.state.hold("template_fill");
    await fireEvent.keyDown(text, { key: " " });
    editor.commands.insertContent(" and more");
    release();
    await until(() => expect(text.textContent).toMatch(/You find us at Lindenhof 4/));
    expect(text.textContent).toContain(" and more");
    expect(text.textContent).not.toContain(";w");
  });
});

describe("leaving", () => {
  test("what was confirmed of one file is asked of the next", async () => {
    const { desk } = await letter();
    const program = (name: string) => ({
      ...{ blob: name, name, media_type: "application/x-msdownload", content_id: null, dangerous: true },
      size: 10,
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
});

describe("the quoted message", () => {
  test("is answered between its lines once it is opened for it", async () => {
    const { desk } = await reply();
    const text = await prose();
    const quoted = desk.composer.draft?.quote ?? "";
    await fireEvent.click(screen.getByRole("button", { name: "Show the quoted message" }));
    await fireEvent.click(screen.getByRole("button", { name: "Answer between the lines" }));
    await until(() => expect(text.querySelector("blockquote")).not.toBeNull());
    expect(text.textContent).toContain("Mara Voss wrote:");
    expect(screen.queryByRole("button", { name: "Show the quoted message" })).toBeNull();
    const { editor } = text as unknown as { editor: import("@tiptap/core").Editor };
    editor.commands.focus("end");
    editor.commands.insertContent("<p>At three, yes.</p>");
    const { html } = desk.composer.draft?.content ?? {};
    expect(html).toContain("At three, yes.");
    const words = (of: string) => new DOMParser().parseFromString(of, "text/html").body.textContent;
    for (const line of (words(quoted) ?? "").split("\n")) expect(words(html ?? "")).toContain(line.trim());
  });

  test("in plain text is written into where it stands", async () => {
    const { desk } = await reply();
    await fireEvent.click(screen.getByRole("button", { name: "Plain text only" }));
    await fireEvent.click(screen.getByRole("button", { name: "Show the quoted message" }));
    const quote = screen.getByRole("textbox", { name: "Quoted message" }) as HTMLTextAreaElement;
    await write(quote, `${quote.value}\nAt three, yes.`);
    expect(desk.composer.draft?.content.text).toContain("At three, yes.");
  });
});
