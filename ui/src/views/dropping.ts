/**
 * Files dropped on the window beside the message that is written: mail is taken for what it is, and of all else is said
 * where it belongs. The webview would go to a dropped file itself, and Deskbell would be gone.
 */
import { t } from "../shared/i18n.svelte";
import type { Desk } from "../stores/desk.svelte";

/** How an mbox begins. */
const MARK = "From ";

export function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** Takes what was dropped, unless somebody else did or a dialog asks for something first. */
export function dropped(event: DragEvent, desk: Desk): void {
  if (event.defaultPrevented || !bringsFiles(event)) return;
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  // A folder is told by the entry only, which is gone once the event is over.
  const folder = event.dataTransfer?.items?.[0]?.webkitGetAsEntry?.()?.isDirectory === true;
  if (!file || document.querySelector("dialog[open]")) return;
  void take(file, folder, desk);
}

async function take(file: File, folder: boolean, desk: Desk): Promise<void> {
  const { name } = file;
  if (folder || (await beginning(file)) === MARK) {
    desk.route.go("accounts", "import");
    desk.toasts.show(t(folder ? "dropped-folder" : "dropped-mbox", { name }));
  } else if (isMail(file)) await desk.given.take(file).catch((thrown) => desk.complain(thrown));
  else desk.toasts.show(t("dropped-other", { name }));
}

/** What cannot be read begins with nothing. */
async function beginning(file: File): Promise<string> {
  return file
    .slice(0, MARK.length)
    .text()
    .catch(() => "");
}

function isMail({ name, type }: File): boolean {
  return type === "message/rfc822" || /\.eml$/i.test(name);
}
