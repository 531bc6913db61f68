/** Importing mail: pick, name, import, and what happens when that fails. */
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { type Staged, seriousFindings, stage } from "../../../test/stage";
import { CallError } from "../../host/types";
import Accounts from "./Accounts.svelte";

function open(): Promise<Staged> {
  return stage(Accounts, { accounts: [] }, (_, desk) => desk.route.go("accounts", "import"));
}

const kind = (name: RegExp) => screen.getByRole("button", { name });

test("a picked file is shown named and imported", async () => {
  const { desk, host, container } = await open();
  expect(screen.queryByRole("button", { name: "Import" }), "nothing to import yet").toBeNull();
  await fireEvent.click(kind(/A file/));
  expect(await screen.findByText("/home/studio/mail.mbox")).toBeTruthy();
  expect(kind(/A file/).getAttribute("aria-pressed")).toBe("true");
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.input(screen.getByLabelText(/Name shown/), { target: { value: " Old studio " } });
  await fireEvent.click(screen.getByRole("button", { name: "Import" }));
  await waitFor(() => expect(desk.route.screen).toBe("mail"));
  expect(desk.route.view, "what was imported is shown, wherever it lies").toBe("all");
  expect(desk.accounts.byId(desk.route.account ?? "")?.name).toBe("Old studio");
  const sent = host.state.calls.find((call) => call.name === "account_add_archive");
  expect(sent?.args, "the token stands for the path").toEqual({
    token: "token-file",
    name: "Old studio",
    own_address: "studio@deskbell.example",
  });
});

test("a closed dialog keeps the earlier choice", async () => {
  const { host } = await open();
  await fireEvent.click(kind(/A file/));
  await screen.findByText("/home/studio/mail.mbox");
  const answer = host.call;
  host.call = (name, args) =>
    name === "archive_pick"
      ? (Promise.resolve({ token: null, path: null, own_address: null }) as ReturnType<
          typeof answer<typeof name>
        >)
      : answer(name, args);
  await fireEvent.click(kind(/A folder/));
  await waitFor(() => expect(screen.queryByText(/Waiting for your choice/)).toBeNull());
  expect(screen.getByText("/home/studio/mail.mbox")).toBeTruthy();
});

test("an archive that cannot be read says why and another can be chosen", async () => {
  const { desk, host } = await open();
  await fireEvent.click(kind(/A folder/));
  await screen.findByText("/home/studio/Maildir");
  host.state.fail("account_add_archive", new CallError("rejected", "This folder holds no mail."));
  await fireEvent.click(screen.getByRole("button", { name: "Import" }));
  expect((await screen.findByRole("alert")).textContent).toContain("This folder holds no mail.");
  await fireEvent.click(kind(/A file/));
  await screen.findByText("/home/studio/mail.mbox");
  expect(screen.queryByRole("alert")).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: "Import" }));
  await waitFor(() => expect(desk.route.screen).toBe("mail"));
});

test("the own address is proposed, can be changed, and stays as the person typed it", async () => {
  const { host } = await open();
  await fireEvent.click(kind(/A file/));
  const entry = (await screen.findByLabelText("Your address in this mail")) as HTMLInputElement;
  expect(entry.value).toBe("studio@deskbell.example");
  await fireEvent.input(entry, { target: { value: "mara@inkwell.example" } });
  await fireEvent.click(kind(/A folder/));
  await screen.findByText("/home/studio/Maildir");
  expect(entry.value, "another choice does not undo it").toBe("mara@inkwell.example");
  const wrong = { field: "own_address", message: "Enter the whole mail address." };
  host.state.fail("account_add_archive", new CallError("invalid", wrong.message, [wrong]));
  await fireEvent.click(screen.getByRole("button", { name: "Import" }));
  await waitFor(() => expect(entry.getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getAllByText(wrong.message), "said once, at the entry").toHaveLength(1);
});
