/** An address to be passed on: put where one pastes from, and said so. */
import { t } from "../shared/i18n.svelte";
import type { Desk } from "./desk.svelte";

export async function copyLink(desk: Pick<Desk, "toasts" | "complain">, url: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(url);
    desk.toasts.show(t("link-copied"));
  } catch (thrown) {
    desk.complain(thrown);
  }
}
