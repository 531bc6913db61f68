/** Where the images inside a draft are found: those put in here are at hand, the others lie with the draft. */
import type { DraftFile } from "../gen/DraftFile";
import type { Host } from "../host/types";

export class Pictures {
  private readonly here = new Map<string, string>();
  /** The draft's files as they are stored: an unsent message names them by their place. */
  private stored: readonly DraftFile[] = [];

  constructor(private readonly host: Host) {}

  put(contentId: string, url: string): void {
    this.here.set(contentId, url);
  }

  keep(files: readonly DraftFile[]): void {
    this.stored = files;
  }

  /** Files put away behind those that lie with the draft. */
  add(files: readonly DraftFile[]): void {
    this.stored = [...this.stored, ...files];
  }

  find(messageId: string, contentId: string): string | null {
    const place = this.stored.findIndex((file) => file.content_id === contentId);
    return this.here.get(contentId) ?? (place < 0 ? null : this.host.picture(messageId, place));
  }
}
