/** The bridge: what is read is read only once its changes are heard. */
import { expect, test, vi } from "vitest";

const bridge = vi.hoisted(() => ({
  invoke: vi.fn(async (_command: string, _args?: unknown) => ({ rows: [] })),
  listen: vi.fn(),
}));
vi.mock("@tauri-apps/api/core", () => ({ invoke: bridge.invoke, convertFileSrc: (path: string) => path }));
vi.mock("@tauri-apps/api/event", () => ({ listen: bridge.listen }));

const { tauriHost } = await import("./tauri");
const turn = () => new Promise((next) => setTimeout(next));

test("nothing is read before the window hears what changes", async () => {
  let stands: (stop: () => void) => void = () => {};
  bridge.listen.mockReturnValue(new Promise((resolve) => (stands = resolve)));
  const host = tauriHost();
  host.listen(() => {});
  const read = host.call("counters", {});
  await turn();
  expect(bridge.invoke, "a change now would be lost to what was read").not.toHaveBeenCalled();
  stands(() => {});
  await read;
  expect(bridge.invoke).toHaveBeenCalledWith("call", { name: "counters", args: {} });
});

test("a window that can hear nothing reads all the same", async () => {
  bridge.listen.mockRejectedValue(new Error("no events"));
  const host = tauriHost();
  host.listen(() => {});
  expect(await host.call("counters", {})).toEqual({ rows: [] });
});
