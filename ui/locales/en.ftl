### Deskbell's words in English. Every key stands in de.ftl too.

## Everywhere
loading = Loading …
try-again = Try again
try-now = Try now
cancel = Cancel
undo = Undo
undone = Taken back
dismiss = Dismiss
understood = Understood
notes = Notes
screen-failed = This screen could not be loaded. Your mail is safe.
skip-to-content = Skip to the content

## Time
yesterday = Yesterday
today-at = Today, { $time }
yesterday-at = Yesterday, { $time }
age-now = now
age-minutes = { $n } min
age-hours = { $n } h
age-days = { $n } d
lasts-seconds = { $n } s
lasts-minutes = { $n } min
lasts-hours = { $n } h { $m } min

## Rail
rail = Places
accounts = Accounts
screen-health = Health
screen-settings = Settings
resize-rail = Width of the rail
resize-list = Width of the list
resize-context = Width of the details
view-inbox = Inbox
view-unread = Unread
view-starred = Starred
view-sent = Sent
view-drafts = Drafts
view-archived = Archived
view-spam = Spam
view-trash = Trash
view-all = All mail
counted-unread = { " " }unread
counted-total = { " " }in it
counted-trouble = { " " }need you
all-fresh = All mail up to { $time }
never-synced = Not synced yet
syncing-short = syncing

## States of an account
state-new = Getting ready for its first sync
state-ok = Up to date
state-offline = Cannot be reached; everything here stays readable
state-sign_in_needed = Needs a new sign-in
state-paused = Paused
state-storage_full = The disk is full; sync waits
state-error = Something is wrong
state-new-short = new
state-ok-short = waiting
state-offline-short = offline
state-sign_in_needed-short = sign in
state-paused-short = paused
state-storage_full-short = disk full
state-error-short = look
state-archive-short = archive

## Banners
read-only = Another Deskbell holds this profile. You can read everything here, but change nothing until it is closed.
offline-since = No connection. You see your mail as it was at { $time }; what you change is sent later.
offline-never = No connection. Your mail will come as soon as it can be reached.
trouble-sign_in_needed = { $name } needs a new password before new mail can come in.
trouble-storage_full = The disk is full, so { $name } cannot fetch mail. Free some space.
trouble-error = { $name } cannot be synced.
sign-in-again = Sign in again
look-into-it = Look into it

## First sync
first-sync = Fetching { $name }
first-sync-scope = Fetching { $name }: { $scope }
sync-count = { $done } of { $total }
sync-done = { $done } fetched
sync-left = about { $time } left
sync-usable = You can work already; older mail follows.

## Commands
group-go = Go to
group-move = Look around
group-edit = Deal with mail
group-window = Window
command-go-view = Go to { $view }
command-go-health = Go to Health
command-go-settings = Go to Settings
command-go-accounts = Go to Accounts
command-add-account = Add an account
command-import-mail = Import mail
command-search = Search
command-next = Next conversation
command-previous = Previous conversation
command-open = Open
command-back = Back
command-select = Select
command-extend-down = Select the next one too
command-extend-up = Select the previous one too
command-select-all = Select all
command-unfold = Unfold or fold all messages
command-archive = Archive
command-trash = Move to Trash
command-spam = Mark as spam
command-to-inbox = Move to Inbox
command-star = Star or unstar
command-read = Mark as read
command-unread = Mark as unread
command-undo = Undo
command-palette = All commands
command-shortcuts = Keyboard shortcuts
command-sync = Sync now
command-context = Show or hide the details
command-theme-light = Light theme
command-theme-dark = Dark theme
command-theme-system = Theme as the system has it
palette-search = What do you want to do?
palette-none = No command matches.

## Edits
edited-read = { $n ->
    [one] Marked as read
   *[other] { $n } conversations marked as read
}
edited-unread = { $n ->
    [one] Marked as unread
   *[other] { $n } conversations marked as unread
}
edited-star = { $n ->
    [one] Starred
   *[other] { $n } conversations starred
}
edited-unstar = { $n ->
    [one] Star removed
   *[other] Star removed from { $n } conversations
}
edited-archive = { $n ->
    [one] Archived
   *[other] { $n } conversations archived
}
edited-inbox = { $n ->
    [one] Moved to the inbox
   *[other] { $n } conversations moved to the inbox
}
edited-trash = { $n ->
    [one] Moved to the trash
   *[other] { $n } conversations moved to the trash
}
edited-spam = { $n ->
    [one] Marked as spam
   *[other] { $n } conversations marked as spam
}

## Links
link-title = Open this link?
link-open = Open in the browser
link-copy = Copy
link-copied = Link copied
link-plain = This address is not encrypted: others on the way can read along.
link-lookalike = This address may imitate another one. Look at it closely.
link-unknown = Deskbell opens only web, mail and phone addresses. You can copy this one.

## Inside a mail
frame-show-quoted = Show quoted text
frame-cut = This message is very long. The rest is not shown here.
