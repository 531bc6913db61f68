/** Labels are made, named, coloured and removed; the menu shows what the conversations carry. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { seriousFindings, stage } from "../../../test/stage";
import { carried, matchingLabels } from "./carried";
import Labels from "./Labels.svelte";

test("a label is made, renamed and removed after a question", async () => {
  const { container, desk } = await stage(Labels);
  await fireEvent.input(screen.getByLabelText("New label"), { target: { value: "regulars" } });
  await fireEvent.click(screen.getByRole("button", { name: "Add label" }));
  expect(await screen.findByText(/There is a label “regulars” already/)).toBeTruthy();
  await fireEvent.input(screen.getByLabelText("New label"), { target: { value: "Walk-ins" } });
  await fireEvent.click(screen.getByRole("button", { name: "Add label" }));
  expect(await screen.findByRole("button", { name: "Walk-ins" })).toBeTruthy();
  expect(await seriousFindings(container)).toEqual([]);

  const row = screen.getByRole("button", { name: "Walk-ins" }).closest("li") as HTMLElement;
  await fireEvent.click(within(row).getByRole("button", { name: "Rename" }));
  await fireEvent.input(screen.getByLabelText("Name"), { target: { value: "Passers-by" } });
  await fireEvent.click(screen.getByRole("button", { name: "Save name" }));
  expect(await screen.findByRole("button", { name: "Passers-by" })).toBeTruthy();

  await fireEvent.click(screen.getByRole("button", { name: "Remove “Passers-by”" }));
  await fireEvent.click(screen.getByRole("button", { name: "Remove label", hidden: true }));
  await waitFor(() => expect(desk.labels.all.map((label) => label.name)).not.toContain("Passers-by"));
});

test("a mark says whether all, some or none carry a label; beginnings are found first", () => {
  const row = (labels: string[]) => ({ labels }) as never;
  expect(carried([row(["1"]), row(["1", "2"])], "1")).toBe("all");
  expect(carried([row(["1"]), row(["1", "2"])], "2")).toBe("some");
  expect(carried([], "1")).toBe("none");
  const label = (name: string) => ({ id: name, name }) as never;
  expect(matchingLabels([label("Old fern"), label("Fern")], "FER").map((one) => one.name)).toEqual([
    "Fern",
    "Old fern",
  ]);
});
