/** A message saved at every pause, sent, and taken back. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { line, prose } from "../../../test/hands";
import { compose, letter } from "../../../test/letters";
import { seriousFindings } from "../../../test/stage";
import { press, until } from "../../../test/window";
import type { Code } from "../../gen/Code";
import { CallError } from "../../host/types";

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
    // The pretend core's clock stands still; on a busy machine the window's would count to the end meanwhile.
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
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

  test("several given over one after the other each have their bar, and z takes back one after the other", async () => {
    const { desk } = await letter();
    await desk.composer.send();
    await desk.composer.begin("new", { to: ["jonas@okafor.example"], subject: "Your sketch" });
    desk.composer.draft?.replace("<p>It is ready.</p>");
    await desk.composer.send();
    await until(() => expect(screen.getAllByRole("group", { name: "Message just sent" })).toHaveLength(2));
    press("z");
    await until(() => expect(desk.composer.draft?.subject).toBe("Your sketch"));
    expect(screen.getAllByRole("group", { name: "Message just sent" })).toHaveLength(1);
    await desk.composer.close();
    (document.activeElement as HTMLElement | null)?.blur();
    press("z");
    await until(() => expect(desk.composer.draft?.subject).toBe("Your visit"));
    expect(screen.queryByRole("group", { name: "Message just sent" })).toBeNull();
  });

  test("who was refused is named, never counted among those it was sent to, and stays until it was seen", async () => {
    const { desk, host } = await letter();
    desk.composer.draft?.setPeople("cc", [{ name: null, address: "partly@gone.example" }]);
    await desk.composer.send();
    host.state.outbox.tick(host.state.now + 11_000);
    host.state.outbox.tick(host.state.now + 12_000);
    const bar = await screen.findByRole("group", { name: "Message just sent" });
    await until(() =>
      expect(bar.textContent).toContain("Sent to Mara Voss, but refused for partly@gone.example"),
    );
    await fireEvent.click(within(bar).getByRole("button", { name: "Dismiss" }));
    await until(() => expect(screen.queryByRole("group", { name: "Message just sent" })).toBeNull());
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

  test("one press on a draft in the list goes on writing it", async () => {
    const { desk } = await letter("Half a letter");
    await desk.composer.close();
    desk.route.mail("drafts");
    await until(() => expect(desk.mail.shown.rows.map((row) => row.subject)).toEqual(["Your visit"]));
    const row = await until(() => document.querySelector<HTMLElement>("[role=grid] [role=row]"));
    await fireEvent.click(row as HTMLElement);
    expect((await prose()).textContent).toContain("Half a letter");
    expect(desk.composer.shape).toBe("tall");
  });

  test("discarding can be taken back", async () => {
    const { desk } = await letter("Come back");
    await desk.composer.draft?.flush();
    await fireEvent.click(screen.getByRole("button", { name: "Discard the draft" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect((await prose()).textContent).toContain("Come back");
  });
});
