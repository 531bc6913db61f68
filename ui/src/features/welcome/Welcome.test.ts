/** The first start: three ways in, and one of them at work. */
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { seriousFindings, stage } from "../../../test/stage";
import { CallError } from "../../host/types";
import Welcome from "./Welcome.svelte";

test("the first start offers three ways in", async () => {
  const { desk, container } = await stage(Welcome, { accounts: [] });
  expect(desk.route.screen, "without an account the window opens here").toBe("welcome");
  expect(screen.getAllByRole("button")).toHaveLength(3);
  expect(await seriousFindings(container)).toEqual([]);

  await fireEvent.click(screen.getByRole("button", { name: /Add a mail account/ }));
  expect(desk.route.screen).toBe("accounts");
  expect(desk.route.detail).toBe("add");

  await fireEvent.click(screen.getByRole("button", { name: /Import mail/ }));
  expect(desk.route.detail).toBe("import");
});

test("the sample desk opens in the inbox", async () => {
  const { desk, host } = await stage(Welcome, { accounts: [] });
  const release = host.state.hold("sample_open");
  const tile = screen.getByRole("button", { name: /Explore with sample data/ });
  await fireEvent.click(tile);
  expect(tile.getAttribute("aria-busy"), "waiting shows on the tile that was pressed").toBe("true");
  await fireEvent.click(tile);
  release();
  await waitFor(() => expect(desk.route.screen).toBe("mail"));
  expect(desk.accounts.all).toHaveLength(1);
  const asked = host.state.calls.filter((call) => call.name === "sample_open");
  expect(asked, "a second press while waiting opens nothing twice").toHaveLength(1);
});

test("a sample that fails says why and can be tried again", async () => {
  const { desk, host } = await stage(Welcome, { accounts: [] });
  host.state.fail("sample_open", new CallError("storage", "The disk is full. Free 200 MB."));
  const tile = screen.getByRole("button", { name: /Explore with sample data/ });
  await fireEvent.click(tile);
  expect((await screen.findByRole("alert")).textContent).toContain("Free 200 MB");
  await fireEvent.click(tile);
  await waitFor(() => expect(desk.route.screen).toBe("mail"));
});

test("a profile that is read only offers nothing that would fail", async () => {
  await stage(Welcome, { accounts: [], readOnly: true });
  for (const tile of screen.getAllByRole("button")) {
    expect((tile as HTMLButtonElement).disabled, tile.textContent ?? "").toBe(true);
  }
  expect(screen.getByRole("status").textContent).toContain("Close it");
});
