/** Rules are written, tried and ordered by keyboard alone; what is wrong is named where it stands. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { reach, select, tap, write } from "../../../test/hands";
import { seriousFindings, stage } from "../../../test/stage";
import { CallError } from "../../host/types";
import Rules from "./Rules.svelte";

async function begin() {
  const staged = await stage(Rules);
  await screen.findByText("Newsletters out of the way");
  await reach(() => screen.getByRole("button", { name: "New rule" }));
  await tap("Enter");
  return { ...staged, editor: screen.getByRole("form", { name: "New rule" }) };
}

function asked(host: { state: { calls: { name: string; args: unknown }[] } }, name: string): unknown[] {
  return host.state.calls.filter((call) => call.name === name).map((call) => call.args);
}

test("a rule is written, saved and listed", async () => {
  const { host, editor, container } = await begin();
  const form = within(editor);
  await write(await reach(() => form.getByLabelText("Name")), "Invoices");
  await select(() => form.getByLabelText("Condition"), "subject");
  await write(await reach(() => form.getByLabelText("Value")), "invoice");
  await reach(() => form.getByRole("button", { name: "Add action" }));
  await tap("Enter");
  expect(await seriousFindings(container)).toEqual([]);
  await reach(() => form.getByRole("button", { name: "Save rule" }));
  await tap("Enter");
  expect(await screen.findByRole("button", { name: /^Invoices/ })).toBeTruthy();
  expect(asked(host, "rule_put")).toEqual([
    {
      id: null,
      name: "Invoices",
      enabled: true,
      stop: false,
      when: {
        quantifier: "all",
        of: [{ kind: "text", field: "subject", how: "contains", value: "invoice" }],
      },
      actions: [{ kind: "label", label_id: "1" }],
    },
  ]);
});

test("what is wrong is named at its field, and nothing is lost", async () => {
  const { editor, container } = await begin();
  const form = within(editor);
  await fireEvent.change(form.getByLabelText("Comparison"), { target: { value: "regex" } });
  await fireEvent.input(form.getByLabelText("Value"), { target: { value: "(open" } });
  await fireEvent.click(form.getByRole("button", { name: "Save rule" }));
  const wrong = await form.findByText("This regular expression cannot be used: unclosed group.");
  expect(form.getByLabelText("Value").getAttribute("aria-describedby")).toBe(wrong.id);
  expect(form.getByText("Give the rule a name.")).toBeTruthy();
  expect(form.getByText("Choose what the rule does.")).toBeTruthy();
  expect((form.getByLabelText("Value") as HTMLInputElement).value).toBe("(open");
  expect(await seriousFindings(container)).toEqual([]);
});

test("without a condition a rule is refused in words", async () => {
  const { editor } = await begin();
  const form = within(editor);
  await fireEvent.click(form.getByRole("button", { name: "Remove condition" }));
  await fireEvent.click(form.getByRole("button", { name: "Save rule" }));
  expect(await form.findByText(/a rule without one would touch every message/)).toBeTruthy();
});

test("a trial counts and lists what would have been done, changes nothing, and can be stopped", async () => {
  const { host, editor, container } = await begin();
  const form = within(editor);
  await fireEvent.change(form.getByLabelText("Condition"), { target: { value: "bulk" } });
  await fireEvent.click(form.getByRole("button", { name: "Add action" }));
  const before = JSON.stringify([...host.state.talks.values()].map((one) => one.row));
  await fireEvent.click(form.getByRole("button", { name: "Try on last month’s mail" }));
  expect(await form.findByText(/^Of \d+ messages of last month/)).toBeTruthy();
  const listed = within(form.getByRole("region", { name: "What it would have done" })).getAllByRole(
    "listitem",
  );
  expect(listed.length).toBeGreaterThan(5);
  expect(JSON.stringify([...host.state.talks.values()].map((one) => one.row))).toBe(before);
  expect(asked(host, "rule_put"), "trying saves nothing").toEqual([]);
  expect(await seriousFindings(container)).toEqual([]);

  const release = host.state.hold("rule_test");
  await fireEvent.click(form.getByRole("button", { name: "Try on last month’s mail" }));
  await fireEvent.click(await form.findByRole("button", { name: "Stop" }));
  release();
  expect(await form.findByText(/^Stopped after 0 messages/)).toBeTruthy();
});

test("groups lie inside groups, and each keeps its own quantifier", async () => {
  const { host, editor } = await begin();
  const form = within(editor);
  await fireEvent.input(form.getByLabelText("Name"), { target: { value: "Either" } });
  await fireEvent.change(form.getByLabelText("Condition"), { target: { value: "group" } });
  const [outer, inner] = form.getAllByLabelText("How many must hold");
  if (!outer || !inner) throw new Error("two groups");
  await fireEvent.change(inner, { target: { value: "none" } });
  await fireEvent.input(form.getByLabelText("Value"), { target: { value: "x" } });
  await fireEvent.click(form.getByRole("button", { name: "Add action" }));
  await fireEvent.click(form.getByRole("button", { name: "Save rule" }));
  await waitFor(() => expect(asked(host, "rule_put")).toHaveLength(1));
  expect(asked(host, "rule_put")[0]).toMatchObject({
    when: { quantifier: "all", of: [{ kind: "group", quantifier: "none" }] },
  });
});

test("a rule is switched off, moved and removed by keys, and a removed one comes back", async () => {
  const { host, desk } = await stage(Rules);
  host.state.rules.put({
    ...(host.state.rules.rules[0] as never as object),
    id: null,
    name: "Second",
  } as never);
  await screen.findByLabelText("Use “Newsletters out of the way”");
  await reach(() => screen.getByLabelText("Use “Newsletters out of the way”"));
  await tap(" ");
  await waitFor(() => expect(host.state.rules.rules[0]?.enabled).toBe(false));
  await screen.findByText("Second");
  await reach(() => screen.getByRole("button", { name: "Move “Second” up" }));
  await tap("Enter");
  await waitFor(() => expect(host.state.rules.rules.map((rule) => rule.name)[0]).toBe("Second"));
  await reach(() => screen.getByRole("button", { name: "Remove “Second”" }));
  await tap("Enter");
  await waitFor(() => expect(host.state.rules.rules).toHaveLength(1));
  desk.toasts.shown.at(-1)?.action?.run();
  await waitFor(() => expect(host.state.rules.rules.map((rule) => rule.name)).toContain("Second"));
});

test("a date without dates, a date before itself and the name of a header are refused at their fields", async () => {
  const { editor, container } = await begin();
  const form = within(editor);
  await fireEvent.input(form.getByLabelText("Name"), { target: { value: "Old" } });
  await fireEvent.click(form.getByRole("button", { name: "Add action" }));
  await fireEvent.change(form.getByLabelText("Condition"), { target: { value: "date" } });
  await fireEvent.click(form.getByRole("button", { name: "Save rule" }));
  const none = await form.findByText(/^Enter a date from which on/);
  for (const name of ["From this day on", "Before this day"]) {
    expect(form.getByLabelText(name).getAttribute("aria-describedby")).toBe(none.id);
  }
  await fireEvent.change(form.getByLabelText("From this day on"), { target: { value: "2026-05-02" } });
  await fireEvent.change(form.getByLabelText("Before this day"), { target: { value: "2026-05-01" } });
  await fireEvent.click(form.getByRole("button", { name: "Try on last month’s mail" }));
  expect(await form.findByText(/^Nothing is written before it and after it/)).toBeTruthy();
  expect(form.getByLabelText("Before this day").getAttribute("aria-invalid")).toBe("true");
  expect(form.getByLabelText("From this day on").getAttribute("aria-invalid")).toBeNull();
  await fireEvent.change(form.getByLabelText("Condition"), { target: { value: "header" } });
  await fireEvent.input(form.getByLabelText("Header field"), { target: { value: "X Priority:" } });
  await fireEvent.input(form.getByLabelText("Value"), { target: { value: "1" } });
  await fireEvent.click(form.getByRole("button", { name: "Save rule" }));
  const name = await form.findByText(/^Enter the name of a header field/);
  expect(form.getByLabelText("Header field").getAttribute("aria-describedby")).toBe(name.id);
  expect(await seriousFindings(container)).toEqual([]);
});

test("a rule made elsewhere shows its channel and how a header is compared, and keeps both", async () => {
  const { host } = await stage(Rules, {}, (host) => {
    host.state.rules.put({
      ...{ id: null, name: "By bell", enabled: true, stop: false, actions: [{ kind: "star" }] },
      when: {
        quantifier: "all",
        of: [
          { kind: "channel", channel: "email" },
          { kind: "header", name: "X-Priority", how: "starts", value: "1" },
        ],
      },
    });
  });
  await fireEvent.click(await screen.findByRole("button", { name: /^By bell/ }));
  const form = within(screen.getByRole("form", { name: "Edit rule" }));
  expect((form.getAllByLabelText("Condition") as HTMLSelectElement[]).map((one) => one.value)).toEqual([
    "channel",
    "header",
  ]);
  expect((form.getByLabelText("Comparison") as HTMLSelectElement).value).toBe("starts");
  await fireEvent.change(form.getByLabelText("Comparison"), { target: { value: "is" } });
  await fireEvent.click(form.getByRole("button", { name: "Save rule" }));
  await waitFor(() => expect(asked(host, "rule_put")).toHaveLength(1));
  expect(asked(host, "rule_put")[0]).toMatchObject({
    when: {
      of: [
        { kind: "channel", channel: "email" },
        { kind: "header", how: "is" },
      ],
    },
  });
});

test("what is wrong where the form shows nothing is said all the same", async () => {
  const { host, editor } = await begin();
  const fields = [{ field: "rhyme", message: "It does not rhyme.", said: null }];
  host.state.fail("rule_put", new CallError("invalid", "It does not rhyme.", fields));
  await fireEvent.click(within(editor).getByRole("button", { name: "Save rule" }));
  expect(await within(editor).findByText("It does not rhyme.")).toBeTruthy();
});
