/** Signing in by a page of one's own: entered beside the client id, and what it shows is pasted. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { write } from "../../../test/hands";
import { seriousFindings, stage } from "../../../test/stage";
import Accounts from "./Accounts.svelte";

const PAGE = "https://studio.example/signed-in";

test("a page is entered beside the client id, and waiting asks for what it shows", async () => {
  const { container, desk } = await stage(Accounts, { accounts: [] }, (_, desk) =>
    desk.route.go("accounts", "clients"),
  );
  const card = (await screen.findByRole("heading", { name: "Google" })).closest("li") as HTMLElement;
  await fireEvent.click(within(card).getByRole("button"));
  const form = within(await screen.findByRole("form", { name: "Client id for Google" }));
  await write(form.getByLabelText("Client id"), "mine");
  await write(form.getByLabelText("A page of your own for the answer"), ` ${PAGE} `);
  await fireEvent.click(form.getByRole("button", { name: "Save" }));
  await screen.findByText("your own");
  const kept = await desk.host.call("oauth_clients", {});
  expect(kept.clients.find((one) => one.provider === "google")?.redirect_page).toBe(PAGE);

  desk.route.go("accounts", "add");
  await write(await screen.findByLabelText("Mail address"), "studio@gmail.com");
  await fireEvent.click(await screen.findByRole("button", { name: "Sign in with Google" }));
  const entry = await screen.findByLabelText("What your page shows");
  expect(entry.closest("details")?.open, "nothing has to be opened first").toBe(true);
  expect(await seriousFindings(container)).toEqual([]);
  await write(entry, "code=abc&state=sign-in-1");
  await fireEvent.click(screen.getByRole("button", { name: "Go on with it" }));
  await waitFor(() => expect(desk.accounts.all).toHaveLength(1));
});
