/** What goes into a message: files, templates, formatting, the sender, and the time it leaves. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import "../../shared/editor/engine";
import "./Composer.svelte";
import { describe, expect, test } from "vitest";
import { key, line, prose, write } from "../../../test/hands";
import { seriousFindings } from "../../../test/stage";
import { type OpenWindow, openWindow, press, until } from "../../../test/window";
import { problemOf } from "../../shared/addresses";

async function compose(): Promise<OpenWindow> {
  const opened = await openWindow();
  press("c");
  await prose();
  await until(() => expect(document.activeElement).toBe(line("To")));
  await write(line("To"), "mara@voss.example");
  await key(line("To"), "Enter");
  return opened;
}

async function drop(...files: File[]): Promise<void> {
  const target = screen.getByRole("region", { name: "New message" });
  await fireEvent.drop(target, { dataTransfer: { files, types: ["Files"], getData: () => "" } });
}

/** A file that claims a size without holding it. */
function big(name: string, size: number): File {
  const file = new File(["x"], name);
  Object.defineProperty(file, "size", { value: size });
  return file;
}

describe("files", () => {
  test("a dropped file stands with its size and the room that is left; a program is marked", async () => {
    const { desk } = await compose();
    await drop(
      new File([new Uint8Array(1_200)], "price list.pdf", { type: "application/pdf" }),
      new File(["x"], "setup.exe"),
    );
    const files = await screen.findByRole("list", { name: "Files" });
    await until(() => expect(desk.composer.draft?.files).toHaveLength(2));
    expect(within(files).getByText("price list.pdf")).toBeTruthy();
    expect(within(files).getByText(/of 18 MB$/)).toBeTruthy();
    expect(within(files).getByText(/often refused/)).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Leave out setup.exe" }));
    expect(desk.composer.draft?.files.map((file) => file.name)).toEqual(["price list.pdf"]);
  });

  test("what is too large is refused before it is read, with the limit in words", async () => {
    const { host, desk } = await compose();
    await drop(big("film.mov", 200_000_000));
    expect((await screen.findByRole("alert")).textContent).toContain("film.mov (200 MB) does not fit");
    expect(host.state.calls.some((call) => call.name === "draft_attach_bytes")).toBe(false);
    expect(desk.composer.draft?.files).toEqual([]);
  });

  test("Ctrl Shift A picks files in the system's dialog", async () => {
    const { desk } = await compose();
    press("ctrl+shift+a");
    await until(() =>
      expect(desk.composer.draft?.files.map((file) => file.name)).toEqual(["prices 2026.pdf"]),
    );
  });

  test("an image pasted into the text stands in it and travels by its Content-ID", async () => {
    const { desk, host } = await compose();
    const text = await prose();
    const image = new File([new Uint8Array(40)], "fern.png", { type: "image/png" });
    await fireEvent.paste(text, { clipboardData: { files: [image], types: ["Files"], getData: () => "" } });
    await until(() =>
      expect(text.querySelector("img[alt='fern.png']")?.getAttribute("src")).toMatch(/^data:image\/png/),
    );
    await desk.composer.draft?.flush();
    const { draft } = host.state.outbox.get(desk.composer.draft?.id ?? "");
    const id = draft.files[0]?.content_id ?? "nothing";
    expect(draft.content.html).toContain(`src="cid:${id}"`);
  });

  test("a file pasted into the text goes along beside it, into plain text too", async () => {
    const { desk } = await compose();
    const contract = new File(["x"], "contract.pdf", { type: "application/pdf" });
    const data = { files: [contract], types: ["Files"], getData: () => "" };
    await fireEvent.paste(await prose(), { clipboardData: data });
    await until(() => expect(desk.composer.draft?.files.map((file) => file.name)).toEqual(["contract.pdf"]));
    await fireEvent.click(screen.getByRole("button", { name: "Plain text only" }));
    const image = new File([new Uint8Array(4)], "fern.png", { type: "image/png" });
    await fireEvent.paste(await prose(), { clipboardData: { ...data, files: [image] } });
    await until(() => expect(desk.composer.draft?.files).toHaveLength(2));
    expect(desk.composer.draft?.files[1]?.content_id, "plain text shows no images").toBeNull();
  });

  test("words dropped are left to the text, only files are taken", async () => {
    const { desk } = await compose();
    const target = screen.getByRole("region", { name: "New message" });
    const words = { files: [], types: ["text/plain"], getData: () => "Hello" };
    expect(await fireEvent.drop(target, { dataTransfer: words }), "not taken").toBe(true);
    expect(desk.composer.draft?.files).toEqual([]);
    expect(target.classList.contains("over")).toBe(false);
  });
});

describe("templates", () => {
  test("the picker shows it filled in for the recipient, with what is missing marked", async () => {
    const { desk } = await compose();
    await until(() =>
      expect(desk.composer.draft?.people.to[0]?.name, "known by the address").toBe("Mara Voss"),
    );
    press("ctrl+shift+t");
    const search = await screen.findByRole("combobox", { name: "Which template?" });
    await write(search, "visit");
    const frame = await screen.findByTitle("Preview");
    await until(() => expect((frame as HTMLIFrameElement).srcdoc).toContain("Hello Mara"));
    expect(screen.getByText("Nothing is known for Time of the visit: fill it in by hand.")).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
    await key(search, "Enter");
    await until(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect((await prose()).textContent).toContain("Hello Mara");
    expect(desk.composer.draft?.subject).toBe("Your visit on {{appointment.start}}");
    await until(() => expect(document.querySelector(".variable")?.textContent).toBe("{{appointment.start}}"));
  });

  test("its shortcut and a blank put it in, in plain text too", async () => {
    const { desk } = await compose();
    await fireEvent.click(screen.getByRole("button", { name: "Plain text only" }));
    const area = (await prose()) as HTMLTextAreaElement;
    await write(area, "Hi!\n;way");
    area.setSelectionRange(8, 8);
    await key(area, " ");
    await until(() => expect(desk.composer.draft?.body).toMatch(/^Hi!\nYou find us at Lindenhof 4/));
    expect(desk.composer.draft?.rich).toBe(false);
  });
});

describe("format and sender", () => {
  test("plain text warns only where something would be lost, and keeps the words", async () => {
    const { desk } = await compose();
    desk.composer.draft?.replace("<p>Bring <strong>this</strong>:</p><ul><li><p>form</p></li></ul>");
    await fireEvent.click(screen.getByRole("button", { name: "Plain text only" }));
    const dialog = await screen.findByRole("dialog", { name: "Switch to plain text?" });
    expect(document.activeElement?.textContent).toContain("Keep the formatting");
    await fireEvent.click(within(dialog).getByRole("button", { name: "Switch to plain text" }));
    const area = (await prose()) as HTMLTextAreaElement;
    expect(area.value).toBe("Bring this:\n\n- form");
    await desk.composer.draft?.flush();
    expect(desk.composer.draft?.content.html).toBeNull();
  });

  test("another sender brings its signature and its account", async () => {
    const { desk, host } = await compose();
    const text = await prose();
    await fireEvent.change(screen.getByLabelText("From"), { target: { value: "s2" } });
    await until(() => expect(text.querySelector("[data-signature]"), "the other has none").toBeNull());
    expect(desk.composer.draft?.accountId).toBe("2");
    await fireEvent.change(screen.getByLabelText("From"), { target: { value: "s1" } });
    await until(() => expect(text.querySelector("[data-signature]")?.textContent).toContain("Lindenhof"));
    await desk.composer.draft?.flush();
    const { content } = host.state.outbox.get(desk.composer.draft?.id ?? "").draft;
    expect(content.from?.address).toBe("studio@deskbell.example");
    expect(problemOf(content.from?.address ?? "")).toBeNull();
  });
});

describe("later", () => {
  test("natural words show the instant they mean; it stands in the Outbox and can be changed", async () => {
    const { desk, host } = await compose();
    await write(screen.getByLabelText("Subject"), "Reminder");
    desk.composer.draft?.replace("<p>See you</p>");
    press("ctrl+shift+Enter");
    const dialog = await screen.findByRole("dialog", { name: "Send later" });
    const tomorrow = within(dialog).getByRole("button", { name: /Tomorrow morning/ });
    expect(tomorrow.textContent).toMatch(/8:00/);
    expect(await seriousFindings(document.body)).toEqual([]);
    await fireEvent.click(tomorrow);
    await until(() => expect(desk.outbox.scheduled).toHaveLength(1));
    desk.route.mail("outbox");
    await fireEvent.click(await screen.findByRole("button", { name: "Another time" }));
    const again = await screen.findByRole("dialog", { name: "Send later" });
    const date = within(again).getByLabelText("Date");
    await fireEvent.input(date, { target: { value: "2001-01-01" } });
    await fireEvent.click(within(again).getByRole("button", { name: "Schedule" }));
    expect(within(again).getByText(/lies in the past/)).toBeTruthy();
    await fireEvent.input(date, { target: { value: "2099-05-04" } });
    await fireEvent.click(within(again).getByRole("button", { name: "Schedule" }));
    await until(() => expect(new Date(desk.outbox.scheduled[0]?.not_before ?? 0).getFullYear()).toBe(2099));
    expect([...host.state.outbox.written.values()], "still one message").toHaveLength(1);
  });
});
