/**
 * One message being written: what stands in it, its files, and that it is saved. Saves at every pause, one save
 * at a time, never later than a few seconds after a change; what could not be saved stays here and says so.
 */
import type { Draft } from "../gen/Draft";
import type { DraftContent } from "../gen/DraftContent";
import type { DraftFile } from "../gen/DraftFile";
import type { DraftVersion } from "../gen/DraftVersion";
import type { LeftOut } from "../gen/LeftOut";
import type { Person } from "../gen/Person";
import type { Sender } from "../gen/Sender";
import { CallError, type Host } from "../host/types";
import { editable, resigned } from "../shared/prose";
import { beside, type Field, once, read, replaced, shows, switched, written } from "./draft-parts";
import { Pictures } from "./pictures";

/** A pause in typing: long enough to be one, short enough that little could be lost. */
export const PAUSE = 800;
/** Who types without a pause is saved all the same. */
const LATEST = 5_000;

export { FIELDS, type Field } from "./draft-parts";

export class OpenDraft {
  id: string;
  readonly kind: string;
  accountId = $state("");
  conversationId = $state("");
  messageId = $state("");
  from = $state.raw<Person | null>(null);
  people = $state.raw<Record<Field, Person[]>>({ to: [], cc: [], bcc: [] });
  subject = $state("");
  /** With formatting; else plain text. */
  rich = $state(true);
  /** HTML above the quoted original; the plain text where it is not rich. */
  body = $state.raw("");
  /** The original below, carried along as it is until someone writes into it. */
  quote = $state.raw("");
  files = $state.raw<DraftFile[]>([]);
  /** Largest message the account sends, on the wire. */
  limit = $state(0);
  /** Bytes of files that fit beside the text. */
  room = $state(0);
  /** Files of the message handed on that stay behind. */
  leftOut = $state.raw<LeftOut | null>(null);
  versions = $state.raw<DraftVersion[]>([]);
  /** Grows when the text was replaced by something else than the hands of the person. */
  renewed = $state(0);
  savedAt = $state(0);
  saving = $state(false);
  dirty = $state(false);
  /** Why the latest save did not go through. */
  problem = $state.raw<CallError | null>(null);
  /** The person has put something in. */
  touched = false;
  /** Begun just now: it goes again if nothing is ever put in. */
  readonly fresh: boolean;
  readonly pictures: Pictures;
  private revision = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private since = 0;
  private running: Promise<boolean> | null = null;

  constructor(
    private readonly host: Host,
    draft: Draft,
    fresh = false,
  ) {
    this.id = draft.id;
    this.kind = draft.kind;
    this.fresh = fresh;
    this.pictures = new Pictures(host);
    this.leftOut = draft.left_out;
    this.take(draft);
  }

  get content(): DraftContent {
    return { from: this.from, ...this.people, subject: this.subject, ...written(this) };
  }

  /** The files that go: an image taken out of the text goes from the message too. */
  readonly going = $derived(
    this.files.filter((file) => file.content_id === null || this.shows(file.content_id)),
  );
  /** Bytes of the files that go, those inside the text included. */
  readonly size = $derived(this.going.reduce((sum, file) => sum + file.size, 0));

  /** Something was changed: it will be saved at the next pause. */
  touch(): void {
    this.touched = true;
    const now = performance.now();
    if (!this.dirty) this.since = now;
    this.dirty = true;
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(PAUSE, this.since + LATEST - now));
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  write(body: string): void {
    this.body = body;
    this.touch();
  }

  setPeople(field: Field, people: Person[]): void {
    this.people = { ...this.people, [field]: people };
    this.touch();
  }

  /** Speaks as someone else: the account may change with it, and the signature does. */
  speakAs(sender: Sender, before: Sender | undefined): void {
    this.from = { name: sender.name || null, address: sender.address };
    this.accountId = sender.account_id;
    this.replace(resigned(this.rich, this.body, before?.signature ?? "", sender));
  }

  /** Puts another text in place of the one that is there. */
  replace(body: string): void {
    this.renewed += 1;
    this.write(body);
  }

  /** From rich to plain text and back. */
  setRich(rich: boolean): void {
    if (rich === this.rich) return;
    if (!rich) this.files = beside(this.files, this.body);
    const next = switched(this);
    [this.rich, this.quote] = [rich, next.quote];
    this.replace(next.body);
  }

  /** Opens the quoted original for writing: answers go between its lines. */
  answerBetween(): void {
    const { quote } = this;
    this.quote = "";
    this.replace(this.body + editable(quote));
  }

  writeQuote(quote: string): void {
    this.quote = quote;
    this.touch();
  }

  /** Takes an older version back. */
  takeVersion({ content, files }: DraftVersion): void {
    this.files = files;
    this.pictures.keep(files);
    this.fill(content);
    this.replace(this.body);
  }

  attach(files: DraftFile[]): void {
    this.files = once([...replaced(this.files, files), ...files]);
    this.touch();
  }
  detach(file: DraftFile): void {
    this.files = this.files.filter((one) => one !== file);
    this.touch();
  }

  /** Saves all there is to save; whether it went through. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.dirty) return this.problem === null;
    this.running = this.save();
    const done = await this.running;
    this.running = null;
    return done && this.dirty ? this.flush() : done;
  }

  /** No more saves; what was not saved is given up on purpose. */
  stop(): void {
    clearTimeout(this.timer);
    this.dirty = false;
  }

  /** It may have been written on elsewhere: takes that over, unless something here waits to be saved. */
  async look(): Promise<void> {
    if (this.dirty || this.running) return;
    const now = await this.host.call("draft_open", { id: this.id });
    if (this.dirty || this.running || now.revision === this.revision) return;
    this.take(now);
    this.renewed += 1;
  }

  private async save(): Promise<boolean> {
    this.saving = true;
    this.dirty = false;
    const files = this.going;
    try {
      const saved = await this.host.call("draft_save", {
        id: this.id,
        revision: this.revision,
        account_id: this.accountId,
        content: this.content,
        files,
      });
      const moved = saved.id !== this.id;
      const crossed = saved.revision > this.revision + 1;
      this.id = saved.id;
      this.revision = saved.revision;
      this.savedAt = saved.saved_at;
      this.problem = null;
      this.pictures.keep(files);
      if (moved || crossed) await this.readAround();
      return true;
    } catch (thrown) {
      this.dirty = true;
      this.problem = CallError.from(thrown);
      return false;
    } finally {
      this.saving = false;
    }
  }

  private shows(contentId: string): boolean {
    return shows(this.body + this.quote, contentId);
  }

  /** Where it lies now and which versions were set aside; what is being written stays. */
  private async readAround(): Promise<void> {
    this.lies(await this.host.call("draft_open", { id: this.id }));
  }

  private lies(draft: Draft): void {
    this.conversationId = draft.conversation_id;
    this.messageId = draft.message_id;
    this.limit = draft.limit;
    this.room = draft.room;
    this.versions = draft.versions;
  }

  private take(draft: Draft): void {
    this.accountId = draft.account_id;
    this.lies(draft);
    this.files = draft.files;
    this.pictures.keep(draft.files);
    this.savedAt = draft.saved_at;
    this.revision = draft.revision;
    this.fill(draft.content);
  }

  private fill(content: DraftContent): void {
    this.from = content.from;
    this.people = { to: content.to, cc: content.cc, bcc: content.bcc };
    this.subject = content.subject;
    ({ rich: this.rich, body: this.body, quote: this.quote } = read(content));
  }
}
