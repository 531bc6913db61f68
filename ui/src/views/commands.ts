/**
 * Every command of the window, once: the palette lists them, the `?` sheet explains them, the keys run them.
 * A command that cannot be used where the person stands says so by `usable`.
 */
import { t } from "../shared/i18n.svelte";
import { answer, openRow } from "../stores/answering";
import type { Desk } from "../stores/desk.svelte";
import { VIEWS } from "../stores/route.svelte";

export type Group = "go" | "move" | "write" | "edit" | "window";

export interface Command {
  id: string;
  group: Group;
  label: string;
  /** The first is shown; the others work too. */
  keys: string[];
  usable: () => boolean;
  run: () => void;
}

const GOTO: Record<string, string> = {
  inbox: "g i",
  unread: "g u",
  starred: "g f",
  sent: "g t",
  drafts: "g d",
  outbox: "g o",
  archived: "g e",
  snoozed: "g b",
  all: "g a",
};

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
  const reading = () => inMail() && desk.conversation.current !== null;
  const aimed = () => inMail() && mail.targets.length > 0;
  const editable = () => aimed() && !desk.readOnly;
  const starred = () => mail.targets.every((id) => mail.row(id)?.starred);
  const answerable = () => inMail() && !desk.readOnly && (mail.opened ?? mail.cursor) !== null;
  const writing = () => desk.composer.draft !== null && desk.composer.shape !== "strip";
  const asleep = () => mail.targets.some((id) => mail.row(id)?.snoozed);
  const edit = (...args: Parameters<Desk["edit"]>) => void desk.edit(...args);
  const make = (
    group: Group,
    id: string,
    keys: string[],
    usable: () => boolean,
    run: () => void,
  ): Command => ({ id, group, label: t(`command-${id}`), keys, usable, run });

  return [
    ...VIEWS.map((view) => ({
      id: `go-${view}`,
      group: "go" as const,
      label: t("command-go-view", { view: t(`view-${view}`) }),
      keys: GOTO[view] ? [GOTO[view]] : [],
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
      keys: [],
      usable: always,
      run: () => {
        mail.search.clear();
        route.toLabel(label.id);
      },
    })),
    make("go", "go-rules", [], always, () => route.go("rules")),
    make("go", "go-labels", [], always, () => route.go("labels")),
    make("go", "go-health", ["g h"], always, () => route.go("health")),
    make("go", "go-settings", ["g s"], always, () => route.go("settings")),
    make("go", "go-accounts", ["g c"], always, () => route.go("accounts")),
    make("go", "templates", [], always, () => route.go("settings", "templates")),
    make("go", "senders", [], always, () => route.go("settings", "senders")),
    make("go", "add-account", [], always, () => route.go("accounts", "add")),
    make("go", "import-mail", [], always, () => route.go("accounts", "import")),

    make("move", "search", ["/", "mod+f"], always, () => {
      if (!inMail()) route.mail(route.view);
      requestAnimationFrame(focusSearch);
    }),
    make("move", "next", ["j", "arrowdown"], inMail, () => mail.move(1)),
    make("move", "previous", ["k", "arrowup"], inMail, () => mail.move(-1)),
    make("move", "open", ["enter", "o"], inMail, () => openOrRead(desk)),
    make("move", "back", ["u", "escape"], inMail, () => back(desk)),
    make("move", "select", ["x"], inMail, () => mail.cursor && mail.toggle(mail.cursor)),
    make("move", "extend-down", ["shift+j", "shift+arrowdown"], inMail, () => mail.extend(1)),
    make("move", "extend-up", ["shift+k", "shift+arrowup"], inMail, () => mail.extend(-1)),
    make("move", "select-all", ["mod+a"], inMail, () => mail.checkAll()),
    make("move", "page-down", ["space"], reading, () => page(1)),
    make("move", "page-up", ["shift+space"], reading, () => page(-1)),
    make("move", "unfold", [";"], reading, () => {
      const { conversation } = desk;
      if (conversation.allUnfolded) conversation.foldAll();
      else conversation.unfoldAll();
    }),

    make(
      "write",
      "compose",
      ["c"],
      () => !desk.readOnly && desk.accounts.all.length > 0,
      () => void desk.composer.begin("new"),
    ),
    make("write", "reply", ["r"], answerable, () => void answer(desk, "reply")),
    make("write", "reply-all", ["a"], answerable, () => void answer(desk, "reply_all")),
    make("write", "forward", ["f"], answerable, () => void answer(desk, "forward")),
    make("write", "forward-attached", [], answerable, () => void answer(desk, "forward_attached")),
    make("write", "send", ["mod+enter"], writing, () => void desk.composer.send()),
    make("write", "send-later", ["mod+shift+enter"], writing, () => (desk.composer.asking = "later")),
    make("write", "attach", ["mod+shift+a"], writing, () => (desk.composer.attachAsked = true)),
    make("write", "template", ["mod+shift+t"], writing, () => (desk.composer.asking = "template")),
    make("write", "discard", [], writing, () => void desk.composer.discard()),

    make("edit", "archive", ["e"], editable, () => edit("archive")),
    make("edit", "trash", ["#", "delete"], editable, () => edit("trash")),
    make("edit", "spam", ["!"], editable, () => edit("spam")),
    make("edit", "to-inbox", ["shift+e"], editable, () => edit("inbox")),
    make("edit", "star", ["s"], editable, () => edit(starred() ? "unstar" : "star")),
    make("edit", "snooze", ["b"], editable, () => (desk.overlay = "snooze")),
    make(
      "edit",
      "wake",
      ["shift+b"],
      () => editable() && asleep(),
      () => void desk.filing.wake(),
    ),
    make("edit", "label", ["l"], editable, () => (desk.overlay = "label")),
    make("edit", "read", ["shift+i"], editable, () => edit("read")),
    make("edit", "unread", ["shift+u"], editable, () => edit("unread")),
    make(
      "edit",
      "undo",
      ["z", "mod+z"],
      () => desk.undoable,
      () => void desk.undo(),
    ),

    make("window", "palette", ["mod+k"], always, () => (desk.overlay = "palette")),
    make("window", "shortcuts", ["?"], always, () => (desk.overlay = "shortcuts")),
    make(
      "window",
      "sync",
      ["mod+r"],
      () => desk.accounts.all.length > 0 && !desk.readOnly,
      () => {
        desk.host.call("sync_now", { account_id: route.account }).catch((thrown) => desk.complain(thrown));
      },
    ),
    make(
      "window",
      "context",
      ["i"],
      () => inMail() && desk.appearance.contextFits,
      () => desk.appearance.showContext(!desk.appearance.contextShown),
    ),
    make("window", "theme-light", [], always, () => desk.appearance.setTheme("light")),
    make("window", "theme-dark", [], always, () => desk.appearance.setTheme("dark")),
    make("window", "theme-system", [], always, () => desk.appearance.setTheme("system")),
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
