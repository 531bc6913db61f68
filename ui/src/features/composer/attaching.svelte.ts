/**
 * Files on their way into a draft: picked, pasted or dropped. Owns what is being read and what was refused; a file
 * that cannot go along is refused before a byte of it is read.
 */
import { CallError, type Host } from "../../host/types";
import { bytes } from "../../shared/format";
import { t } from "../../shared/i18n.svelte";
import { dataUrl } from "../../shared/read-file";
import { sentence } from "../../shared/said";
import type { OpenDraft } from "../../stores/draft.svelte";

export interface Coming {
  id: number;
  name: string;
  size: number;
  /** 0 to 1 while it is read; 1 while it is put away. */
  done: number;
}

export class Attaching {
  coming = $state.raw<Coming[]>([]);
  problem = $state<string | null>(null);
  private next = 0;

  constructor(
    private readonly host: Host,
    private readonly draft: () => OpenDraft | null,
  ) {}

  /** Lets the person pick files in the system's dialog; with `shown`, images to stand inside the text. */
  async pick(shown: ((contentId: string, name: string) => void) | null = null): Promise<void> {
    const draft = this.draft();
    if (!draft) return;
    this.problem = null;
    try {
      const { files } = await this.host.call("draft_attach", { id: draft.id, inline: shown !== null });
      if (files.length === 0) return;
      draft.pictures.add(files);
      draft.attach(files);
      for (const made of files) if (made.content_id) shown?.(made.content_id, made.name);
    } catch (thrown) {
      this.refuse(thrown);
    }
  }

  /** Takes files; `shown` gets the Content-ID of each image that is to stand inside the text. */
  async take(files: File[], shown: ((contentId: string, name: string) => void) | null): Promise<void> {
    const draft = this.draft();
    if (!draft) return;
    this.problem = null;
    for (const file of files) {
      if (file.size > draft.room - draft.size) {
        const limit = bytes(draft.room);
        this.problem = t("attach-too-big", { name: file.name, size: bytes(file.size), limit });
        continue;
      }
      await this.one(draft, file, shown);
    }
  }

  private async one(
    draft: OpenDraft,
    file: File,
    shown: ((contentId: string, name: string) => void) | null,
  ): Promise<void> {
    const entry: Coming = { id: this.next++, name: file.name, size: file.size, done: 0 };
    this.coming = [...this.coming, entry];
    try {
      const url = await dataUrl(file, (done) => this.advance(entry, done));
      const inline = shown !== null && file.type.startsWith("image/");
      const { files } = await this.host.call("draft_attach_bytes", {
        id: draft.id,
        name: file.name || t("attach-pasted"),
        media_type: file.type,
        base64: url.slice(url.indexOf(",") + 1),
        inline,
      });
      draft.pictures.add(files);
      for (const made of files) if (made.content_id) draft.pictures.put(made.content_id, url);
      draft.attach(files);
      for (const made of files) if (made.content_id) shown?.(made.content_id, made.name);
    } catch (thrown) {
      this.refuse(thrown);
    } finally {
      this.coming = this.coming.filter((one) => one.id !== entry.id);
    }
  }

  private advance(entry: Coming, done: number): void {
    this.coming = this.coming.map((one) => (one.id === entry.id ? { ...one, done } : one));
  }

  private refuse(thrown: unknown): void {
    const { said, message } = CallError.from(thrown);
    this.problem = said ? sentence(said) : message;
  }
}
