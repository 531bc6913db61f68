import { fireEvent, screen, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { seriousFindings } from "../../test/stage";
import { listed, openWindow, press, until } from "../../test/window";
import { ROW } from "../features/inbox/window";
import { CallError } from "../host/types";

describe("reading", () => {
  test("the inbox stands there at once, and the host hears once that it was painted", async () => {
    const { container, host } = await openWindow();
    await until(() => expect(listed(container)[0], "newest first").toBe("Mara Voss"));
    await until(() => expect(host.paintedTimes(), "painted is said once").toBe(1));
    expect(document.title, "the title counts the unread").toMatch(/^Deskbell \(\d+\)$/);
    expect(await seriousFindings(document.body)).toEqual([]);
  });

  test("everything that takes the focus lies in a landmark", async () => {
    const { container } = await openWindow();
    press("j", "Enter");
    await until(() => expect(container.querySelector("iframe")).not.toBeNull());
    const stray = [...container.querySelectorAll("button, input, [tabindex='0']")].filter(
      (one) => !one.closest("nav, main, [role=region], .banners"),
    );
    expect(stray.map((one) => one.outerHTML)).toEqual([]);
  });

  test("a conversation opened by keys shows its last message, and folds the others to a line", async () => {
    const { container, desk } = await openWindow();
    press("j", "Enter");
    await until(() => expect(container.querySelector("iframe")).not.toBeNull());
    const heads = [...container.querySelectorAll(".message .head")];
    expect(heads.map((head) => head.getAttribute("aria-expanded"))).toEqual(["false", "false", "true"]);
    press(";");
    await until(() => expect(container.querySelectorAll("iframe"), "all unfolded").toHaveLength(3));
    expect(await seriousFindings(document.body)).toEqual([]);
    press("u");
    await until(() => expect(desk.route.conversation, "u closes it").toBeNull());
  });

  test("the first press into a list that was scrolled does not pull it away", async () => {
    const { container, desk } = await openWindow();
    await until(() => expect(listed(container).length).toBeGreaterThan(8));
    const grid = container.querySelector<HTMLElement>("#conversations");
    if (!grid) throw new Error("the list is there");
    grid.scrollTop = 3 * ROW - 20;
    await fireEvent.scroll(grid);
    grid.focus();
    await until(() => expect(desk.mail.cursor, "the first row that is wholly seen").not.toBeNull());
    expect(desk.mail.shown.rows.findIndex((row) => row.id === desk.mail.cursor)).toBe(3);
    expect(grid.scrollTop).toBe(3 * ROW - 20);
  });

  test("mail frames run no script and reach the window only to be measured", async () => {
    const { container } = await openWindow();
    press("j", "o");
    await until(() => expect(container.querySelector("iframe")).not.toBeNull());
    const frame = container.querySelector("iframe");
    expect(frame?.getAttribute("sandbox")).toBe("allow-same-origin allow-popups");
    expect(frame?.hasAttribute("src"), "nothing is loaded from an address").toBe(false);
  });

  test("blocked images come after one press, and a link that pretends is named", async () => {
    const { host, desk } = await openWindow();
    const bulletin = host.state.newestFirst.find((talk) => talk.newsletter);
    desk.mail.open(bulletin?.row.id ?? "");
    const show = await screen.findByRole("button", { name: "Show them" });
    expect(screen.getByText("Images from 2 other servers are blocked")).toBeTruthy();
    expect(screen.getByText(/leads to https:\/\/track\.bulletin/)).toBeTruthy();
    await fireEvent.click(show);
    await until(() => expect(screen.queryByRole("button", { name: "Show them" })).toBeNull());
    const asked = host.state.calls.filter((call) => call.name === "message_body").at(-1);
    expect(asked?.args).toMatchObject({ remote_images: true });
  });

  test("a link shows its real target before it is opened", async () => {
    const { host } = await openWindow();
    host.state.pressLink("http://xn--pypal-4ve.example/login");
    const dialog = await screen.findByRole("dialog", { name: "Open this link?" });
    expect(within(dialog).getByText("xn--pypal-4ve.example")).toBeTruthy();
    expect(within(dialog).getByText(/may imitate another/)).toBeTruthy();
    await fireEvent.click(within(dialog).getByRole("button", { name: "Open in the browser" }));
    await until(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.state.calls.at(-1)).toEqual({
      name: "link_open",
      args: { href: "http://xn--pypal-4ve.example/login" },
    });
  });
});

describe("dealing with mail", () => {
  test("archiving by key goes on to the next conversation, and z brings it back", async () => {
    const { container, desk, host } = await openWindow();
    press("j", "o");
    await until(() => expect(desk.conversation.current?.row.id).toBe("1"));
    press("e");
    await until(() => expect(listed(container)[0]).toBe("Jonas Okafor"));
    await until(() => expect(desk.conversation.current?.row.id, "the next one opens").toBe("2"));
    const notes = screen.getByRole("region", { name: "Notes" });
    expect(await within(notes).findByText("Archived")).toBeTruthy();
    expect(host.state.talk("1").row.views).not.toContain("inbox");
    press("z");
    await until(() => expect(listed(container)[0]).toBe("Mara Voss"));
    expect(host.state.talk("1").row.views).toContain("inbox");
  });

  test("several chosen at once are edited at once, and undone at once", async () => {
    const { container, host } = await openWindow();
    const before = listed(container);
    press("j", "x", "shift+j", "shift+j");
    const bar = await screen.findByRole("toolbar", { name: "Selected conversations" });
    expect(within(bar).getByText("3 selected")).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
    await fireEvent.click(within(bar).getByRole("button", { name: "Move to Trash" }));
    await until(() => expect(listed(container)[0]).toBe(before[3]));
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await until(() => expect(listed(container).slice(0, 3)).toEqual(before.slice(0, 3)));
    const edits = host.state.calls.filter((call) => call.name === "conversations_edit");
    expect(edits.map((call) => call.args)).toEqual([{ ids: ["1", "2", "3"], edit: "trash" }]);
  });

  test("an edit that is refused is taken back on the screen, with the reason", async () => {
    const { container, host } = await openWindow({}, (fake) =>
      fake.state.fail("conversations_edit", new CallError("storage", "The disk is full. Free some space.")),
    );
    press("j", "#");
    expect(await screen.findByText("The disk is full. Free some space.")).toBeTruthy();
    expect(listed(container)[0]).toBe("Mara Voss");
    expect(host.state.talk("1").row.views).toContain("inbox");
  });

  test("with the profile held elsewhere nothing offers to change anything", async () => {
    const { container, host } = await openWindow({ readOnly: true });
    expect(screen.getByText(/Another Deskbell holds this profile/)).toBeTruthy();
    press("j", "o", "e", "#", "s");
    await until(() => expect(container.querySelector("[aria-label=Actions]")).not.toBeNull());
    const archive = screen.getByRole("button", { name: "Archive" });
    expect(archive).toHaveProperty("disabled", true);
    expect(host.state.calls.some((call) => call.name === "conversations_edit")).toBe(false);
  });
});

describe("finding", () => {
  test("hits come while typing, with the words marked, and Escape gives the inbox back", async () => {
    const { container } = await openWindow();
    press("/");
    await until(() => expect(document.activeElement?.id).toBe("search"));
    const field = screen.getByRole("textbox", { name: "Search everything" });
    await fireEvent.input(field, { target: { value: "botan" } });
    await until(() => expect(container.querySelector("mark")?.textContent).toBe("Botan"));
    expect(await seriousFindings(document.body)).toEqual([]);
    await fireEvent.keyDown(field, { key: "Escape" });
    await until(() => expect(container.querySelector("mark")).toBeNull());
    expect(listed(container).length).toBeGreaterThan(5);
  });

  test("a hit of our own says to whom it went, and its words have a line to themselves", async () => {
    const { container } = await openWindow();
    const field = screen.getByRole("textbox", { name: "Search everything" });
    await fireEvent.input(field, { target: { value: "autoclave" } });
    await until(() => expect(listed(container)[0]).toBe("You → Nadia Petrov"));
    expect(container.querySelector(".found mark")?.textContent).toBe("autoclave");
  });

  test("nothing found offers the spelling that has hits", async () => {
    const { container } = await openWindow();
    const field = screen.getByRole("textbox", { name: "Search everything" });
    await fireEvent.input(field, { target: { value: "bottanical" } });
    await fireEvent.click(await screen.findByRole("button", { name: "Did you mean “botanical”?" }));
    await until(() => expect(container.querySelector("mark")).not.toBeNull());
  });

  test("what lies in spam is found after one press, and only then", async () => {
    const { container, host } = await openWindow();
    const id = host.deliver({
      name: "Growth",
      address: "a@b.example",
      subject: "Ranking",
      text: "Backlinks!",
    });
    host.state.talk(id).row.views = ["spam"];
    const field = screen.getByRole("textbox", { name: "Search everything" });
    await fireEvent.input(field, { target: { value: "backlinks" } });
    await fireEvent.click(await screen.findByRole("button", { name: "Search spam and trash too" }));
    await until(() => expect(container.querySelector(".found mark")?.textContent).toBe("Backlinks"));
    await fireEvent.input(field, { target: { value: "nowhere in:anywhere" } });
    expect(await screen.findByText("Try fewer words, or the beginning of one.")).toBeTruthy();
  });

  test("what was not searched is said", async () => {
    await openWindow({ notSearched: 1234 });
    const field = screen.getByRole("textbox", { name: "Search everything" });
    await fireEvent.input(field, { target: { value: "parking" } });
    expect(await screen.findByText(/1,234 messages has not been fetched yet/)).toBeTruthy();
  });

  test("the operators are explained, and a press writes one", async () => {
    const { desk } = await openWindow();
    await fireEvent.click(screen.getByRole("button", { name: "How to search" }));
    await fireEvent.click(await screen.findByRole("button", { name: /has:attachment/ }));
    expect(desk.mail.search.query).toBe("has:attachment");
    await until(() => expect(desk.mail.search.hits.size).toBeGreaterThan(0));
  });
});

describe("overlays", () => {
  test("the palette lists what can be done here, and runs it", async () => {
    const { desk } = await openWindow();
    press("ctrl+k");
    const field = await screen.findByRole("combobox");
    expect(await seriousFindings(document.body)).toEqual([]);
    await fireEvent.input(field, { target: { value: "Go to Archived" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await until(() => expect(desk.route.view).toBe("archived"));
    expect(screen.queryByRole("dialog"), "it closes").toBeNull();
  });

  test("the sheet names every key", async () => {
    await openWindow();
    press("?");
    const sheet = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(within(sheet).getByText("Mark as unread")).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
  });

  test("keys do nothing behind a dialog, wherever a press has left the focus", async () => {
    const { host } = await openWindow();
    press("j", "?");
    await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    (document.activeElement as HTMLElement | null)?.blur();
    press("e");
    expect(host.state.calls.some((call) => call.name === "conversations_edit")).toBe(false);
  });

  test("g and a letter go places, and letters typed into a field do not", async () => {
    const { desk } = await openWindow();
    press("g", "h");
    expect(desk.route.screen).toBe("health");
    press("g", "i");
    await until(() => expect(document.getElementById("search")).not.toBeNull());
    document.getElementById("search")?.focus();
    press("g", "s");
    expect(desk.route.screen).toBe("mail");
  });
});
