/**
 * Writing: the draft that is open, where it stands in the window, and the way out. One draft is open at a time;
 * another one put in its place is saved first, and nothing is given up without the person's word.
 */
import type { Draft } from "../gen/Draft";
import type { Outgoing } from "../gen/Outgoing";
import type { Warning } from "../gen/Warning";
import { CallError, type Host } from "../host/types";
import { t } from "../shared/i18n.svelte";
import type { Asking, Beginning, Kind, Shape, Surroundings } from "./composing";
import { OpenDraft } from "./draft.svelte";
import type { Outbox } from "./outbox.svelte";
import { quoteWords } from "./quoting";
import type { Route } from "./route.svelte";
import { Texts } from "./texts.svelte";

export class Composer {
  draft = $state.raw<OpenDraft | null>(null);
  /** A little question above the composer. */
  asking = $state<Asking | null>(null);
  warnings = $state.raw<{ list: Warning[]; at: number | null } | null>(null);
  /** What the core said to the latest try to send. */
  refusal = $state.raw<CallError | null>(null);
  sending = $state(false);
  opening = $state(false);
  expanded = $state(false);
  /** A key or the palette asked for the dialog that picks files. */
  attachAsked = $state(false);
  /** Where the keys should go once it is on the screen. */
  wish = $state<"to" | "text" | null>(null);
  readonly texts: Texts;
  /** The conversation that was open when the writing began. */
  private home = $state<string | null>(null);
  /** What the person has seen, and sends all the same. */
  private confirmed: Warning[] = [];
  /** The draft is on its way to the outbox. */
  private handingOver: Promise<void> | null = null;

  constructor(
    private readonly host: Host,
    private readonly route: Route,
    private readonly outbox: Outbox,
    private readonly around: Surroundings,
  ) {
    this.texts = new Texts(host);
  }

  get shape(): Shape {
    if (this.route.screen === "mail" && this.route.conversation === this.home) {
      return this.expanded ? "tall" : "docked";
    }
    return "strip";
  }

  /** Begins a message; an answer goes below the conversation it answers. */
  async begin(kind: Kind, beginning: Beginning = {}): Promise<void> {
    const { messageId, date, to = [], subject = null, ...more } = beginning;
    const account = messageId ? null : this.route.account;
    const about = { kind, account_id: account, message_id: messageId ?? null };
    const find = () =>
      this.host.call("draft_new", { ...about, to, subject, ...more, words: quoteWords(date) });
    await this.open(find, true);
  }

  /** Goes on with a draft that lists show as this message. */
  async edit(messageId: string): Promise<void> {
    if (this.draft?.messageId === messageId) return this.bringBack();
    await this.open(() => this.host.call("draft_edit", { id: messageId }));
  }

  /** Takes a message that was to leave back and opens it. */
  async recall(id: string): Promise<void> {
    await this.open(() => this.outbox.cancel(id));
  }

  /** Shows the draft again after the person looked elsewhere. */
  bringBack(): void {
    const { draft } = this;
    if (!draft) return;
    if (this.expanded) this.home = this.route.conversation;
    else if (this.home) this.route.mail(this.route.view, this.route.account, this.home);
    if (this.route.screen !== "mail") this.route.mail(this.route.view, this.route.account, this.home);
    this.wish = "text";
  }

  toggleTall(): void {
    this.expanded = !this.expanded;
    this.wish = "text";
  }

  /** Puts the draft away, saved; one that nothing was written into goes. */
  async close(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    if (await this.putAway(draft)) this.leave();
    else this.around.complain(draft.problem);
  }

  async discard(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    draft.stop();
    try {
      await this.host.call("draft_discard", { id: draft.id });
      this.leave();
      const back = () => void this.restore(draft.id).catch((thrown) => this.around.complain(thrown));
      this.around.say(t("draft-discarded"), { label: t("undo"), run: back });
    } catch (thrown) {
      this.around.complain(thrown);
    }
  }

  /** Sends, now or at an instant. What should be looked at first comes as {@link warnings}. */
  async send(at: number | null = null): Promise<void> {
    const { draft } = this;
    if (!draft || this.sending) return;
    this.handingOver = this.handOver(draft, at);
    await this.handingOver;
  }

  /** What is on its way to the outbox is there; false where it stayed because the person is asked something. */
  async ready(): Promise<boolean> {
    if (!this.sending) return true;
    await this.handingOver;
    return this.draft === null;
  }

  private async handOver(draft: OpenDraft, at: number | null): Promise<void> {
    this.sending = true;
    this.refusal = null;
    this.asking = null;
    try {
      if (!(await draft.flush())) throw draft.problem;
      const { outgoing, warnings } = await this.host.call("draft_send", {
        id: draft.id,
        at,
        confirmed: this.confirmed,
      });
      if (outgoing) this.sent(outgoing);
      else this.warnings = { list: warnings, at };
    } catch (thrown) {
      this.refusal = CallError.from(thrown);
      // The time chosen is asked for again, where it is wrong.
      if (this.refusal.fields.some(({ field }) => field === "at")) this.asking = "later";
    } finally {
      this.sending = false;
    }
  }

  /** The person has seen the warnings and sends all the same. */
  async sendAnyway(): Promise<void> {
    const { warnings } = this;
    if (!warnings) return;
    this.warnings = null;
    this.confirmed = [...this.confirmed, ...warnings.list];
    await this.send(warnings.at);
  }

  /** Leaves the warnings for another look at the message. */
  reconsider(): void {
    this.warnings = null;
    this.wish = "text";
  }

  /** The draft may have changed elsewhere. */
  async look(ids: readonly string[] | null): Promise<void> {
    const { draft } = this;
    if (!draft || (ids !== null && !ids.includes(draft.id))) return;
    try {
      await draft.look();
    } catch (thrown) {
      if (CallError.from(thrown).code !== "not_found" || this.draft !== draft) return;
      draft.stop();
      this.leave();
      this.around.say(t("draft-gone"));
    }
  }

  stop(): void {
    void this.draft?.flush();
  }

  private async open(find: () => Promise<Draft>, fresh = false): Promise<void> {
    if (this.opening || !(await this.ready())) return;
    this.opening = true;
    try {
      const before = this.draft;
      if (before && !(await this.putAway(before))) throw before.problem;
      const [found] = await Promise.all([find(), this.texts.need()]);
      this.show(found, fresh);
    } catch (thrown) {
      this.around.complain(thrown);
    } finally {
      this.opening = false;
    }
  }

  private show(found: Draft, fresh: boolean): void {
    this.leave();
    const draft = new OpenDraft(this.host, found, fresh);
    this.draft = draft;
    const answers = found.kind.startsWith("reply");
    this.expanded = !answers;
    if (answers && this.route.conversation !== found.conversation_id) {
      this.route.mail(this.route.view, this.route.account, found.conversation_id);
    }
    if (this.route.screen !== "mail") this.route.mail(this.route.view);
    this.home = this.route.conversation;
    this.wish = found.content.to.length === 0 ? "to" : "text";
  }

  private leave(): void {
    this.draft = null;
    this.asking = null;
    this.warnings = null;
    this.refusal = null;
    this.confirmed = [];
  }

  private async putAway(draft: OpenDraft): Promise<boolean> {
    if (!draft.touched && draft.fresh) {
      draft.stop();
      await this.host.call("draft_discard", { id: draft.id });
      return true;
    }
    return draft.flush();
  }

  private async restore(id: string): Promise<void> {
    await this.host.call("draft_restore", { id });
    await this.open(() => this.host.call("draft_open", { id }));
  }

  private sent(outgoing: Outgoing): void {
    this.draft?.stop();
    this.leave();
    this.outbox.given(outgoing);
    if (!outgoing.scheduled) this.around.recallable(outgoing.id);
  }
}
