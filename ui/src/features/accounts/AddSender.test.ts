/** Adding an account that only sends: by a key or by a server, with refusals at the entry they are about. */
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { type Staged, seriousFindings, stage } from "../../../test/stage";
import Accounts from "./Accounts.svelte";

async function open(): Promise<Staged> {
  return stage(Accounts, { accounts: [] }, (_, desk) => desk.route.go("accounts", "sender"));
}

async function type(label: RegExp, value: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText(label), { target: { value } });
}

async function submit(): Promise<void> {
  await fireEvent.submit(document.querySelector("form") as HTMLFormElement);
}

test("a key is tried and makes an account that only sends", async () => {
  const { desk, host, container } = await open();
  await fireEvent.click(screen.getByRole("radio", { name: "Resend" }));
  await type(/Mail address/, " desk@studio.example ");
  await type(/API key/, " re_123 ");
  expect(await seriousFindings(container)).toEqual([]);
  await submit();
  await waitFor(() => expect(desk.route.detail).toBe(null));
  const sent = host.state.calls.find((call) => call.name === "account_add_resend");
  expect(sent?.args).toEqual({ address: "desk@studio.example", name: "", key: "re_123", base_url: null });
  expect(desk.accounts.all.map((account) => account.provider)).toEqual(["resend"]);
});

test("a server that refuses is told at its own entry", async () => {
  const { host } = await open();
  await fireEvent.click(screen.getByRole("radio", { name: /server/ }));
  await type(/Mail address/, "desk@studio.example");
  await type(/SMTP server/, "mx.studio.example");
  await type(/^Password/, "wrong");
  await submit();
  const password = screen.getByLabelText(/^Password/);
  await waitFor(() => expect(password.getAttribute("aria-invalid")).toBe("true"));
  await waitFor(() => expect(document.activeElement).toBe(password));
  await type(/^Password/, "pencil");
  expect(password.getAttribute("aria-invalid"), "typing takes the complaint back").not.toBe("true");
  await submit();
  await waitFor(() => expect(host.state.accounts.map((account) => account.provider)).toEqual(["smtp"]));
});

test("an account of SendGrid in the EU is asked for there, and no other service has a region", async () => {
  const { host, container } = await open();
  const region = screen.getByLabelText(/Region/);
  await fireEvent.change(region, { target: { value: "eu" } });
  await type(/Mail address/, "desk@studio.example");
  await type(/API key/, "SG.123");
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(screen.getByRole("radio", { name: "Resend" }));
  expect(screen.queryByLabelText(/Region/)).toBeNull();
  await fireEvent.click(screen.getByRole("radio", { name: "SendGrid" }));
  expect((screen.getByLabelText(/Region/) as HTMLSelectElement).value).toBe("eu");
  await submit();
  await waitFor(() => expect(host.state.accounts).toHaveLength(1));
  const sent = host.state.calls.find((call) => call.name === "account_add_sendgrid");
  expect(sent?.args).toMatchObject({ key: "SG.123", base_url: "https://api.eu.sendgrid.com" });
});

test("an account of SendGrid is looked for at its usual place unless a region is chosen", async () => {
  const { host } = await open();
  await type(/Mail address/, "desk@studio.example");
  await type(/API key/, "SG.123");
  await submit();
  await waitFor(() => expect(host.state.accounts).toHaveLength(1));
  const sent = host.state.calls.find((call) => call.name === "account_add_sendgrid");
  expect(sent?.args).toMatchObject({ base_url: null });
});
