/** The state of the pretend desk, and the events its changes send. Commands stand beside it. */
import type { Account } from "../../gen/Account";
import type { Change } from "../../gen/Change";
import type { Commands } from "../../gen/commands";
import type { Event } from "../../gen/Event";
import type { MailLinks } from "../../gen/MailLinks";
import type { NewVersion } from "../../gen/NewVersion";
import type { Said } from "../../gen/Said";
import type { Wish } from "../../gen/Wish";
import { CallError } from "../types";
import { FakeExport } from "./exporting";
import { accounts, type Talk, talks } from "./generate";
import { FakeLabels } from "./labels";
import { FakeOutbox } from "./outbox";
import { FakeRules } from "./rules";
import { FakeSettings } from "./settings";
import { FakeTexts } from "./texts";

export interface FakeOptions {
  now?: number;
  /** Conversations to begin with. */
  conversations?: number;
  accounts?: Account[];
  readOnly?: boolean;
  notice?: string | null;
  noticeSaid?: Said | null;
  notSearched?: number;
  /** This build may ask for new versions, and there is this one, or none. */
  newer?: NewVersion | null;
}

export class FakeState {
  readonly now: number;
  accounts: Account[];
  talks: Map<string, Talk>;
  readOnly: boolean;
  notice: string | null;
  noticeSaid: Said | null;
  notSearched: number;
  newer: NewVersion | null | undefined;
  mailLinks: MailLinks = "others";
  /** Every command that came, oldest first. */
  readonly calls: { name: keyof Commands; args: unknown }[] = [];
  readonly undos = new Map<string, () => void>();
  /** Errors waiting to be thrown, by command. */
  readonly failures = new Map<keyof Commands, CallError[]>();
  /** Commands held back until released. */
  readonly gates = new Map<keyof Commands, Promise<void>>();
  readonly outbox: FakeOutbox;
  readonly texts: FakeTexts;
  readonly labels: FakeLabels;
  readonly rules: FakeRules;
  readonly settings: FakeSettings;
  readonly exporting: FakeExport;
  private readonly handlers = new Set<(event: Event) => void>();
  private readonly linkHandlers = new Set<(href: string) => void>();
  private readonly wishHandlers = new Set<(wish: Wish) => void>();

  constructor(options: FakeOptions = {}) {
    this.now = options.now ?? Date.now();
    this.accounts = options.accounts ?? accounts(this.now);
    const count = this.accounts.length === 0 ? 0 : (options.conversations ?? 200);
    this.talks = new Map(talks(count, this.accounts, this.now).map((one) => [one.row.id, one]));
    this.readOnly = options.readOnly ?? false;
    this.notice = options.notice ?? null;
    this.noticeSaid = options.noticeSaid ?? null;
    this.notSearched = options.notSearched ?? 0;
    this.newer = options.newer;
    this.outbox = new FakeOutbox(this);
    this.texts = new FakeTexts(this);
    this.labels = new FakeLabels(this);
    this.rules = new FakeRules(this);
    this.settings = new FakeSettings(this);
    this.exporting = new FakeExport(this);
    this.labels.seed();
  }

  get newestFirst(): Talk[] {
    return [...this.talks.values()].sort((a, b) => b.row.last_at - a.row.last_at);
  }

  talk(id: string): Talk {
    const found = this.talks.get(id);
    if (!found) throw new CallError("not_found", "This conversation is not here any more.");
    return found;
  }

  account(id: string): Account {
    const found = this.accounts.find((one) => one.id === id);
    if (!found) throw new CallError("not_found", "This account is not here any more.");
    return found;
  }

  setAccount(id: string, over: Partial<Account>): Account {
    const changed = { ...this.account(id), ...over };
    this.accounts = this.accounts.map((one) => (one.id === id ? changed : one));
    this.changed([{ entity: "account", id, deleted: false }]);
    return changed;
  }

  emit(event: Event): void {
    for (const handler of this.handlers) handler(event);
  }

  changed(changes: Change[], everything = false): void {
    // The store commits first and tells after: the answer of the command comes before its event.
    queueMicrotask(() => this.emit({ kind: "changes", changes, everything }));
  }

  listen(handler: (event: Event) => void): () => void {
    this.handlers.add(handler);
    return () => this.handlers.delete(handler);
  }

  onWish(handler: (wish: Wish) => void): () => void {
    this.wishHandlers.add(handler);
    return () => this.wishHandlers.delete(handler);
  }

  /** Asks the window for something, as a link or a notification does. */
  wish(wish: Wish): void {
    for (const handler of this.wishHandlers) handler(wish);
  }

  onLink(handler: (href: string) => void): () => void {
    this.linkHandlers.add(handler);
    return () => this.linkHandlers.delete(handler);
  }

  pressLink(href: string): void {
    for (const handler of this.linkHandlers) handler(href);
  }

  fail(name: keyof Commands, error: CallError): void {
    this.failures.set(name, [...(this.failures.get(name) ?? []), error]);
  }

  /** Holds a command back; the answer lets it go. */
  hold(name: keyof Commands): () => void {
    let release = () => {};
    this.gates.set(name, new Promise((resolve) => (release = resolve)));
    return () => {
      this.gates.delete(name);
      release();
    };
  }
}
