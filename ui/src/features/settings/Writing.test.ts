/** Senders, templates and sending in the settings. */
import "../../shared/editor/engine";
import { fireEvent, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { write } from "../../../test/hands";
import { type Staged, seriousFindings, stage } from "../../../test/stage";
import { until } from "../../../test/window";
import Settings from "./Settings.svelte";

async function settings(detail: string): Promise<Staged> {
  const staged = await stage(Settings);
  staged.desk.route.go("settings", detail);
  return staged;
}

test("settings lead to senders, templates and sending", async () => {
  const { desk } = await stage(Settings);
  desk.route.go("settings");
  await fireEvent.click(screen.getByRole("button", { name: "Manage: Templates" }));
  expect(desk.route.detail).toBe("templates");
});

test("a sender is made, its wrong address said at the entry, and used first where wanted", async () => {
  const { host, container } = await settings("senders");
  const [add] = await screen.findAllByRole("button", { name: "Add a sender" });
  await fireEvent.click(add as HTMLElement);
  await until(() => expect(document.activeElement).toBe(screen.getByLabelText("Name")));
  await until(() => expect(screen.getByRole("textbox", { name: "Signature" })).toBeTruthy());
  expect(await seriousFindings(container)).toEqual([]);
  await write(screen.getByLabelText("Name"), "Aylin");
  await write(screen.getByLabelText("Address"), "aylin");
  await fireEvent.click(screen.getByLabelText("Use it first on this account"));
  await fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await until(() => expect(document.activeElement).toBe(screen.getByLabelText("Address")));
  expect(screen.getByText(/Enter a whole address/)).toBeTruthy();
  await write(screen.getByLabelText("Address"), "aylin@deskbell.example");
  await fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("aylin@deskbell.example")).toBeTruthy();
  const own = host.state.texts.senders.filter((one) => one.account_id === "1");
  expect(own.map((one) => [one.address, one.first])).toEqual([
    ["studio@deskbell.example", false],
    ["aylin@deskbell.example", true],
  ]);
});

test("a template is made with a variable by a press; an unknown variable is refused at the text", async () => {
  const { host, container } = await settings("templates");
  await fireEvent.click(await screen.findByRole("button", { name: "New template" }));
  await until(() => expect(screen.getByRole("textbox", { name: "Text" })).toBeTruthy());
  await write(screen.getByLabelText("Name"), "Thanks");
  await write(screen.getByLabelText("Shortcut"), ";thx");
  await fireEvent.focus(screen.getByLabelText("Subject"));
  await fireEvent.click(screen.getByRole("button", { name: "First name" }));
  expect((screen.getByLabelText("Subject") as HTMLInputElement).value).toBe("{{contact.first_name}}");
  await fireEvent.focusIn(screen.getByRole("textbox", { name: "Text" }));
  await fireEvent.click(screen.getByRole("button", { name: "Your name" }));
  await until(() =>
    expect(screen.getByRole("textbox", { name: "Text" }).textContent).toContain("{{sender.name}}"),
  );
  expect(await seriousFindings(container)).toEqual([]);
  await write(screen.getByLabelText("Subject"), "{{contact.shoe_size}}");
  await fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/There is no variable “contact.shoe_size”/)).toBeTruthy();
  await write(screen.getByLabelText("Subject"), "");
  await fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(";thx")).toBeTruthy();
  expect(host.state.texts.templates.find((one) => one.name === "Thanks")?.shortcut).toBe("thx");
});

test("a template is deleted", async () => {
  const { host } = await settings("templates");
  await fireEvent.click(await screen.findByRole("button", { name: "Change Aftercare" }));
  await fireEvent.click(await screen.findByRole("button", { name: "Delete" }));
  await until(() => expect(screen.queryByText("Aftercare")).toBeNull());
  expect(host.state.texts.templates.map((one) => one.name)).not.toContain("Aftercare");
});

test("each account says how long a message waits, who steps in, and by which server it sends", async () => {
  const { desk, host, container } = await settings("sending");
  const [undo] = await screen.findAllByLabelText("Time to call a message back");
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.change(undo as HTMLElement, { target: { value: "30" } });
  await until(() => expect(desk.accounts.byId("1")?.undo_ms).toBe(30_000));
  const [fallback] = screen.getAllByLabelText("Steps in");
  await fireEvent.change(fallback as HTMLElement, { target: { value: "2" } });
  await until(() => expect(host.state.account("1").fallback_id).toBe("2"));
  const after = await screen.findByLabelText("When it steps in");
  await fireEvent.change(after, { target: { value: "15" } });
  await until(() => expect(host.state.account("1").fallback_after_ms).toBe(900_000));
  expect(host.state.account("1"), "what else was chosen stays").toMatchObject({
    undo_ms: 30_000,
    fallback_id: "2",
  });
  const [pace] = screen.getAllByLabelText("Messages a minute");
  expect((pace as HTMLSelectElement).selectedOptions[0]?.textContent).toContain("as usual there (30)");
  await fireEvent.change(pace as HTMLElement, { target: { value: "120" } });
  await until(() => expect(host.state.account("1").per_minute).toBe(120));
  await fireEvent.change(pace as HTMLElement, { target: { value: "0" } });
  await until(() => expect(host.state.account("1").per_minute).toBeNull());
  await fireEvent.click(screen.getByRole("button", { name: "Change Studio" }));
  await until(() =>
    expect((screen.getByLabelText("SMTP server") as HTMLInputElement).value).toBe("smtp.deskbell.example"),
  );
  await write(screen.getByLabelText("Password"), "wrong");
  await fireEvent.click(screen.getByRole("button", { name: "Check and save" }));
  await until(() => expect(document.activeElement).toBe(screen.getByLabelText("Password")));
  await write(screen.getByLabelText("Password"), "right");
  await fireEvent.click(screen.getByRole("button", { name: "Check and save" }));
  await until(() => expect(within(container).getByText("smtp.deskbell.example:465")).toBeTruthy());
});
