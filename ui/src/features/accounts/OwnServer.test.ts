/** Signing in at a server of one's own, and what a removal says of a sign-in. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { write } from "../../../test/hands";
import { type Staged, seriousFindings, stage } from "../../../test/stage";
import type { Account } from "../../gen/Account";
import { accounts } from "../../host/fake/generate";
import Accounts from "./Accounts.svelte";

const NOW = Date.now();

const calls = ({ host }: Staged, name: string) => host.state.calls.filter((call) => call.name === name);

/** Waits until the browser has the turn; with what the core was asked to begin, the first time or again. */
async function begun(staged: Staged, time: number): Promise<unknown> {
  await screen.findByText(/^Go on in the browser/);
  return calls(staged, "sign_in_begin")[time]?.args;
}

test("a server of one's own checks the sign-in: it is named once, with how its answer comes back", async () => {
  const staged = await stage(Accounts, { accounts: [] }, (_, desk) => desk.route.go("accounts", "add"));
  await write(screen.getByLabelText("Mail address"), "desk@studio.example");
  await fireEvent.click(await screen.findByRole("button", { name: "Sign in in the browser instead" }));
  expect(screen.queryByLabelText("Password"), "no password is asked for").toBeNull();
  const client = within(screen.getByRole("form", { name: "Client id for OpenID Connect" }));
  expect(await seriousFindings(staged.container)).toEqual([]);
  await write(
    client.getByLabelText("Address of the sign-in server (issuer)"),
    "https://login.studio.example",
  );
  await write(client.getByLabelText("Client id"), "desk");
  await fireEvent.change(client.getByLabelText("How the answer comes back"), {
    target: { value: "deep_link" },
  });
  await fireEvent.click(client.getByRole("button", { name: "Save" }));
  const begin = await screen.findByRole("button", { name: "Sign in with OpenID Connect" });
  expect(calls(staged, "oauth_client_put")[0]?.args).toMatchObject({
    provider: "custom",
    issuer: "https://login.studio.example",
    redirect: "deep_link",
  });

  await write(screen.getByLabelText("IMAP server"), "");
  await fireEvent.click(begin);
  expect(document.activeElement, "what is missing is shown first").toBe(screen.getByLabelText("IMAP server"));
  expect(calls(staged, "sign_in_begin")).toHaveLength(0);
  await write(screen.getByLabelText("IMAP server"), "mail.studio.example");
  await fireEvent.click(begin);
  expect(await begun(staged, 0)).toMatchObject({
    provider: "custom",
    use: "imap",
    address: "desk@studio.example",
    imap: { host: "mail.studio.example", port: 993, security: "tls" },
    smtp: null,
  });
});

test("a second mailbox names a server of its own, and the first one's client stays the first one's", async () => {
  const staged = await stage(Accounts, {}, (_, desk) => desk.route.go("accounts", "add"));
  const kept = { provider: "custom" as const, client_id: "desk", issuer: "https://login.studio.example" };
  await staged.desk.host.call("oauth_client_put", kept);
  await write(screen.getByLabelText("Mail address"), "mara@client.example");
  await fireEvent.click(await screen.findByRole("button", { name: "Sign in in the browser instead" }));
  expect(await screen.findByText("You sign in at https://login.studio.example.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Sign in at another server" }));
  const issuer = screen.getByLabelText("Address of the sign-in server (issuer)");
  expect(document.activeElement).toBe(issuer);
  expect(await seriousFindings(staged.container)).toEqual([]);
  const begin = screen.getByRole("button", { name: "Sign in with OpenID Connect" });
  await fireEvent.click(begin);
  expect(await screen.findByText(/^Enter the address of the sign-in server/)).toBeTruthy();
  expect(calls(staged, "sign_in_begin"), "nothing is begun at the other one").toHaveLength(0);
  await write(issuer, " https://login.client.example ");
  await write(screen.getByLabelText("Client id"), "desk-of-the-client");
  await fireEvent.click(begin);
  expect(await begun(staged, 0)).toMatchObject({
    provider: "custom",
    issuer: "https://login.client.example",
    client_id: "desk-of-the-client",
  });
  await write(screen.getByLabelText("Address of the page it ended on"), "http://x/?error=access_denied");
  await fireEvent.click(screen.getByRole("button", { name: "Go on with it" }));
  await fireEvent.click(await screen.findByRole("button", { name: "Sign in again" }));
  expect(await begun(staged, 1), "at the same server").toMatchObject({
    issuer: "https://login.client.example",
  });
  expect(calls(staged, "oauth_client_put"), "the settings stay as they are").toHaveLength(1);
});

test.each<["google" | "microsoft", RegExp, RegExp]>([
  ["google", /^Then Google is asked to take/, /was taken back by Google/],
  ["microsoft", /^Microsoft lets no program/, /still stands with Microsoft/],
])("removing an account of %s says what becomes of its sign-in", async (oauth, before, after) => {
  const [first] = accounts(NOW);
  const signed = { ...(first as Account), provider: "imap", oauth };
  await stage(Accounts, { accounts: [signed] }, (_, desk) => desk.route.go("accounts"));
  await fireEvent.click(await screen.findByRole("button", { name: "Remove…" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText("its sign-in")).toBeTruthy();
  expect(dialog.getByText(before)).toBeTruthy();
  await fireEvent.click(dialog.getByRole("button", { name: "Erase from this computer" }));
  expect(await dialog.findByText(after)).toBeTruthy();
});
