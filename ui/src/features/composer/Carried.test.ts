/** What a message carries: each a bug that was found, by what it must do. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { prose } from "../../../test/hands";
import { calls, compose } from "../../../test/letters";
import { seriousFindings } from "../../../test/stage";
import { until } from "../../../test/window";
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
  test("one that is lost says so, and gives way to the file of its name", async () => {
    const { desk } = await compose();
    const { draft } = desk.composer;
    const plan = (blob: string, missing: boolean) => ({
      ...{ blob, name: "plan.pdf", media_type: "application/pdf", content_id: null, dangerous: false },
      ...{ size: 10, missing },
    });
    draft?.attach([plan("old", true), { ...plan("list", false), name: "list.pdf" }]);
    expect(await screen.findByText("This file is not here any more. Attach it again.")).toBeTruthy();
    draft?.attach([plan("new", false)]);
    await until(() => expect(screen.queryByText(/not here any more/)).toBeNull());
    expect(draft?.files.map((file) => file.blob)).toEqual(["list", "new"]);
  });

  test("the room shown is what fits, and says so when it gets tight", async () => {
    const { desk } = await compose();
    const { draft } = desk.composer;
    const file = (name: string, size: number) => ({
      ...{ blob: name, name, media_type: "application/pdf", content_id: null, dangerous: false },
      ...{ size, missing: false },
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
