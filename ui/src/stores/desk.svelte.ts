/**
 * Everything the window knows, wired to one host. Owns the path from an event to the stores that must ask again;
 * the stores own what they asked for. Screens take it from the context with {@link getDesk}.
 */
import { createContext } from "svelte";
import type { AppInfo } from "../gen/AppInfo";
import type { Change } from "../gen/Change";
import type { Edit } from "../gen/Edit";
import type { Event } from "../gen/Event";
import type { Settings as Values } from "../gen/Settings";
import type { Host } from "../host/types";
import { failureText } from "../shared/failure";
import { t } from "../shared/i18n.svelte";
import { Accounts } from "./accounts.svelte";
import { Appearance } from "./appearance.svelte";
import { Composer } from "./composer.svelte";
import { OpenConversation } from "./conversation.svelte";
import { Counters } from "./counters.svelte";
import { Exporting } from "./exporting.svelte";
import { Files } from "./files.svelte";
import { Filing } from "./filing";
import { Coalesced } from "./frame";
import { Given } from "./given.svelte";
import { Labels } from "./labels.svelte";
import { Mail } from "./mail.svelte";
import { Outbox } from "./outbox.svelte";
import { Route } from "./route.svelte";
import { type SettingKey, Settings } from "./settings.svelte";
import { SigningIn } from "./sign-in.svelte";
import { Toasts } from "./toasts.svelte";
import { Undoing } from "./undoing.svelte";
import { Updates } from "./updates.svelte";
import { attend } from "./wishes";

const TICK = 20_000;
/** Between two refreshes while events pour in. */
const GAP = 120;

export class Desk {
  readonly route = new Route();
  readonly toasts = new Toasts();
  readonly appearance: Appearance;
  readonly settings: Settings;
  readonly accounts: Accounts;
  readonly counters: Counters;
  readonly labels: Labels;
  readonly filing: Filing;
  readonly mail: Mail;
  readonly conversation: OpenConversation;
  readonly outbox: Outbox;
  readonly composer: Composer;
  readonly files: Files;
  readonly given: Given;
  readonly undoing: Undoing;
  readonly updates: Updates;
  readonly signingIn: SigningIn;
  readonly exporting: Exporting;
  info = $state.raw<AppInfo | null>(null);
  /** The present, for ages and "today"; moves on by itself. */
  now = $state(Date.now());
  /** A link pressed in a mail, waiting to be looked at. */
  link = $state<string | null>(null);
  overlay = $state<"palette" | "shortcuts" | "snooze" | "label" | null>(null);

  private said = false;
  private changes: Change[] | null = [];
  private readonly stops: (() => void)[] = [];
  private readonly rows = new Coalesced(() => this.flush(), GAP);
  private readonly people = new Coalesced(() => this.refreshAccounts(), GAP);
  private readonly totals = new Coalesced(() => this.counters.refresh(), GAP);
  private readonly leaving = new Coalesced(() => this.outbox.refresh(), GAP);
  private readonly named = new Coalesced(() => this.labels.refresh(), GAP);

  constructor(readonly host: Host) {
    this.appearance = new Appearance(host.preferences);
    this.settings = new Settings(host, (values) => this.appearance.wear(values));
    this.accounts = new Accounts(host);
    this.counters = new Counters(host);
    this.labels = new Labels(host);
    this.mail = new Mail(host, this.route);
    this.filing = new Filing(host, this.mail, this.labels, this.route, {
      done: (text, run) => this.report(text, run),
      failed: (thrown) => this.complain(thrown),
    });
    this.conversation = new OpenConversation(
      host,
      () => this.appearance.theme,
      (id) => void this.edit("read", [id], "quiet"),
    );
    this.files = new Files(host, this.toasts, (thrown) => this.complain(thrown));
    this.given = new Given(host);
    this.updates = new Updates(host, (thrown) => this.complain(thrown));
    this.outbox = new Outbox(host);
    this.signingIn = new SigningIn(host, () => this.accounts.refresh());
    this.exporting = new Exporting(host);
    this.composer = new Composer(host, this.route, this.outbox, {
      complain: (thrown) => this.complain(thrown),
      say: (text, action) => void this.toasts.show(text, { action: action ?? null }),
      recallable: (id) => this.undoing.sent(id),
    });
    this.undoing = new Undoing(this.outbox, this.toasts, (id) => this.composer.recall(id));
  }

  /** Asks for all that the first screen needs, at once, and begins to listen. */
  async start(): Promise<void> {
    this.stops.push(this.host.listen((event) => this.hear(event)));
    this.stops.push(this.host.onLink((href) => (this.link = href)));
    const clock = setInterval(() => (this.now = Date.now()), TICK);
    this.stops.push(() => clearInterval(clock));
    // The list is fetched by the screen that shows it.
    await Promise.all([
      this.refreshAccounts(),
      this.counters.refresh(),
      this.loadInfo(),
      this.outbox.refresh(),
      this.labels.refresh(),
      this.settings.refresh(),
    ]);
    this.stops.push(attend(this));
    if (this.info?.updates) this.updates.start();
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    for (const task of [this.rows, this.people, this.totals, this.leaving, this.named]) task.stop();
    this.composer.stop();
    this.outbox.stop();
    this.updates.stop();
    this.signingIn.stop();
    this.conversation.stop();
    this.appearance.stop();
    this.route.stop();
  }

  /** The first list stands in the page: tells the host once it has been painted. */
  listShown(): void {
    if (this.said) return;
    this.said = true;
    requestAnimationFrame(() => requestAnimationFrame(() => this.host.painted()));
  }

  get readOnly(): boolean {
    return this.info?.read_only ?? false;
  }

  /** Edits with everything a person expects of it: at once, said aloud, and `z` takes it back. */
  async edit(edit: Edit, ids = this.mail.targets, manner: "said" | "quiet" = "said"): Promise<void> {
    if (ids.length === 0 || (this.readOnly && manner === "quiet")) return;
    const many = ids.length > 1;
    try {
      const report = await this.mail.edit(ids, edit);
      if (!report || manner === "quiet") return;
      const undo = () => this.undo();
      const quietly = !many && (edit === "star" || edit === "unstar");
      const toast = quietly
        ? null
        : this.toasts.show(t(`edited-${edit}`, { n: report.count }), {
            action: { label: t("undo"), run: () => void undo() },
          });
      this.undoing.put(report.undo, toast);
    } catch (thrown) {
      if (manner === "said") this.toasts.show(failureText(thrown), { tone: "bad" });
    }
  }

  undo(): Promise<void> {
    return this.undoing.run();
  }

  /** Says what was done, with the way to take it back. */
  private report(text: string, run: () => Promise<void>): void {
    const toast = this.toasts.show(text, { action: { label: t("undo"), run: () => void this.undo() } });
    this.undoing.put(run, toast);
  }

  /** Sets something for all of Deskbell, `null` to its default; whether it went through. */
  async set<K extends SettingKey>(key: K, value: Values[K] | null): Promise<boolean> {
    try {
      await this.settings.put(key, value);
      return true;
    } catch (thrown) {
      this.complain(thrown);
      return false;
    }
  }

  /** Says a failure of something a person pressed. */
  complain(thrown: unknown): void {
    this.toasts.show(failureText(thrown), { tone: "bad" });
  }

  private hear(event: Event): void {
    if (event.kind === "progress") this.accounts.advance(event.progress);
    else if (event.kind === "sign_in") this.signingIn.hear(event.state);
    else if (event.kind === "export") this.exporting.hear(event.state);
    else if (event.kind === "idle") {
      this.accounts.finish(event.account_id);
      this.people.ask();
    } else if (event.kind === "notice") {
      const open = () => this.route.mail("all", null, event.conversation_id);
      this.filing.notice(event.rule, open, this.toasts);
    } else if (event.kind === "changes") this.heed(event);
  }

  private heed(event: Event & { kind: "changes" }): void {
    this.changes = event.everything || this.changes === null ? null : [...this.changes, ...event.changes];
    this.rows.ask();
    const about = (entity: string) => event.everything || event.changes.some((c) => c.entity === entity);
    if (about("account") || about("scope")) this.people.ask();
    if (about("conversation") || about("message") || about("account")) this.totals.ask();
    if (about("outgoing")) this.leaving.ask();
    if (about("label")) this.named.ask();
    if (about("setting")) void this.settings.refresh();
    if (about("template") || about("sender")) void this.composer.texts.changed();
  }

  private async flush(): Promise<void> {
    const changes = this.changes;
    this.changes = [];
    const opened = this.conversation;
    const touched =
      changes === null ||
      changes.some((c) => (c.entity === "conversation" ? c.id === opened.id : opened.has(c.id)));
    const written = changes?.filter((c) => c.entity === "outgoing").map((c) => c.id) ?? null;
    await Promise.all([
      this.mail.apply(changes),
      touched ? opened.load() : null,
      this.composer.look(written),
    ]);
  }

  /** Without accounts there is no mail to look at; without the one looked at, all are shown. */
  private async refreshAccounts(): Promise<void> {
    await this.accounts.refresh();
    const { accounts, route } = this;
    if (accounts.status !== "ready" || route.screen !== "mail") return;
    if (accounts.all.length === 0) route.go("welcome");
    else if (route.account !== null && !accounts.byId(route.account)) route.mail(route.view, null);
  }

  private async loadInfo(): Promise<void> {
    try {
      this.info = await this.host.call("app_info", {});
    } catch (thrown) {
      this.complain(thrown);
    }
  }
}

export const [getDesk, setDesk] = createContext<Desk>();
