// Every screen of the window, and how one gets there. What is pressed is pressed by the pointer for a picture, and by
// Tab and Enter for the walk of the keyboard, so that each of these ways is also one without a mouse.

import { readFileSync } from "node:fs";

/** Waits until something stands on the screen. */
const there = (selector) => `until:document.querySelector(${JSON.stringify(selector)}) !== null`;
const ROWS = there("[role=row]");
const OPEN = there(".answer");
const find = (words) => [there("#search"), "click:#search", `write:${words}`];
const palette = `document.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }))`;
/** Asks the window for something as a link of a mail or a file given to Deskbell does. */
const pretend = (what) => `pretend.${what}`;
const waiting = [
  ...[there("#mail-address"), "write:studio@gmail.com", there("[name=way]"), there(".stack .main")],
  "click:.stack .main",
  there(".waiting"),
];
const failed = (problem) =>
  pretend(`state.emit({ kind: "sign_in", state: { attempt: "sign-in-1", state: "failed", account: null, problem: {
    message: "It failed.", said: null, remedy: "again", url: null, account_id: null, ...${JSON.stringify(problem)} } } })`);
/** What the shell puts into its own page while a profile of an older version is brought up to date. */
const said = (language) => readFileSync(new URL(`../locales/${language}.ftl`, import.meta.url), "utf8").match(/^tray-updating = (.*)$/m)[1];
const UPDATING = `(([language, words]) => {
  document.documentElement.lang = language;
  document.getElementById("words").textContent = words + " 42 %";
  document.getElementById("share").value = 0.42;
})(localStorage.getItem("deskbell.language") === '"de"' ? ["de", ${JSON.stringify(said("de"))}] : ["en", ${JSON.stringify(said("en"))}])`;
const problem = (key) => ({ key: `oauth-${key}`, parts: { vendor: "Google" } });

/**
 * Name, where it is, and what is done there: an expression, or `until:EXPRESSION`, `press:KEY`, `write:WORDS`,
 * `click:SELECTOR` of what is pressed, `choose:SELECTOR` of a radio button, `select:SELECTOR=VALUE` of a list. Last,
 * where it differs, how wide the window is.
 */
export const SCREENS = [
  // Reading
  ["inbox", "#/mail/inbox", [ROWS]],
  ["inbox-loading", "?fake=slow#/mail/inbox", [there(".list [role=status]")]],
  ["inbox-failed", "?fake=failing#/mail/inbox", [there("[role=alert]")]],
  ["inbox-compact", "?fake=compact#/mail/inbox/1", [ROWS, OPEN]],
  ["empty-inbox", "?fake=blank#/mail/inbox", [there(".rail"), "until:document.querySelector('main')?.textContent.length > 40"]],
  ["empty-drafts", "?fake=blank#/mail/drafts", [there(".rail"), "until:document.querySelector('main')?.textContent.length > 40"]],
  ["snoozed", "#/mail/inbox/1", [OPEN, "press:b", there("dialog li button"), "press:Enter", "until:!document.querySelector('dialog')", "location.hash = '#/mail/snoozed'", there(".clock")]],
  ["conversation", "#/mail/inbox/1", [OPEN]],
  ["conversation-details", "#/mail/inbox/1", [there(".recipients .toggle"), "click:.recipients .toggle", there("dl")]],
  ["conversation-files", "#/mail/inbox/2", [OPEN, "press:;", there(".others .open")]],
  ["conversation-newsletter", "#/mail/inbox", [...find("winter"), there("mark"), "press:Enter", "until:document.activeElement?.id === 'conversations'", "press:Enter", there("[role=note]")]],
  ["context", "#/mail/inbox/1", [OPEN, there(".mail.with-context")], { width: 1280 }],
  ["file-picture", "#/mail/inbox/2", [OPEN, "press:;", there(".look"), "click:.look", there("dialog img")]],
  ["file-text", "#/mail/inbox/2", [OPEN, "press:;", there(".others .open"), "click:.others .open[aria-label*='sizes.txt']", there("dialog .text")]],
  ["file-risk", "#/mail/inbox/2", [OPEN, "press:;", there(".others .open"), "click:.others .open[aria-label*='.docm']", there("dialog .danger")]],
  ["link", "#/mail/inbox/1", [OPEN, pretend(`state.pressLink("https://track.bulletin.example/r?x=81")`), there("dialog")]],
  ["given", "#/mail/inbox", [ROWS, pretend(`state.wish({ kind: "mail", token: "picked-1", name: "Angebot.eml" })`), there(".mail.selectable iframe")]],
  ["given-import", "#/mail/inbox", [ROWS, pretend(`state.wish({ kind: "mail", token: "picked-1", name: "Angebot.eml" })`), there(".mail.selectable iframe"), "click:dialog header button:not([aria-label])", there("#given-into")]],
  ["undo", "#/mail/inbox/1", [OPEN, "press:e", there(".toast")]],
  ["bulk", "#/mail/inbox", [ROWS, "press:j", "press:x", "press:j", "press:x", there("[role=toolbar]")]],
  ["label", "#/mail/inbox/1", [OPEN, "press:l", there("[role=combobox]")]],
  ["snooze", "#/mail/inbox/1", [OPEN, "press:b", there("dialog li button")]],
  ["snooze-own", "#/mail/inbox/1", [OPEN, "press:b", there("dialog li button"), "click:dialog [aria-expanded=false]", there("#snooze-day")]],
  ["palette", "#/mail/inbox", [ROWS, palette, there("dialog input")]],
  ["sheet", "#/mail/inbox", [ROWS, "press:?", there("dialog kbd")]],
  // Searching
  ["search", "#/mail/inbox", [ROWS, ...find("termin"), there("mark")]],
  ["search-none", "#/mail/inbox", [ROWS, ...find("zzzz"), there(".column .empty, .list h2, .list h3")]],
  ["search-help", "#/mail/inbox", [ROWS, "click:[role=search] [aria-expanded]", there("[role=search] [aria-expanded=true]")]],
  // Writing
  ["composer", "#/mail/inbox/1", [OPEN, "press:r", there(".composer [contenteditable]")]],
  ["composer-new", "#/mail/inbox", [ROWS, "press:c", there(".composer [contenteditable]")]],
  ["composer-wrong", "#/mail/inbox", [ROWS, "press:c", there(".composer [contenteditable]"), there("#people-to:focus"), "write:not an address", "press:Enter", "press:ctrl+Enter", there(".composer [role=alert]")]],
  ["composer-warning", "#/mail/inbox/1", [OPEN, "press:r", there(".composer [contenteditable]:focus"), "write:The prices are attached.", "press:ctrl+Enter", there("dialog [data-first]")]],
  ["composer-template", "#/mail/inbox/1", [OPEN, "press:r", there(".composer [contenteditable]:focus"), "press:ctrl+shift+t", there("dialog [role=combobox]")]],
  ["composer-later", "#/mail/inbox/1", [OPEN, "press:r", there(".composer [contenteditable]:focus"), "press:ctrl+shift+Enter", there("dialog li button")]],
  ["sending", "?fake=sending#/mail/inbox/2", [OPEN, "press:r", there(".composer [contenteditable]:focus"), "write:See you then.", "press:ctrl+Enter", there(".bar")]],
  ["ticks", "?fake=sending#/mail/sent/1", [there(".ticks button"), "click:.ticks button", there(".details")]],
  ["outbox", "?fake=sending#/mail/outbox", [there("[data-item]")]],
  ["outbox-open", "?fake=sending#/mail/outbox", [there("[data-item]"), "click:[data-item]", there(".answer")]],
  ["outbox-rest", "?fake=sending#/mail/outbox", [there("[data-item]"), "[...document.querySelectorAll('[data-item]')].at(-1).scrollIntoView()"]],
  ["sent-partly", "?fake=sending#/mail/sent", [...find("noon"), there("mark"), "press:Enter", "until:document.activeElement?.id === 'conversations'", "press:Enter", there(".ticks button"), "click:.ticks button", there(".details")]],
  ["outbox-empty", "#/mail/outbox", [there(".column h1"), "until:document.querySelector('main')?.textContent.length > 40"]],
  // Standing
  ["first-sync", "?fake=first-sync#/mail/inbox", [ROWS, there("progress")]],
  ["offline", "?fake=offline#/mail/inbox/13", [ROWS, there(".banner"), OPEN]],
  ["readonly", "?fake=readonly#/mail/inbox/1", [ROWS, there(".banner"), OPEN]],
  ["trouble", "?fake=trouble#/mail/inbox", [ROWS, there(".banner")]],
  ["update", "?fake=update#/mail/inbox", [ROWS, there(".banner")]],
  ["updating", "updating.html", [UPDATING], { width: 460, height: 150 }],
  ["health", "#/health", [there("dl")]],
  ["health-trouble", "?fake=trouble#/health", [there("dl")]],
  ["health-quarantine", "#/health/1", [there("dl"), "document.querySelector('.quarantine, [class*=quarantine]')?.scrollIntoView()"]],
  ["health-first-sync", "?fake=first-sync#/health", [there("dl")]],
  // Accounts
  ["welcome", "?fake=empty#/welcome", [there(".tiles")]],
  ["accounts", "#/accounts", [there("li.card")]],
  ["account-edit", "#/accounts", [there("#change-1"), "click:#change-1", there("#account-name-1")]],
  ["account-history", "#/accounts", [there("#change-1"), "click:#change-1", there("#account-history-1"), "select:#account-history-1=366", "document.querySelector('#account-history-1').scrollIntoView({ block: 'center' })"]],
  ["account-sign-in", "?fake=trouble#/accounts", [there("li.card")]],
  ["account-signed-out", "?fake=signed-out#/accounts", [there("li.card"), there(".stack .main")]],
  ["account-certificate", "?fake=certificate#/accounts", [there("li.card")]],
  ["account-remove", "#/accounts", [there("li.card"), "click:.remove button", there("dialog")]],
  ["account-removed", "#/accounts", [there("li.card"), "click:.remove button", there("dialog"), "click:dialog .danger", there("#removed-close")]],
  ["add", "?fake=empty#/accounts/add", [there("#mail-address"), "write:studio@gmail.com", there("[name=way]")]],
  ["add-empty", "?fake=empty#/accounts/add", [there("#mail-address")]],
  ["add-waiting", "?fake=empty#/accounts/add", [...waiting, "document.querySelector('details').open = true"]],
  ["add-denied", "?fake=empty#/accounts/add", [...waiting, failed({ code: "denied", said: problem("denied") }), there("[role=alert]")]],
  ["add-wrong-account", "?fake=empty#/accounts/add", [...waiting, failed({ code: "wrong_account", said: { key: "oauth-wrong-account", parts: { signed_in: "mara@gmail.com", account: "studio@gmail.com" } } }), there("[role=alert]")]],
  ["add-duplicate", "?fake=empty#/accounts/add", [...waiting, failed({ code: "duplicate", remedy: "show_account", account_id: "1", said: { key: "here-already", parts: { address: "studio@gmail.com", name: "Studio" } } }), there("[role=alert]")]],
  ["add-by-hand", "?fake=empty#/accounts/add", [there("#mail-address"), "click:form .other button", there("#mail-host")]],
  ["add-password", "?fake=empty#/accounts/add", [there("#mail-address"), "write:studio@gmail.com", there("[name=way]"), "choose:label:nth-of-type(2) [name=way]", there("#mail-password")]],
  ["add-refused", "?fake=empty#/accounts/add", [there("#mail-address"), "write:desk@studio.example", there("#mail-password"), "click:#mail-password", "write:wrong", "press:Enter", there("[aria-invalid=true]")]],
  ["add-server", "?fake=empty#/accounts/add", [there("#mail-address"), "write:desk@studio.example", "click:#mail-password", there(".server button"), "click:.server button", there("#mail-host")]],
  ["add-sender", "#/accounts/sender", [there("#sender-key")]],
  ["add-sender-server", "#/accounts/sender", [there("#sender-key"), "choose:[name=kind][value=smtp]", there("#sender-host")]],
  ["import", "?fake=empty#/accounts/import", [there("form")]],
  ["clients", "#/accounts/clients", [there("li.card"), "click:li:nth-of-type(2) .head button", there("#client-id-microsoft")]],
  // Settings
  ["settings", "#/settings", [there("[data-setting]")]],
  ["settings-none", "#/settings", [...find("ruhe quiet"), there(".none")]],
  ["settings-account", "#/settings", [...find("studio"), there("[data-setting]")]],
  ["settings-data", "?fake=export#/settings", [...find("export"), there("[data-setting]")]],
  ["settings-exporting", "?fake=exporting#/settings", [...find("export"), there("[role=progressbar], progress")]],
  ["settings-shortcuts", "#/settings", [...find("archiv"), there("[id^=keys-]")]],
  ["settings-update", "?fake=update#/settings", [there("pre"), "document.querySelector('pre').scrollIntoView({ block: 'center' })"]],
  ["settings-reset", "?fake=compact#/settings", [there("[data-setting]"), "click:.column > div > .danger", there("dialog")]],
  ["licences", "#/settings", [there("#licences-open"), "click:#licences-open", there("dialog article")]],
  ["senders", "#/settings/senders", [there(".sender")]],
  ["sender-editor", "#/settings/senders", [there("#sender-new-1"), "click:#sender-new-1", there("#sender-name")]],
  ["templates", "#/settings/templates", [there("li.card")]],
  ["template-editor", "#/settings/templates", [there("#template-1"), "click:#template-1", there("#template-name"), "until:document.querySelector('.card [contenteditable]')?.textContent.length > 20"]],
  ["sending-settings", "#/settings/sending", [there("#fallback-1"), "select:#fallback-1=2", there("#after-1")]],
  ["rules", "#/rules", [there("ol.card")]],
  ["rule-editor", "#/rules", [there("ol.card"), "click:ol.card .name", there("#rule-name")]],
  ["rule-tried", "#/rules", [there("ol.card"), "click:ol.card .name", there("#rule-name"), "click:#rule-editor .buttons button", there("#rule-trial")]],
  ["labels", "#/labels", [there("h1")]],
  ["label-editor", "#/labels", [there(".tail"), "click:.tail button", there("form.row")]],
  ["label-remove", "#/labels", [there(".tail"), "click:.tail button:nth-of-type(2)", there("dialog")]],
];
