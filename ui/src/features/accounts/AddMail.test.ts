/** Adding a mail account: proposals, refusals where they belong, and nothing typed twice. */
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { type Staged, seriousFindings, stage } from "../../../test/stage";
import type { FakeOptions } from "../../host/fake/state";
import { CallError } from "../../host/types";
import Accounts from "./Accounts.svelte";

async function open(options: FakeOptions = { accounts: [] }): Promise<Staged> {
  return stage(Accounts, options, (_, desk) => desk.route.go("accounts", "add"));
}

function entry(label: RegExp): HTMLInputElement {
  return screen.getByLabelText(label) as HTMLInputElement;
}

async function type(label: RegExp, value: string): Promise<void> {
  await fireEvent.input(entry(label), { target: { value } });
}

async function press(name: RegExp): Promise<void> {
  await fireEvent.click(screen.getByRole("button", { name }));
}

/** The submit button is pressed as Enter in an entry does it. */
async function submit(): Promise<void> {
  const form = document.querySelector("form");
  if (!form) throw new Error("no form on screen");
  await fireEvent.submit(form);
}

test("an address brings its server along and leads to the inbox", async () => {
  const { desk, host, container } = await open();
  expect(document.activeElement, "typing can begin at once").toBe(entry(/Mail address/));
  await type(/Mail address/, "aylin@gmail.com");
  await fireEvent.click(await screen.findByRole("radio", { name: /with an app password/ }));
  expect(await screen.findByText("imap.gmail.com, port 993, TLS")).toBeTruthy();
  expect(screen.getByText(/Gmail takes no usual password from mail programs/)).toBeTruthy();
  expect(screen.getByText("https://myaccount.google.com/apppasswords"), "the exact page").toBeTruthy();
  expect(screen.getByText("Make an app password and call it Deskbell.")).toBeTruthy();
  expect(await seriousFindings(container)).toEqual([]);

  await type(/^Password/, "abcd efgh");
  const release = host.state.hold("account_add_imap");
  await submit();
  await submit();
  const busy = await screen.findByRole("button", { name: /Signing in/ });
  expect(busy.getAttribute("aria-busy")).toBe("true");
  release();
  await waitFor(() => expect(desk.route.screen).toBe("mail"));
  expect(desk.accounts.all.map((a) => a.address)).toEqual(["aylin@gmail.com"]);
  const sent = host.state.calls.filter((call) => call.name === "account_add_imap");
  expect(sent, "Enter pressed twice adds one account").toHaveLength(1);
  expect(sent[0]?.args).toEqual({
    address: "aylin@gmail.com",
    name: "",
    user: "aylin@gmail.com",
    host: "imap.gmail.com",
    port: 993,
    security: "tls",
    password: "abcd efgh",
    smtp: {
      host: "smtp.gmail.com",
      port: 465,
      security: "tls",
      user: "",
      password: "",
      saves_sent: true,
    },
  });
});

test("Enter after the address alone goes on to what comes next", async () => {
  const { host } = await open();
  await type(/Mail address/, "desk@studio.example");
  await submit();
  await waitFor(() => expect(document.activeElement, "a password is typed next").toBe(entry(/^Password/)));
  expect(screen.queryByText("Enter the password."), "nothing was wrong yet").toBeNull();
  await submit();
  expect(await screen.findByText("Enter the password.")).toBeTruthy();
  entry(/Mail address/).focus();
  await type(/Mail address/, "aylin@gmail.com");
  await submit();
  expect(await screen.findByText(/^Go on in the browser/), "the way proposed first").toBeTruthy();
  expect(host.state.calls.some((call) => call.name === "account_add_imap")).toBe(false);
});

test("a guessed server for sending is offered, and sent only when it is wanted", async () => {
  const { host, container } = await open();
  await type(/Mail address/, "desk@studio.example");
  await type(/^Password/, "pencil");
  expect(await screen.findByText("imap.studio.example, port 993, TLS")).toBeTruthy();
  const wanted = screen.getByRole("checkbox", { name: /Send mail/ }) as HTMLInputElement;
  expect(wanted.checked, "a guess is no more than an offer").toBe(false);
  await fireEvent.click(wanted);
  await fireEvent.click(screen.getAllByRole("button", { name: /Change/ }).at(-1) as HTMLElement);
  await type(/SMTP server/, "mx.studio.example");
  await fireEvent.change(document.getElementById("outgoing-security") as HTMLSelectElement, {
    target: { value: "starttls" },
  });
  expect((document.getElementById("outgoing-port") as HTMLInputElement).value).toBe("587");
  expect(await seriousFindings(container)).toEqual([]);
  await submit();
  await waitFor(() => expect(host.state.calls.some((call) => call.name === "account_add_imap")).toBe(true));
  const sent = host.state.calls.find((call) => call.name === "account_add_imap");
  expect(sent?.args).toMatchObject({
    smtp: { host: "mx.studio.example", port: 587, security: "starttls", saves_sent: null },
  });
});

test("every missing entry is named and the first one gets the focus", async () => {
  const { host } = await open();
  await submit();
  await waitFor(() => expect(document.activeElement).toBe(entry(/Mail address/)));
  const address = entry(/Mail address/);
  await waitFor(() => expect(address.getAttribute("aria-invalid")).toBe("true"));
  const described = address.getAttribute("aria-describedby") ?? "";
  expect(document.getElementById(described)?.textContent).toContain("studio@example.com");
  expect(screen.getByText("Enter the password.")).toBeTruthy();
  expect(screen.queryByLabelText(/IMAP server/), "the server follows from the address").toBeNull();
  expect(host.state.calls.some((call) => call.name === "account_add_imap")).toBe(false);

  await type(/Mail address/, "a@b.example");
  expect(address.getAttribute("aria-invalid"), "a corrected entry is wrong no longer").toBeNull();
});

test("a refused password is said at the password", async () => {
  await open();
  await type(/Mail address/, "aylin@studio.example");
  await type(/^Password/, "wrong");
  await submit();
  await waitFor(() => expect(document.activeElement).toBe(entry(/^Password/)));
  expect(entry(/^Password/).getAttribute("aria-invalid")).toBe("true");
  expect(screen.getAllByText(/refused/), "said once, where it belongs").toHaveLength(1);
  expect(screen.queryByRole("alert"), "and not in a notice again").toBeNull();
  expect(entry(/^Password/).value, "what was typed stays").toBe("wrong");
});

test("a certificate made on this computer is trusted only after its fingerprint was seen", async () => {
  const { desk, host, container } = await open();
  await type(/Mail address/, "aylin@proton.me");
  await fireEvent.blur(entry(/Mail address/));
  await type(/^Password/, "from the bridge");
  await press(/^Change$/);
  await type(/IMAP server/, "127.0.0.1");
  await submit();
  const shown = await screen.findByText(/SHA-256 3A:3A/);
  await waitFor(() => expect(document.activeElement, "Enter trusts nothing unseen").toBe(shown));
  expect(await seriousFindings(container)).toEqual([]);
  expect(desk.accounts.all).toHaveLength(0);

  await type(/^Port/, "1993");
  expect(screen.queryByText(/SHA-256/), "another server is another certificate").toBeNull();
  await submit();
  await screen.findByText(/SHA-256 3A:3A/);
  await press(/Trust this certificate/);
  await waitFor(() => expect(desk.route.screen).toBe("mail"));
  const sent = host.state.calls.filter((call) => call.name === "account_add_imap");
  const pins = sent.map((call) => (call.args as { pin_certificate?: string }).pin_certificate?.slice(0, 5));
  expect(pins, "only what the person agreed to is sent").toEqual([undefined, undefined, "3A:3A"]);
});

test("a wrong server setting opens the settings and gets the focus", async () => {
  const { host } = await open();
  await type(/Mail address/, "aylin@studio.example");
  await type(/^Password/, "secret");
  host.state.fail(
    "account_add_imap",
    new CallError("invalid", "One entry needs another look.", [
      { field: "port", message: "Port 143 wants STARTTLS." },
    ]),
  );
  await submit();
  await waitFor(() => expect(document.activeElement).toBe(entry(/^Port/)));
  expect(screen.getByText("Port 143 wants STARTTLS.")).toBeTruthy();
});

test("a server out of reach keeps everything that was typed", async () => {
  const { host } = await open();
  await type(/Mail address/, "aylin@studio.example");
  await type(/^Password/, "secret");
  host.state.fail("account_add_imap", new CallError("offline", "imap.studio.example cannot be reached."));
  await submit();
  expect((await screen.findByRole("alert")).textContent).toContain("imap.studio.example cannot be reached.");
  const again = screen.getByRole("button", { name: /Sign in and/ });
  await waitFor(() => expect(document.activeElement, "one press tries again").toBe(again));
  expect(entry(/Mail address/).value).toBe("aylin@studio.example");
  expect(entry(/^Password/).value).toBe("secret");
});

test("a setting typed by hand is kept when the address changes", async () => {
  await open();
  await type(/Mail address/, "aylin@studio.example");
  await screen.findByText(/imap\.studio\.example, port 993/);
  await press(/^Change$/);
  await waitFor(() => expect(document.activeElement).toBe(entry(/IMAP server/)));
  await type(/IMAP server/, "mail.intern.example");
  await type(/Mail address/, "aylin@gmail.com");
  await waitFor(() => expect(entry(/User name/).value).toBe("aylin@gmail.com"));
  expect(entry(/IMAP server/).value).toBe("mail.intern.example");
  await press(/Use the proposed settings/);
  expect(entry(/IMAP server/).value).toBe("imap.gmail.com");
});

test("the well-known port follows the encryption, a port of one's own stays", async () => {
  await open();
  await press(/^Change$/);
  const encryption = screen.getByLabelText(/Encryption/);
  await fireEvent.change(encryption, { target: { value: "starttls" } });
  expect(entry(/^Port/).value).toBe("143");
  await fireEvent.change(encryption, { target: { value: "tls" } });
  expect(entry(/^Port/).value).toBe("993");
  await type(/^Port/, "10993");
  await fireEvent.change(encryption, { target: { value: "none" } });
  expect(entry(/^Port/).value).toBe("10993");
  expect(screen.getByText(/only a server on this computer/)).toBeTruthy();
});

test("only the answer for the latest address counts", async () => {
  const { host } = await open();
  const release = host.state.hold("account_discover");
  await type(/Mail address/, "aylin@first.example");
  await fireEvent.blur(entry(/Mail address/));
  await type(/Mail address/, "aylin@gmail.com");
  await fireEvent.blur(entry(/Mail address/));
  release();
  expect(await screen.findByRole("radio", { name: /Gmail: sign in with Google/ })).toBeTruthy();
  expect(screen.queryByText(/first\.example/)).toBeNull();
});

test("without a proposal the settings open to be typed", async () => {
  const { host } = await open();
  host.state.fail("account_discover", new CallError("offline", "No connection."));
  await type(/Mail address/, "aylin@studio.example");
  await fireEvent.blur(entry(/Mail address/));
  expect(await screen.findByText(/No settings are known/)).toBeTruthy();
  expect(entry(/IMAP server/)).toBeTruthy();
});

test("the password shows only while asked to", async () => {
  await open();
  expect(entry(/^Password/).type).toBe("password");
  await press(/Show the password/);
  expect(entry(/^Password/).type).toBe("text");
  await press(/Hide the password/);
  expect(entry(/^Password/).type).toBe("password");
});

test("cancel leads back to where one came from", async () => {
  const { desk } = await open();
  await press(/Cancel/);
  expect(desk.route.screen, "the first start").toBe("welcome");
});
