/** Answers and their recipients. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import { describe, expect, onTestFinished, test } from "vitest";
import { key, line, paste, prose, write } from "../../../test/hands";
import { calls, chips, compose, reply } from "../../../test/letters";
import { seriousFindings } from "../../../test/stage";
import { openWindow, press, until } from "../../../test/window";
import { setLocale } from "../../shared/i18n.svelte";
import { answer } from "../../stores/answering";

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

  test("the quoted message is dated as the person's language writes dates", async () => {
    onTestFinished(() => setLocale("en"));
    await setLocale("de");
    const { desk } = await openWindow();
    press("j", "o");
    await until(() => expect(desk.conversation.current?.row.id).toBe("1"));
    const about = desk.conversation.current?.messages.findLast((one) => !one.draft);
    await desk.composer.begin("reply", { messageId: about?.id ?? "", date: about?.date ?? 0 });
    const day = new Intl.DateTimeFormat("de", { dateStyle: "long" }).format(about?.date ?? 0);
    expect(desk.composer.draft?.quote).toContain(`Am ${day} um `);
  });

  test("pictures inside the quoted message are shown from this machine, those elsewhere are not", async () => {
    const { desk } = await reply();
    const { draft } = desk.composer;
    draft?.pictures.put("fern@x", "data:image/png;base64,AAAA");
    if (draft)
      draft.quote = `<div data-quote><img src="cid:fern@x" alt="Fern"><img src="https://t.example/p.gif" alt="Pixel"><img src="cid:gone@x" alt="Gone"></div>`;
    await fireEvent.click(screen.getByRole("button", { name: "Show the quoted message" }));
    const shown = document.querySelector<HTMLIFrameElement>("iframe[title='Quoted message']")?.srcdoc ?? "";
    expect(shown).toContain('<img src="data:image/png;base64,AAAA" alt="Fern">');
    expect(shown, "nothing is fetched from elsewhere").not.toContain("https://t.example");
    expect(shown).toContain("img-src data: attachment: http://attachment.localhost");
    expect(shown, "what is not at hand keeps its words").toContain("Gone");
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

  test("r pressed right after sending answers anew, though the sent answer is still on the screen as a draft", async () => {
    const opened = await reply();
    const { desk, host } = opened;
    desk.composer.draft?.replace("<p>See you then</p>");
    await desk.composer.draft?.flush();
    await until(() => expect(desk.conversation.current?.messages.at(-1)?.draft).toBe(true));
    const shown = desk.conversation.current;
    await desk.composer.send();
    desk.conversation.current = shown;
    await answer(desk, "reply");
    expect(desk.composer.draft?.content.text).not.toContain("See you then");
    expect(calls(opened, "draft_new")).toHaveLength(2);
    expect(host.state.outbox.written.size).toBe(2);
  });

  test("r pressed while an answer is on its way waits until it has left", async () => {
    const opened = await reply();
    const { desk } = opened;
    desk.composer.draft?.replace("<p>See you then</p>");
    const first = desk.composer.draft?.id;
    const sending = desk.composer.send();
    await answer(desk, "reply");
    await sending;
    expect(desk.composer.draft?.id, "another one is open").not.toBe(first);
    expect(desk.composer.draft, "and stays open").not.toBeNull();
    expect(calls(opened, "draft_send")).toHaveLength(1);
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
