/** Everything is taken out from the window: counted, ended, begun again, and said plainly where it cannot be. */
import { fireEvent, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { seriousFindings, stage } from "../../../test/stage";
import { until } from "../../../test/window";
import Settings from "./Settings.svelte";

async function data() {
  const opened = await stage(Settings);
  const begin = await screen.findByRole("button", { name: "Export…" });
  return { ...opened, begin };
}

test("an export counts, is cancelled, begun again, and shown in its folder", async () => {
  const { host, begin } = await data();
  begin.focus();
  await fireEvent.click(begin);
  const cancel = await screen.findByRole("button", { name: "Cancel" });
  host.state.exporting.move(30);
  await until(() => expect(screen.getByText(/^30 of \d+ messages$/)).toBeTruthy());
  const bar = screen.getByRole("progressbar", { name: "How far the export is" });
  expect(bar.getAttribute("value")).toBe("30");
  expect(await seriousFindings(document.body)).toEqual([]);
  await fireEvent.click(cancel);
  await screen.findByText("The export was cancelled; nothing of it was left behind.");

  host.state.exporting.withoutBody = 2;
  await fireEvent.click(screen.getByRole("button", { name: "Export again…" }));
  await screen.findByRole("button", { name: "Cancel" });
  host.state.exporting.move(100_000);
  await screen.findByText(/messages exported into \/home\/studio\/Documents/);
  expect(screen.getByText(/^The text of 2 messages is not here yet/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Show the folder" }));
  expect(host.state.calls.at(-1)?.name).toBe("export_show");
  expect(await seriousFindings(document.body)).toEqual([]);
});

test("a full disk is said with what helps; nothing begins where no folder is chosen", async () => {
  const { host, begin } = await data();
  host.state.exporting.folder = null;
  await fireEvent.click(begin);
  await until(() => expect(screen.getByRole("button", { name: "Export…" })).toBeTruthy());
  expect(screen.queryByRole("progressbar")).toBeNull();
  host.state.exporting.folder = "/mnt/stick/Deskbell";
  await fireEvent.click(screen.getByRole("button", { name: "Export…" }));
  await screen.findByRole("button", { name: "Cancel" });
  host.state.exporting.fail("There is no room left for /mnt/stick/Deskbell; free some space.");
  const alert = await screen.findByText("The export came to a stop.");
  expect(alert.closest("[role=alert]")?.textContent).toContain("free some space");
});
