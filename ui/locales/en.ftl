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

## Failures
failed-invalid = { $reason }
failed-sign_in = { $reason }
failed-certificate = { $reason }
failed-offline = { $reason }
failed-rejected = { $reason }
failed-not_found = { $reason }
failed-read_only = { $reason }
failed-storage = { $reason }
failed-internal = { $reason }

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
read-at = Read on { $when }
synced-at = Complete as of { $when }

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
command-page-down = Scroll the conversation down
command-page-up = Scroll the conversation up
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

## List
conversations = Conversations
search-label = Search everything
search-clear = Clear the search
search-results = Search results
search-help = How to search
search-help-text = Type words in any order, or narrow the search down:
operator-from = who wrote it
operator-to = who received it
operator-subject = words of the subject
operator-account = name of an account
operator-attachment = with files
operator-unread = not read yet
operator-starred = starred
operator-in = inbox, sent, archived, spam, trash, anywhere
operator-before = older than a day: 2026-03-31
operator-after = newer than a day
operator-phrase = exactly these words
operator-not = without this word
operator-prefix = words that begin so
not-searched = { $n ->
    [one] The text of one message has not been fetched yet and was not searched.
   *[other] The text of { $shown } messages has not been fetched yet and was not searched.
}
nothing-found = Nothing found for “{ $query }”
nothing-found-text = Try fewer words, or the beginning of one.
nothing-found-beyond = Spam and trash were left out. Otherwise try fewer words, or the beginning of one.
search-anywhere = Search spam and trash too
did-you-mean = Did you mean “{ $word }”?
search-all-accounts = Search all accounts
conversation-count = { $n ->
    [0] empty
    [one] 1 conversation
   *[other] { $shown } conversations
}
show-all-accounts = Show all accounts
show-all-mail = Show all mail
mail-coming = Your mail is on its way
mail-coming-text = The newest conversations appear here first, in a moment.
empty-inbox = All done
empty-inbox-text = Nothing waits for you. New mail appears here by itself.
empty-unread = Everything is read
empty-unread-text = New mail appears here by itself.
empty-starred = No stars yet
empty-starred-text = Press S on a conversation to keep it at hand here.
empty-sent = Nothing sent yet
empty-sent-text = Mail you have written stands here once it is synced.
empty-drafts = No drafts
empty-drafts-text = Drafts from your mail server stand here.
empty-archived = Nothing archived
empty-archived-text = Press E on a conversation to put it away. It stays findable.
empty-spam = No spam
empty-spam-text = What your server or you mark as spam stands here.
empty-trash = The trash is empty
empty-trash-text = Deleted conversations stand here until your server removes them.
empty-all = No mail yet
empty-all-text = Add an account or import mail, and everything stands here.
load-more-again = Load the rest again
select-one = Select { $people }
unread-mark = Unread:{ " " }
message-count = { $n ->
    [one] 1 message
   *[other] { $n } messages
}
no-subject = (no subject)
nobody = Unknown
own-preview = You: { $preview }
own-to = You → { $people }
pending = Waits to be sent to the server
quarantined-mark = A message could not be read
starred-mark = Starred
attachment-count = { $n ->
    [one] 1 file
   *[other] { $n } files
}
star = Star
unstar = Remove the star
bulk = Selected conversations
selected = { $n ->
    [one] 1 selected
   *[other] { $shown } selected
}
selected-text = What you do now is done to all of them, and can be undone.
unselect = Unselect

## Conversation
conversation = Conversation
conversation-acts = Actions
close-conversation = Close
none-open = No conversation open
none-open-text = Press one in the list, or choose with J and K and open it with Enter.
conversation-gone = This conversation is no longer here
conversation-gone-text = It was deleted or moved by another program.
earlier-messages = { $n ->
    [one] One earlier message is not listed here. Search finds it.
   *[other] { $shown } earlier messages are not listed here. Search finds them.
}
unfold-all = Unfold all messages
fold-all = Fold all but the last
draft = Draft
to-you = you
to-names = to { $names }
to-more = to { $names } and { $n } more
head-from = From
head-to = To
head-cc = Cc
head-bcc = Bcc
head-reply-to = Reply to
head-date = Date
head-subject = Subject
head-mailboxes = Lies in
message-text = Message from { $from }
images-blocked = { $hosts ->
    [one] Images from another server are blocked
   *[other] Images from { $hosts } other servers are blocked
}
images-show = Show them
suspicious = { $n ->
    [one] A link here leads elsewhere than it says
   *[other] { $n } links here lead elsewhere than they say
}
suspicious-link = “{ $text }” leads to { $href }
quarantined = This message could not be read safely. Its source is kept.
body-coming = The text is being fetched. It appears here by itself.
body-offline = The text was not fetched before the connection was lost. It comes once you are online.
attachments = Files
attachment-show = Look at { $name }
attachment-open = Open { $name }
attachment-opened = { $name } is opened in its program. Changes to it stay there.
attachment-save = Save { $name }
attachment-saved = Saved to { $path }
preview-place = { $at } of { $of }
preview-previous = Previous file
preview-next = Next file
preview-no-picture = This picture cannot be shown here. Open it in a program of its own, or save it.
preview-cut = It goes on. Save the file to read all of it.
risk-title = Open this file?
risk-program = This is a program, or it starts one. Once open it can do whatever you can: read your files, change them, send them away.
risk-macros = This document brings macros: small programs that run once you allow editing.
risk-page = This is a web page. Pages that come by mail often imitate a sign-in, to get at passwords.
risk-unknown = Deskbell does not know this kind of file and cannot say what opening it does.
risk-ask = If you did not expect it, ask { $name } first, best by phone.
risk-leave = Leave it
risk-save = Only save it
risk-open = Open it anyway
invitation-request = Invitation
invitation-reply = Answer to an invitation
invitation-counter = Another time is proposed
invitation-publish = Event
invitation-cancel = Called off
invitation-no-summary = (without a title)
invitation-local = In your time zone; written in { $zone }
invitation-floating = Local time in { $zone }
invitation-daily = every day
invitation-weekly = every week
invitation-monthly = every month
invitation-yearly = every year
invitation-often = repeats
invitation-more = { $n ->
    [one] One more event is in the file.
   *[other] { $n } more events are in the file.
}
invitation-open = Open in calendar

## Details
context = Details
reachable = Reachable by
also-said = Other conversations
conversations-with = { $n ->
    [one] 1 conversation
   *[other] { $shown } conversations
}
show-all-with = Show them all
copy-address = Copy the address
address-copied = Address copied
more-people = { $n ->
    [one] and one more person
   *[other] and { $n } more people
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

## First start

welcome-title = Welcome to Deskbell
welcome-lead = Every client in one inbox that lives on this computer and works offline.
welcome-choices = How would you like to begin?
welcome-mail-title = Add a mail account
welcome-mail-text = Gmail, iCloud, Zoho, your own domain: any mailbox that speaks IMAP.
welcome-import-title = Import mail
welcome-import-text = Bring an mbox file, a Maildir or a folder of .eml files.
welcome-sample-title = Explore with sample data
welcome-sample-text = Look around a living desk first. Nothing leaves this computer.
welcome-sample-busy = Setting the sample desk…
welcome-sample-failed = The sample desk could not be opened.
welcome-privacy = Passwords go into the system’s keychain. Mail comes straight from your provider to this computer.
welcome-read-only = Another Deskbell window holds this profile. Close it to add an account here.

## Accounts

accounts-list = Your accounts
accounts-add-mail = Add a mail account
accounts-import = Import mail
accounts-back = All accounts
accounts-empty-title = No account yet
accounts-empty-text = Add a mail account, or import mail you already have, and it appears here.
accounts-failed = The accounts could not be read.
accounts-state-new = Not looked at yet
accounts-state-ok = Up to date
accounts-state-syncing = Fetching mail
accounts-state-waiting = Signed in, waiting for the first sync
accounts-state-again = Waiting to sync
accounts-state-offline = Offline
accounts-state-sign-in = New password needed
accounts-state-paused = Paused
accounts-state-storage = The disk is full
accounts-state-error = Needs attention
accounts-state-imported = Imported
accounts-help-offline = The server cannot be reached. Everything fetched so far can be read; Deskbell keeps trying.
accounts-help-sign-in = The server refused the password. Enter the new one to go on.
accounts-help-paused = No mail is fetched and no change is written back until you go on.
accounts-help-storage = Free some space, then sync again. Nothing that was fetched is lost.
accounts-help-error = The last sync stopped early. What was fetched before is safe.
accounts-synced = Complete as of { $when }
accounts-synced-never = Not complete yet
accounts-next = next sync { $when }
accounts-next-soon = next sync in a moment
accounts-pending = { $count ->
    [one] One change waits to be written back.
   *[other] { $count } changes wait to be written back.
}
accounts-local-only = Changes you make stay here; the imported files are never altered.
accounts-sync = Sync now
accounts-read-again = Read again
accounts-pause = Pause
accounts-resume = Go on
accounts-remove = Remove…
accounts-actions = What to do with { $name }
accounts-failed-action = That did not work.
accounts-progress-count = { $done } of { $total } messages
accounts-progress-open = { $done } messages
accounts-progress-left = about { $time } left
accounts-progress-label = Sync of { $name }
accounts-password = New password for { $name }
accounts-password-save = Sign in
accounts-password-busy = Signing in…

remove-title = Remove { $name }?
remove-erases = This erases from this computer:
remove-erases-mail = { $count ->
    [0] its mail with all attachments
    [one] its one conversation with all attachments
   *[other] its { $count } conversations with all attachments
}
remove-erases-search = its part of the search index
remove-erases-password = its password in the keychain
remove-loses-pending = { $count ->
    [one] one change that was not yet written back
   *[other] { $count } changes that were not yet written back
}
remove-keeps-server = Nothing is deleted on the server: adding the account again brings everything back.
remove-keeps-file = The imported files stay where they are.
remove-cancel = Keep it
remove-confirm = Erase from this computer
remove-busy = Erasing…

mail-form-title = Add a mail account
mail-form-lead = Type the address; Deskbell proposes the rest.
mail-form-address = Mail address
mail-form-address-example = studio@example.com
mail-form-password = Password
mail-form-password-note = Kept in the system’s keychain, never in a file.
mail-form-password-show = Show the password
mail-form-password-hide = Hide the password
mail-form-server = Server
mail-form-server-summary = { $host }, port { $port }, { $security }
mail-form-server-edit = Change
mail-form-server-waiting = Appears once the address is complete.
mail-form-server-looking = Looking up the settings…
mail-form-server-unknown = No settings are known for this address. Ask your provider for its IMAP server.
mail-form-host = IMAP server
mail-form-port = Port
mail-form-security = Encryption
mail-form-user = User name
mail-form-user-note = Usually the whole mail address.
mail-form-name = Name shown in Deskbell
mail-form-name-note = Left empty, the address is shown.
mail-form-security-tls = TLS
mail-form-security-starttls = STARTTLS
mail-form-security-none = none
mail-form-security-note = Without encryption only a server on this computer is accepted.
mail-form-reset = Use the proposed settings
mail-form-submit = Sign in and fetch mail
mail-form-busy = Signing in…

mail-form-address-missing = Enter the mail address, such as studio@example.com.
mail-form-password-missing = Enter the password.
mail-form-host-missing = Enter the name of the IMAP server, such as imap.example.com.
mail-form-port-wrong = Enter a port from 1 to 65535; 993 is usual.
mail-form-password-refused = The server refused this password. Check it, or create an app password at your provider.
mail-form-host-unreachable = This server does not answer. Check its name and your connection.
mail-form-port-strange = No IMAP server answers at this port. 993 is usual.
mail-form-security-unsafe = The connection is not safe, so nothing was sent. Check the server’s name.
mail-form-certificate-title = { $host } shows a certificate of its own making
mail-form-certificate-lead = Programs that run on this computer, such as Proton Mail Bridge, sign their own. Trust it if the program shows the same fingerprint. Nothing was sent yet.
mail-form-certificate-fingerprint = SHA-256 { $fingerprint }
mail-form-certificate-trust = Trust this certificate
mail-form-refused = The sign-in was refused
mail-form-unreachable = The server cannot be reached
mail-form-stopped = The account was not added

hint-google = Google asks for an app password: make one at myaccount.google.com/apppasswords (2-step verification must be on).
hint-yahoo = Yahoo asks for an app password: make one under Account security.
hint-aol = AOL asks for an app password: make one under Account security.
hint-apple = Apple asks for an app-specific password: make one at account.apple.com under Sign-In and Security.
hint-zoho = IMAP must be switched on in Zoho’s settings first. With 2-step verification, use an app password.
hint-proton = Proton needs Proton Mail Bridge running on this computer. Use the password Bridge shows.
hint-gmx = IMAP must be switched on in GMX’s settings first.
hint-microsoft = Microsoft no longer accepts passwords from mail programs for these addresses.

import-title = Import mail
import-lead = The mail is copied into Deskbell, threaded and made searchable. The original files stay as they are, and importing twice adds nothing.
import-file-title = A file
import-file-text = One mbox file, as Thunderbird, Apple Mail or Google Takeout export it.
import-folder-title = A folder
import-folder-text = A Maildir, or a folder of .eml files.
import-picking = Waiting for your choice…
import-picked = Chosen
import-name = Name shown in Deskbell
import-name-note = Left empty, the file’s name is shown.
import-submit = Import
import-busy = Starting the import…
import-stopped = The import did not start

## Health

health-lead-ok = Everything is here and up to date.
health-lead-waiting = Everything works; mail is still arriving.
health-lead-problem = { $count ->
    [one] One account needs you.
   *[other] { $count } accounts need you.
}
health-lead-offline = { $count ->
    [one] One account is offline. What was fetched can be read.
   *[other] { $count } accounts are offline. What was fetched can be read.
}
health-lead-paused = { $count ->
    [one] One account is paused.
   *[other] { $count } accounts are paused.
}
health-empty-title = Nothing to watch yet
health-empty-text = Once an account is added, this page shows whether all of its mail is here.
health-empty-action = Add a mail account
health-failed = Health could not be read.
health-total-messages = Messages
health-total-conversations = Conversations
health-total-database = Database
health-total-blobs = Attachments
health-last = Last complete
health-next = Next sync
health-soon = in a moment
health-never = never
health-now = under way
health-none = not planned
health-usual = Usual sync
health-usual-unknown = no run yet
health-fix-password = Enter new password
health-fix-resume = Go on
health-fix-sync = Try now
health-fix-storage = I freed space, try again
health-complete = Is everything here?
health-complete-all = { $count ->
    [one] Yes. The one mailbox matches the server, message for message.
   *[other] Yes. All { $count } mailboxes match the server, message for message.
}
health-complete-all-imported = Yes. Everything in the files is here.
health-complete-imported = Everything read from the files is here.
health-complete-part = { $missing } of { $total } messages are still to come.
health-complete-bodies = { $count ->
    [one] Every message is listed; the text of one is still to come.
   *[other] Every message is listed; the text of { $count } is still to come.
}
health-complete-unknown = { $count ->
    [one] One mailbox has not been counted yet.
   *[other] { $count } mailboxes have not been counted yet.
}
health-complete-extra = { $count ->
    [one] One message is gone from the server and still here until the next sync.
   *[other] { $count } messages are gone from the server and still here until the next sync.
}
health-complete-empty = No mailbox is known yet.
health-complete-table = { $count ->
    [one] Show the mailbox
   *[other] Show the { $count } mailboxes
}
health-col-mailbox = Mailbox
health-col-server = On the server
health-col-source = In the files
health-col-here = Here
health-col-bodies = Texts to come
health-col-checked = Checked
health-col-state = State
health-scope-complete = complete
health-scope-missing = { $count } to come
health-scope-extra = { $count } more than there
health-scope-unknown = not counted
health-scope-bodies = texts to come
health-more-scopes = Show all { $count } mailboxes
health-breakers = Held back after failures
health-breaker-pull = Fetching mail
health-breaker-edit = Writing back changes
health-breaker-failures = { $count ->
    [one] failed once
   *[other] failed { $count } times in a row
}
health-breaker-retry = next try { $when }
health-runs = Sync runs
health-runs-chart = How long the last { $count } syncs took: mostly { $usual }, at most { $longest }; { $failed ->
    [0] none failed.
    [one] one failed.
   *[other] { $failed } failed.
}
health-runs-chart-failing = None of the last { $count } syncs went through; the longest took { $longest }.
health-runs-scale = Each bar is one sync, the latest at the right. Each line stands for many times the one below it.
health-runs-empty = No sync has run yet.
health-runs-table = Show the { $count } runs as a table
health-run-started = Began
health-run-took = Took
health-run-outcome = Outcome
health-run-added = New
health-run-changed = Changed
health-run-removed = Gone
health-run-running = running
health-run-ok = done
health-run-offline = offline
health-run-sign-in = sign-in refused
health-run-stopped = stopped
health-run-error = failed
health-quarantine = { $count ->
    [one] One message could not be read
   *[other] { $count } messages could not be read
}
health-quarantine-note = Their source is kept, and nothing else is held up by them.
health-quarantine-all = Show all { $count }
health-quarantine-open = Open

## Settings

settings-look = Appearance
settings-theme = Theme
settings-theme-system = As the system
settings-theme-light = Light
settings-theme-dark = Dark
settings-language = Language
settings-language-system = As the system
settings-accounts-none = No account yet
settings-accounts-count = { $count ->
    [one] One account
   *[other] { $count } accounts
}
settings-accounts-open = Manage accounts
settings-keyboard = Keyboard
settings-shortcuts = All shortcuts
settings-shortcuts-open = Show
settings-palette = Every command by its name
settings-palette-open = Open
settings-about = About
settings-version = Version
settings-profile = Profile
settings-profile-note = All mail and attachments lie in this folder. Passwords are in the system’s keychain.
settings-profile-copy = Copy the path
settings-profile-copied = Path copied
settings-unknown = Version and profile could not be read.
