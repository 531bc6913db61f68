/** Adding a mail account: one thing after the other, proposals, refusals where they belong, and nothing typed twice. */
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { entry, open, press, submit, type } from "../../../test/adding";
import { seriousFindings } from "../../../test/stage";
import { CallError } from "../../host/types";

test("before there is an address nothing else is asked for, unless the servers are typed by hand", async () => {
  const { host, container } = await open();
  const entries = () => [...container.querySelectorAll("input, select")].map((one) => one.id);
  expect(entries(), "the address alone").toEqual(["mail-address"]);
  await type(/Mail address/, "desk@");
  expect(entries()).toEqual(["mail-address"]);
  expect(await seriousFindings(container)).toEqual([]);
  await press(/^Enter the servers by hand$/);
  await waitFor(() => expect(document.activeElement, "the address comes first").toBe(entry(/Mail address/)));
  expect(entry(/IMAP server/).value).toBe("");
  expect(entry(/^Password/)).toBeTruthy();
  expect(host.state.calls.some((call) => call.name === "account_discover")).toBe(false);

  await type(/Mail address/, "desk@studio.example");
  await fireEvent.blur(entry(/Mail address/));
  await waitFor(() => expect(entry(/IMAP server/).value, "a guess to type over").toBe("imap.studio.example"));
});

test("who is done with the address goes on with it", async () => {
  const { container } = await open();
  await type(/Mail address/, "me@intranet");
  expect(container.querySelector("#mail-password"), "it may not be finished").toBeNull();
  await fireEvent.blur(entry(/Mail address/));
  expect(entry(/^Password/)).toBeTruthy();
  await type(/Mail address/, "me");
  expect(entry(/^Password/), "nothing vanishes while it is mended").toBeTruthy();
});

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

test("every missing entry is named and the first one gets the focus", async () => {
  const { host } = await open();
  await submit();
  await waitFor(() => expect(document.activeElement).toBe(entry(/Mail address/)));
  const address = entry(/Mail address/);
  await waitFor(() => expect(address.getAttribute("aria-invalid")).toBe("true"));
  const described = address.getAttribute("aria-describedby") ?? "";
  expect(document.getElementById(described)?.textContent).toContain("studio@example.com");
  expect(screen.queryByLabelText(/^Password/), "one thing after the other").toBeNull();

  await type(/Mail address/, "a@b.example");
  expect(address.getAttribute("aria-invalid"), "a corrected entry is wrong no longer").toBeNull();
  await submit();
  await submit();
  expect(await screen.findByText("Enter the password.")).toBeTruthy();
  expect(document.activeElement).toBe(entry(/^Password/));
  expect(screen.queryByLabelText(/IMAP server/), "the server follows from the address").toBeNull();
  expect(host.state.calls.some((call) => call.name === "account_add_imap")).toBe(false);
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

test("the password shows only while asked to", async () => {
  await open();
  await type(/Mail address/, "aylin@studio.example");
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
