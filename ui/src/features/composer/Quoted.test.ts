/** The message that is answered, below the answer. */
import { fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { prose, write } from "../../../test/hands";
import { reply } from "../../../test/letters";
import { until } from "../../../test/window";

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
