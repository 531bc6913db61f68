/** Reading a file the webview was given. */
import { CallError } from "../host/types";
import { t } from "./i18n.svelte";

/** The file as a data: address, which is both what the window shows and, behind its comma, what the core takes. */
export function dataUrl(file: File, progress: (done: number) => void = () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new CallError("invalid", t("attach-unreadable", { name: file.name })));
    reader.readAsDataURL(file);
  });
}
