/**
 * Every command of the window, once: the palette lists them, the `?` sheet explains them, the keys run them.
 * A command that cannot be used where the person stands says so by `usable`.
 */
import { t } from "../shared/i18n.svelte";
import { answer, openRow } from "./answering";
import type { Desk } from "./desk.svelte";
import { VIEWS } from "./route.svelte";

export type Group = "go" | "move" | "write" | "edit" | "window";

export interface Command {
  id: string;
  group: Group;
  label: string;
  /** The first is shown; the others work too. */
  keys: readonly string[];
  usable: () => boolean;
  run: () => void;
}

export function focusSearch(): void {
  const field = document.getElementById("search");
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}

export function commands(desk: Desk): Command[] {
  const { mail, route } = desk;
  const inMail = () => route.screen === "mail";
  const always = () => true;
  const keys = (id: string) => desk.settings.keys(id);
  const reading = () => inMail() && desk.conversation.current !== null;
  const aimed = () => inMail() && mail.targets.length > 0;
  const editable = () => aimed() && !desk.readOnly;
  const starred = () => mail.targets.every((id) => mail.row(id)?.starred);
  const answerable = () => inMail() && !desk.readOnly && (mail.opened ?? mail.cursor) !== null;
  const writing = () => desk.composer.draft !== null && desk.composer.shape !== "strip";
  const asleep = () => mail.targets.some((id) => mail.row(id)?.snoozed);
  const edit = (...args: Parameters<Desk["edit"]>) => void desk.edit(...args);
  const make = (group: Group, id: string, usable: () => boolean, run: () => void): Command => ({
    id,
    group,
    label: t(`command-${id}`),
    keys: keys(id),
    usable,
    run,
  });

  return [
    ...VIEWS.map((view) => ({
      id: `go-${view}`,
      group: "go" as const,
      label: t("command-go-view", { view: t(`view-${view}`) }),
      keys: keys(`go-${view}`),
      usable: always,
      run: () => {
        mail.search.clear();
        route.mail(view);
      },
    })),
    ...desk.labels.all.map((label) => ({
      id: `go-label-${label.id}`,
      group: "go" as const,
      label: t("command-go-view", { view: label.name }),
      keys: keys(`go-label-${label.id}`),
      usable: always,
      run: () => {
        mail.search.clear();
        route.toLabel(label.id);
      },
    })),
    make("go", "go-rules", always, () => route.go("rules")),
    make("go", "go-labels", always, () => route.go("labels")),
    make("go", "go-health", always, () => route.go("health")),
    make("go", "go-settings", always, () => route.go("settings")),
    make("go", "go-accounts", always, () => route.go("accounts")),
    make("go", "templates", always, () => route.go("settings", "templates")),
    make("go", "senders", always, () => route.go("settings", "senders")),
    make("go", "add-account", always, () => route.go("accounts", "add")),
    make("go", "import-mail", always, () => route.go("accounts", "import")),

    make("move", "search", always, () => {
      if (!inMail()) route.mail(route.view);
      requestAnimationFrame(focusSearch);
    }),
    make("move", "next", inMail, () => mail.move(1)),
    make("move", "previous", inMail, () => mail.move(-1)),
    make("move", "open", inMail, () => openOrRead(desk)),
    make("move", "back", inMail, () => back(desk)),
    make("move", "select", inMail, () => mail.cursor && mail.toggle(mail.cursor)),
    make("move", "extend-down", inMail, () => mail.extend(1)),
    make("move", "extend-up", inMail, () => mail.extend(-1)),
    make("move", "select-all", inMail, () => mail.checkAll()),
    make("move", "page-down", reading, () => page(1)),
    make("move", "page-up", reading, () => page(-1)),
    make("move", "print", reading, () => desk.host.print()),
    make("move", "unfold", reading, () => {
      const { conversation } = desk;
      if (conversation.allUnfolded) conversation.foldAll();
      else conversation.unfoldAll();
    }),

    make(
      "write",
      "compose",
      () => !desk.readOnly && desk.accounts.all.length > 0,
      () => void desk.composer.begin("new"),
    ),
    make("write", "reply", answerable, () => void answer(desk, "reply")),
    make("write", "reply-all", answerable, () => void answer(desk, "reply_all")),
    make("write", "forward", answerable, () => void answer(desk, "forward")),
    make("write", "forward-attached", answerable, () => void answer(desk, "forward_attached")),
    make("write", "send", writing, () => void desk.composer.send()),
    make("write", "send-later", writing, () => (desk.composer.asking = "later")),
    make("write", "attach", writing, () => (desk.composer.attachAsked = true)),
    make("write", "template", writing, () => (desk.composer.asking = "template")),
    make("write", "discard", writing, () => void desk.composer.discard()),

    make("edit", "archive", editable, () => edit("archive")),
    make("edit", "trash", editable, () => edit("trash")),
    make("edit", "spam", editable, () => edit("spam")),
    make("edit", "to-inbox", editable, () => edit("inbox")),
    make("edit", "star", editable, () => edit(starred() ? "unstar" : "star")),
    make("edit", "snooze", editable, () => (desk.overlay = "snooze")),
    make(
      "edit",
      "wake",
      () => editable() && asleep(),
      () => void desk.filing.wake(),
    ),
    make("edit", "label", editable, () => (desk.overlay = "label")),
    make("edit", "read", editable, () => edit("read")),
    make("edit", "unread", editable, () => edit("unread")),
    make(
      "edit",
      "undo",
      () => desk.undoing.possible,
      () => void desk.undo(),
    ),

    make("window", "palette", always, () => (desk.overlay = "palette")),
    make("window", "shortcuts", always, () => (desk.overlay = "shortcuts")),
    make(
      "window",
      "sync",
      () => desk.accounts.all.length > 0 && !desk.readOnly,
      () => {
        desk.host.call("sync_now", { account_id: route.account }).catch((thrown) => desk.complain(thrown));
      },
    ),
    make(
      "window",
      "context",
      () => inMail() && desk.appearance.contextFits,
      () => desk.appearance.showContext(!desk.appearance.contextShown),
    ),
    make("window", "theme-light", always, () => void desk.set("theme", "light")),
    make("window", "theme-dark", always, () => void desk.set("theme", "dark")),
    make("window", "theme-system", always, () => void desk.set("theme", "system")),
  ];
}

/** Opens the row in front; pressed once more, it takes the focus from the list to the text. */
function openOrRead(desk: Desk): void {
  const { cursor, opened } = desk.mail;
  if (cursor && cursor === opened) document.getElementById("reading")?.focus();
  else if (cursor) void openRow(desk, cursor);
}

/** Turns a page of the open conversation, leaving a few lines to find one's place by. */
function page(direction: number): void {
  const pane = document.getElementById("reading");
  pane?.scrollBy({ top: direction * pane.clientHeight * 0.85 });
}

/** One step back: first the choice, then the conversation, then the search. */
function back(desk: Desk): void {
  const { mail } = desk;
  if (mail.checked.size > 0) mail.uncheck();
  else if (mail.opened) mail.close();
  else mail.search.clear();
}
