/**
 * A whole desk in memory, for tests and for a browser without the app. It honours edits, undo, search, paging,
 * events and errors as the real one does; what it lacks is a server behind it.
 */
import type { Commands } from "../gen/commands";
import * as accounts from "./fake/accounts";
import { bodyOf } from "./fake/body";
import * as compose from "./fake/compose";
import * as files from "./fake/files";
import * as given from "./fake/given";
import * as mail from "./fake/mail";
import { scene } from "./fake/scenes";
import { find } from "./fake/search";
import * as sending from "./fake/sending";
import * as signIn from "./fake/sign-in";
import { type FakeOptions, FakeState } from "./fake/state";
import { VARIABLES } from "./fake/texts";
import { platformOf, storedPreferences } from "./preferences";
import { CallError, type Host } from "./types";

type Answers = { [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["result"] };

export interface FakeHost extends Host {
  readonly state: FakeState;
  readonly paintedTimes: () => number;
  /** New mail, as if it had come from the server; answers the conversation's id. */
  deliver(letter: { name: string; address: string; subject: string; text: string }): string;
}

function answers(state: FakeState): Answers {
  return {
    app_info: () => ({
      version: "0.1.0",
      profile: "/home/studio/.local/share/deskbell",
      read_only: state.readOnly,
      notice: state.notice,
      notice_said: state.noticeSaid,
      updates: state.newer !== undefined,
    }),
    mail_links: () => ({ links: state.mailLinks }),
    mail_links_take: () => {
      state.mailLinks = "ours";
      return { links: "ours" };
    },
    update_look: () => ({ found: state.newer ?? null }),
    update_install: () => ({}),
    accounts: () => ({ accounts: state.accounts.map((one) => ({ ...one })) }),
    account_suggest: ({ address }) => accounts.suggest(address),
    account_add_imap: (form) => accounts.addImap(state, form),
    account_sending: (form) => sending.configure(state, form),
    account_add_smtp: (form) => sending.add(state, "smtp", form),
    account_add_sendgrid: (form) => sending.add(state, "sendgrid", form),
    account_add_resend: (form) => sending.add(state, "resend", form),
    archive_pick: ({ kind }) => ({
      token: `token-${kind}`,
      path: kind === "file" ? "/home/studio/mail.mbox" : "/home/studio/Maildir",
      own_address: "studio@deskbell.example",
    }),
    account_add_archive: (form) => accounts.addArchive(state, form),
    account_own_address: ({ id, own_address }) => {
      if (own_address !== "" && !own_address.includes("@"))
        throw new CallError("invalid", "Enter the whole mail address, such as studio@example.org.");
      return state.setAccount(id, { own_address: own_address || null });
    },
    account_password: ({ id, password }) => {
      if (password === "wrong")
        throw new CallError("sign_in", "The sign-in was refused: invalid credentials.");
      return state.setAccount(id, { state: "ok", detail: null, synced_at: state.now });
    },
    account_trust: ({ id }) => state.setAccount(id, { state: "ok", detail: null }),
    account_pause: ({ id, paused }) => state.setAccount(id, { state: paused ? "paused" : "ok" }),
    account_remove: ({ id }) => {
      const messages = [...state.talks.values()].filter((one) => one.row.account_id === id).length;
      const { oauth } = state.account(id);
      const sign_in = oauth && (oauth === "microsoft" ? ("by_hand" as const) : ("revoked" as const));
      accounts.remove(state, id);
      return { messages, files: 0, bytes: messages * 4_000, secrets: 1, keychain: false, sign_in };
    },
    account_change: (args) => accounts.change(state, args),
    accounts_order: ({ ids }) => {
      const place = (id: string) => (ids.includes(id) ? ids.indexOf(id) : ids.length);
      state.accounts = [...state.accounts].sort((a, b) => place(a.id) - place(b.id));
      return { accounts: state.accounts.map((one) => ({ ...one })) };
    },
    accounts_attend: () => ({}),
    account_discover: ({ address }) => accounts.discover(address),
    ...signIn.answers(state),
    sample_open: () => accounts.addSample(state),
    sample_leave: () => accounts.leaveSample(state),
    sync_now: () => ({}),
    inbox_page: (args) => mail.page(state, args),
    counters: () => mail.counters(state),
    conversation: ({ id }) => mail.conversation(state, id),
    conversation_row: ({ id }) => ({ ...state.talk(id).row }),
    message_body: (args) =>
      given.isToken(args.id) ? given.body(args) : bodyOf(state.talk(args.id.split("-")[0] ?? ""), args),
    attachment_save: () => ({ path: "/home/studio/Downloads/file" }),
    attachment_open: (args) => files.open(state, args),
    attachment_open_with: (args) => files.open(state, args),
    attachment_drag: () => ({}),
    given_bytes: ({ name }) => ({ kind: "mail", token: "picked-dropped", name }),
    given_mail: ({ token }) => given.mail(state, token),
    given_import: (args) => given.take(state, args),
    attachment_text: ({ message_id, part }) => files.text(state, message_id, part),
    attachment_invitation: ({ message_id, part }) => ({
      invitation: files.invitation(state, message_id, part),
    }),
    conversations_edit: (args) => mail.edit(state, args),
    undo: ({ undo }) => {
      const back = state.undos.get(undo);
      if (!back) throw new CallError("not_found", "This can no longer be undone.");
      state.undos.delete(undo);
      back();
      return {};
    },
    draft_new: (args) => compose.create(state, args),
    draft_open: ({ id }) => structuredClone(state.outbox.get(id).draft),
    draft_edit: ({ id }) => compose.edit(state, id),
    draft_save: (args) => compose.save(state, args),
    draft_discard: ({ id }) => compose.discard(state, id, true),
    draft_restore: ({ id }) => compose.discard(state, id, false),
    draft_attach: ({ inline }) =>
      compose.attach(
        {
          name: inline ? "fern.png" : "prices 2026.pdf",
          media_type: inline ? "image/png" : "application/pdf",
          inline,
        },
        184_000,
      ),
    draft_attach_bytes: (args) => compose.attach(args, Math.floor((args.base64.length * 3) / 4)),
    draft_send: (args) => compose.send(state, args),
    outbox: (args) => state.outbox.list(args),
    outbox_cancel: ({ id }) => state.outbox.cancel(id),
    outbox_retry: ({ id }) => state.outbox.retry(id),
    outbox_reschedule: ({ id, at }) => state.outbox.reschedule(id, at),
    outbox_settle: ({ id }) => state.outbox.settle(id),
    outgoing: ({ id }) => ({ ...state.outbox.get(id).outgoing }),
    contact_complete: (args) => state.texts.complete(args),
    senders: () => ({ senders: state.texts.senders.map((one) => ({ ...one })) }),
    sender_put: (form) => state.texts.putSender(form),
    sender_remove: ({ id }) => state.texts.removeSender(id),
    templates: () => ({ templates: [...state.texts.templates], variables: VARIABLES }),
    template_put: (form) => state.texts.putTemplate(form),
    template_remove: ({ id }) => state.texts.removeTemplate(id),
    template_fill: (args) => state.texts.fill(args),
    labels: () => ({ labels: state.labels.list() }),
    label_put: (form) => state.labels.put(form),
    label_remove: ({ id }) => {
      state.labels.remove(id);
      return {};
    },
    label_page: (args) => state.labels.page(args),
    conversations_label: (args) => state.labels.set(args),
    snooze_choices: () => state.labels.choices(),
    conversations_snooze: (args) => state.labels.snooze(args),
    conversations_wake: ({ ids }) => state.labels.wake(ids),
    snooze_seen: ({ id }) => {
      state.labels.seen(id);
      return {};
    },
    rules: () => ({ rules: [...state.rules.rules] }),
    rule_put: (form) => state.rules.put(form),
    rule_remove: ({ id }) => {
      state.rules.remove(id);
      return {};
    },
    rule_order: ({ ids }) => ({ rules: state.rules.order(ids) }),
    rule_test: (args) => state.rules.test(args),
    search: (args) => find(state.newestFirst, args, state.notSearched),
    health: () => accounts.health(state),
    profile_holds: () => accounts.holds(state),
    profile_erase: () => ({}),
    export_begin: () => state.exporting.begin(),
    export_state: () => state.exporting.now(),
    export_cancel: () => state.exporting.cancel(),
    export_show: () => ({}),
    settings: () => state.settings.now(),
    setting_put: ({ key, value }) => state.settings.put(key, value),
    link_open: () => ({}),
  };
}

/** Without options it takes the scene from the address: `?fake=offline`, see scenes.ts. */
export function fakeHost(options?: FakeOptions): FakeHost {
  const state = options ? new FakeState(options) : scene(new URLSearchParams(location.search).get("fake"));
  const table = answers(state);
  if (!options) {
    setInterval(() => {
      state.outbox.tick(Date.now());
      state.exporting.move(40);
    }, 500);
  }
  let painted = 0;
  const host: FakeHost = {
    state,
    paintedTimes: () => painted,
    async call<K extends keyof Commands>(name: K, args: Commands[K]["args"]) {
      state.calls.push({ name, args });
      await state.gates.get(name);
      const failure = state.failures.get(name)?.shift();
      if (failure) throw failure;
      const answer: (args: Commands[K]["args"]) => Commands[K]["result"] = table[name];
      return answer(args);
    },
    picture: files.picture,
    listen: (handler) => state.listen(handler),
    onLink: (handler) => state.onLink(handler),
    onWish: (handler) => state.onWish(handler),
    print() {
      window.print();
    },
    painted() {
      painted += 1;
    },
    preferences: storedPreferences(localStorage),
    platform: platformOf(navigator.userAgent),
    deliver: (letter) => mail.deliver(state, letter),
  };
  // Whoever drives the browser plays what happens outside the window.
  if (!options) Object.assign(globalThis, { pretend: host });
  return host;
}
