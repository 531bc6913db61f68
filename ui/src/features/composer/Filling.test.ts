/** Who speaks, and what a template puts in: each a bug that was found, by what it must do. */
import { fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { prose, write } from "../../../test/hands";
import { calls, compose, reply } from "../../../test/letters";
import { press, until } from "../../../test/window";

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
