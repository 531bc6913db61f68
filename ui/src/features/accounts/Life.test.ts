/** The life of an account: named, coloured, scheduled, put in another order. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { write } from "../../../test/hands";
import { type Staged, seriousFindings, stage } from "../../../test/stage";
import { CallError } from "../../host/types";
import Accounts from "./Accounts.svelte";
import { Ordering } from "./ordering.svelte";
import { choiceOf, cronOf } from "./schedule";

const open = (): Promise<Staged> => stage(Accounts, {}, (_, desk) => desk.route.go("accounts"));
const card = (name: string) => within(screen.getByRole("listitem", { name }));
const names = () => screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent);

test("an account gets a name, a colour and times by natural choices", async () => {
  const { host, container } = await open();
  await fireEvent.click(card("Studio").getByRole("button", { name: "Edit…" }));
  const form = card("Studio");
  await write(form.getByLabelText("Name"), "Front desk");
  await fireEvent.change(form.getByLabelText("Colour"), { target: { value: "6" } });
  await fireEvent.change(form.getByLabelText("Look for mail"), { target: { value: "working" } });
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(names()).toContain("Front desk"));
  expect(host.state.account("1")).toMatchObject({ color: 6, schedule: "*/15 8-18 * * 1-5" });
  const last = () => document.activeElement?.textContent?.trim();
  await waitFor(() => expect(last(), "the keyboard goes on where it was").toBe("Edit…"));
});

test("keeping less says what is forgotten, and where it stays; keeping more says that it is fetched", async () => {
  const { host, container } = await open();
  const edit = async () => {
    await waitFor(() => card("Studio").getByRole("button", { name: "Edit…" }));
    await fireEvent.click(card("Studio").getByRole("button", { name: "Edit…" }));
  };
  const choice = () => card("Studio").getByLabelText("Keep on this computer") as HTMLSelectElement;
  await edit();
  expect(choice().selectedOptions[0]?.textContent?.trim()).toBe("all mail");
  await fireEvent.change(choice(), { target: { value: "366" } });
  expect(
    card("Studio").getByText(/^Older mail is forgotten on this computer, and on this computer only/),
  ).toBeTruthy();
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(card("Studio").getByRole("button", { name: "Save" }));
  await waitFor(() => expect(host.state.account("1").history_days).toBe(366));
  await edit();
  await fireEvent.change(choice(), { target: { value: "0" } });
  expect(card("Studio").getByText(/^Older mail is fetched from your provider/)).toBeTruthy();
  await fireEvent.click(card("Studio").getByRole("button", { name: "Save" }));
  await waitFor(() => expect(host.state.account("1").history_days).toBeNull());
  expect(screen.queryByRole("listitem", { name: "Old mail 2019" })).toBeTruthy();
  await fireEvent.click(card("Old mail 2019").getByRole("button", { name: "Edit…" }));
  expect(card("Old mail 2019").queryByLabelText("Keep on this computer"), "files are kept whole").toBeNull();
});

test("times of one's own are typed, and what is no time is refused at the entry", async () => {
  const { host } = await open();
  await fireEvent.click(card("Studio").getByRole("button", { name: "Edit…" }));
  await fireEvent.change(card("Studio").getByLabelText("Look for mail"), { target: { value: "own" } });
  await write(card("Studio").getByLabelText("Times"), "often");
  await fireEvent.click(card("Studio").getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(card("Studio").getByLabelText("Times").getAttribute("aria-invalid")).toBe("true"),
  );
  await write(card("Studio").getByLabelText("Times"), "0 7,12,18 * * *");
  await fireEvent.click(card("Studio").getByRole("button", { name: "Save" }));
  await waitFor(() => expect(host.state.account("1").schedule).toBe("0 7,12,18 * * *"));
});

test("the arrow keys put an account elsewhere, say where, and keep the focus", async () => {
  const { host, desk } = await open();
  expect(names()).toEqual(["Studio", "Bookings", "Old mail 2019"]);
  const handle = screen.getByRole("button", { name: "Move Studio" });
  handle.focus();
  await fireEvent.keyDown(handle, { key: "ArrowDown" });
  await waitFor(() => expect(names()).toEqual(["Bookings", "Studio", "Old mail 2019"]));
  expect(await screen.findByText("Studio is now 2 of 3.")).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Move Studio"));
  expect(host.state.accounts.map((one) => one.id)).toEqual(["2", "1", "3"]);
  host.state.fail("accounts_order", new CallError("storage", "The disk is full."));
  await desk.accounts.move("1", 0).catch(() => {});
  expect(
    desk.accounts.all.map((one) => one.id),
    "a refused order is put back",
  ).toEqual(["2", "1", "3"]);
});

test("dragged past the middle of another, an account takes its place", async () => {
  const moves: [string, number][] = [];
  const ordering = new Ordering(
    () => ["a", "b", "c"],
    async (id, to) => void moves.push([id, to]),
  );
  ordering.begin("a");
  ordering.over(120, [50, 150, 250]);
  expect(ordering.target, "not past the middle of the next").toBe(0);
  ordering.over(170, [50, 150, 250]);
  expect(ordering.target).toBe(1);
  await ordering.drop();
  ordering.begin("c");
  ordering.over(10, [50, 150, 250]);
  ordering.cancel();
  await ordering.drop();
  expect(moves, "a cancelled drag moves nothing").toEqual([["a", 1]]);
});

test("every natural choice is known again by its times, others are one's own", () => {
  expect(choiceOf(" */15  * * * * ")).toBe("minutes-15");
  expect(cronOf(choiceOf("0 * * * *"))).toBe("0 * * * *");
  expect(choiceOf("7 3 * * 2")).toBe("own");
});
