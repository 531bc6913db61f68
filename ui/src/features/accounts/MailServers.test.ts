/** The servers of an account that is added: proposed, guessed, typed by hand, and what of them is kept. */
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { entry, open, press, submit, type } from "../../../test/adding";
import { seriousFindings } from "../../../test/stage";
import { CallError } from "../../host/types";

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
  await press(/^Enter the servers by hand$/);
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
