### Deskbell's words in English. Every key stands in de.ftl too.

## Everywhere
loading = Loading…
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
failed-no_sender = { $reason }
failed-duplicate = { $reason }
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
brand = Deskbell
brand-unread = Deskbell ({ $n })
details-message-id = Message-ID
unit-megabytes = MB
rule-header-example = X-Priority
client-issuer-example = https://login.example.org
client-page-example = https://studio.example/signed-in
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
trouble-browser = { $name } is signed out; no new mail can come in until you sign in again.
trouble-admin = { $name }: { $why }
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
command-print = Print the conversation
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
operator-snoozed = snoozed
operator-label = carries this label
operator-in = inbox, sent, archived, spam, trash, anywhere
operator-before = older than a day: 2026-03-31
operator-after = newer than a day
operator-phrase = exactly these words
operator-not = without this word
operator-prefix = words that begin like this
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
empty-drafts-text = What you begin to write is kept here until you send it.
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
head-mailboxes = Kept in
message-text = Message from { $from }
images-blocked = { $hosts ->
    [one] Images from another server are blocked
   *[other] Images from { $hosts } other servers are blocked
}
images-failed = { $n ->
    [one] A picture from another server could not be fetched
   *[other] { $n } pictures from other servers could not be fetched
}
images-coming = Fetching…
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
dropped-mbox = Choose “{ $name }” here to import it.
dropped-folder = Choose the folder “{ $name }” here to import it.
dropped-other = “{ $name }” is no mail. Drop it on a message you are writing to attach it.
given-note = Shown from its file; nothing is imported
given-import = Import…
given-import-into = Import into
given-import-new = A new collection
given-collection = Imported mail
attachment-choose = Choose a program for { $name }
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
welcome-mail-text = Gmail, Outlook, Yahoo, iCloud, your own domain: signed in in the browser or by a password.
welcome-import-title = Import mail
welcome-import-text = Bring an mbox file, a Maildir or a folder of .eml files.
welcome-sample-title = Explore with sample data
welcome-sample-text = Look around a living desk first. Nothing leaves this computer.
welcome-sample-busy = Setting the sample desk…
welcome-sample-failed = The sample desk could not be opened.
sample-banner = Sample data: the people and mail of Inkwell Studio are invented, and nothing is sent to anybody.
sample-leave = Leave the sample
sample-left = The sample is gone.
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
accounts-own = Your address in it: { $address }
accounts-own-nobody = No address in it is yours, so none of it counts as written by you.
accounts-own-change = Change
save = Save
accounts-local-only = Changes you make stay here; the imported files are never altered.
accounts-only-sends = Sends only: nothing is received with it.
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
accounts-state-browser = Sign-in needed
accounts-help-browser = The sign-in has ended or was withdrawn. Sign in again in the browser; nothing that was fetched is lost.
accounts-change = Edit…
account-name = Name
account-color = Colour
account-sender = Write as
account-sender-note = The name, address and signature that new messages begin with.
account-schedule = Look for mail
account-schedule-note = Besides, new mail comes in at once where the provider tells of it.
account-cron = Times
account-cron-note = A cron expression of five fields: minute, hour, day, month, weekday.
account-move = Move { $name }
account-move-hint = Drag, or use the arrow keys
account-moved = { $name } is now { $place } of { $all }.
schedule-minutes-5 = Every 5 minutes
schedule-minutes-15 = Every 15 minutes
schedule-minutes-30 = Every half hour
schedule-hourly = Every hour
schedule-working = Every 15 minutes, weekdays from 8 to 19
schedule-mornings = Once a day, at 8
schedule-own = At times of my own…
close = Close
removed-title = { $name } was removed
removed-lead = This was erased from this computer:
removed-messages = { $n ->
    [0] no message
    [one] one message, { $bytes }
   *[other] { $shown } messages, { $bytes }
}
removed-files = { $n ->
    [one] one file
   *[other] { $shown } files
}
removed-secrets = { $n ->
    [one] one password or sign-in
   *[other] { $n } passwords and sign-ins
}
removed-keychain = the profile’s key in the system’s keychain, since nothing is left that it opens

remove-title = Remove { $name }?
remove-erases = This erases from this computer:
remove-erases-mail = { $count ->
    [0] its mail with all attachments
    [one] its one conversation with all attachments
   *[other] its { $count } conversations with all attachments
}
remove-erases-search = its part of the search index
remove-erases-password = its password in the keychain
remove-erases-sign-in = its sign-in
remove-revokes = Then { $provider } is asked to take Deskbell’s access back; other computers that signed in there with the same client id have to sign in again.
remove-leaves-sign-in = { $provider } lets no program end its own access: afterwards, end it on the page of your account there.
removed-sign-in-revoked = Deskbell’s access was taken back by { $provider }.
removed-sign-in-failed = Deskbell’s access could not be taken back by { $provider }. End it on the page of your account there.
removed-sign-in-by_hand = Deskbell’s access still stands with { $provider }. End it on the page of your account there.
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
oauth-google = Google
oauth-microsoft = Microsoft
oauth-yahoo = Yahoo
oauth-custom = OpenID Connect
proposals = Ways to add it
proposal-browser = { $name }: sign in with { $provider } in the browser
proposal-app_password = { $name }: with an app password
proposal-bridge = { $name }: through Bridge on this computer
proposal-plain = { $name }: with a password
proposal-manual = Enter the servers by hand
proposal-server = Sign in in the browser, at a server of your own
proposal-server-route = OpenID Connect, as companies and schools use it · IMAP
mail-form-by-server = Sign in in the browser instead
proposal-api-imap = IMAP
proposal-api-gmail = Gmail’s own interface
proposal-api-graph = Microsoft’s own interface
proposal-source-preset = known provider
proposal-source-srv = said by the domain
proposal-source-autoconfig = said by the provider
proposal-source-mx = by where its mail is received
proposal-source-guess = guessed from the address
proposal-unsafe = This came over a connection that others could have changed. Compare it with what your provider says.
password-page = Open the page
password-app_password-1 = Open the page and sign in there.
password-app_password-2 = Make an app password and call it Deskbell.
password-app_password-3 = Paste it below; blanks do not matter.
password-bridge-1 = Start Proton Mail Bridge and sign in there.
password-bridge-2 = Copy the password Bridge shows for this mailbox; it is not your Proton password.
password-bridge-3 = Paste it below. Bridge’s own certificate is shown once, to be trusted.
sign-in-with = Sign in with { $provider }
sign-in-note = The page opens in your browser. Deskbell never sees your password.
sign-in-server = You sign in at { $server }.
sign-in-server-other = Sign in at another server
sign-in-server-usual = Back to the server in the settings
sign-in-failed = Signing in did not work.
sign-in-waiting = Go on in the browser: { $provider } asks there whether Deskbell may read and send your mail.
sign-in-working = { $provider } has answered. Looking which mailbox it is…
sign-in-left = { $time } left
sign-in-unopened = The browser did not open. Copy the link and open it yourself.
sign-in-open = Open the page again
sign-in-copy = Copy the link
copied = Copied
sign-in-page-why = Your page shows the answer, or a link that brings it here.
sign-in-page = What your page shows
sign-in-page-note = Copy all of it, or the address of the page.
sign-in-paste-why = The browser is done, but nothing happens here?
sign-in-paste = Address of the page it ended on
sign-in-paste-note = Copy the whole address line of the browser, even if the page could not be shown.
sign-in-paste-missing = Paste the address of the page the browser ended on.
sign-in-paste-do = Go on with it
sign-in-done = Signed in to { $name }
sign-in-remedy-again = Sign in again
sign-in-remedy-ask_admin = Copy the page for your administrator
sign-in-remedy-check_clock = The clock is right now: sign in again
sign-in-remedy-check_network = The network is there: sign in again
sign-in-remedy-client_id = Enter a client id
sign-in-remedy-show_account = Show the account
client-missing-title = This build has no client of its own
client-missing-text = { $provider } lets only programs in that it knows by a client id. Make one of your own, once; it takes about ten minutes.
client-own-server-title = The sign-in server has to know Deskbell
client-own-server-text = Its administrator registers Deskbell once, as below, and gives you the address of the server and a client id.
client-step-ask = Ask for a client id for a desktop program (a public, native client with PKCE).
client-of = Client id for { $provider }
client-step-make = Make a client id for a desktop program at { $provider }.
client-guide = Open the page
client-step-allow = Allow it these scopes and register these redirect addresses.
client-scopes = Scopes
client-redirects = Redirect addresses
client-redirects-page = { $provider } takes redirect addresses under https only: register a page of your own, and enter its address below.
client-copy = Copy: { $what }
client-step-enter = Enter what it gives you.
client-redirect = How the answer comes back
client-redirect-note = Choose the address that is registered for this client id.
client-redirect-loopback = To a port of this computer (http://127.0.0.1 or http://localhost)
client-redirect-deep_link = By a link to Deskbell (deskbell://oauth/callback)
client-issuer = Address of the sign-in server (issuer)
client-issuer-missing = Enter the address of the sign-in server, such as https://login.example.org.
client-id = Client id
client-id-missing = Enter the client id by which this server knows Deskbell.
client-secret = Client secret
client-secret-note = Only where the provider gives one.
client-secret-kept = One is kept. Left empty, saving removes it.
client-page = A page of your own for the answer
client-page-note = Only where the provider redirects to https addresses alone: the address you registered there. Deskbell’s documents hold such a page, ready to be put anywhere.
client-kept = Client id for { $provider } saved
client-reset = Back to the one that came with Deskbell
clients-title = Client ids for signing in
client-custom = Another server
client-hide = Hide { $name }
client-none = none yet
client-default = came with Deskbell
client-own = your own
clients-lead = With a client id a provider knows which program asks to read your mail.
mail-form-duplicate = This mailbox is here already.
trust-look = Look at the new certificate…
trust-title = Trust the new certificate of { $name }?
trust-lead = Compare it with what the program on this computer shows. After an update or a new installation it is usually a new one.
mail-form-continue = Continue
mail-form-submit = Sign in and fetch mail
mail-form-busy = Signing in…

mail-form-address-missing = Enter the mail address, such as studio@example.com.
mail-form-password-missing = Enter the password.
mail-form-host-missing = Enter the name of the IMAP server, such as imap.example.com.
mail-form-port-wrong = Enter a port from 1 to 65535; 993 is usual.
mail-form-password-refused = The server refused this password. Check it, or create an app password at your provider.
mail-form-host-unreachable = This server does not answer. Check its name and your connection.
outgoing = Sending
outgoing-on = Send mail with this account too
outgoing-user-note = Left empty, that of the mailbox is used.
outgoing-host-missing = Enter the name of the server that takes mail.
outgoing-port-wrong = Enter a port from 1 to 65535; 465 and 587 are usual.
outgoing-refused = The server for sending refused this password. Check it, or enter another one for sending.
outgoing-unreachable = The server for sending does not answer. Check its name, or send with this account later.
add-sender = Add a sending service
add-sender-lead = An account that only sends: for a domain of your own, or to step in for another one.
add-sender-kind = Service
add-sender-sendgrid = SendGrid
add-sender-resend = Resend
add-sender-smtp = Another server (SMTP)
add-sender-address-note = It sends from this address; the service must know it or its domain.
add-sender-user-note = Left empty, the server is asked without a sign-in.
add-sender-region = Region
add-sender-region-note = A key works only in the region of its account.
add-sender-region-global = Global
add-sender-region-eu = European Union
add-sender-key = API key
add-sender-key-sendgrid = It needs the right “Mail Send”. Kept in the system’s keychain, never in a file.
add-sender-key-resend = It needs sending access. Kept in the system’s keychain, never in a file.
mail-form-port-strange = No IMAP server answers at this port. 993 is usual.
mail-form-security-unsafe = The connection is not safe, so nothing was sent. Check the server’s name.
mail-form-certificate-title = { $host } shows a certificate of its own making
mail-form-certificate-lead = Programs that run on this computer, such as Proton Mail Bridge, sign their own. Trust it if the program shows the same fingerprint. Nothing was sent yet.
mail-form-certificate-fingerprint = SHA-256 { $fingerprint }
mail-form-certificate-trust = Trust this certificate
mail-form-details = Server, sending and name
mail-form-refused = The sign-in was refused
mail-form-unreachable = The server cannot be reached
mail-form-stopped = The account was not added


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
import-own = Your address in this mail
import-own-note = What was written with it counts as yours. Leave it empty if the mail is not your own.
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
health-waits = once you have signed in
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
health-runs-chart = { $count ->
    [one] The only sync so far took { $longest }; { $failed ->
        [0] it went through.
       *[other] it failed.
    }
   *[other] How long the last { $count } syncs took: mostly { $usual }, at most { $longest }; { $failed ->
        [0] none failed.
        [one] one failed.
       *[other] { $failed } failed.
    }
}
health-runs-chart-failing = None of the last { $count } syncs went through; the longest took { $longest }.
health-runs-scale = Each bar is one sync, the latest at the right. The scale is not even: from line to line the time grows many times over.
health-runs-empty = No sync has run yet.
health-runs-table = { $count ->
    [one] The one sync as a table
   *[other] Show the { $count } runs as a table
}
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
health-quarantine-last = Show the last { $count }
health-quarantine-part = These are { $shown } of { $total }, those that came last.
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
settings-account = Account “{ $name }”
settings-account-order = Order
settings-account-remove = Remove
settings-account-also-sending = signature, sender
settings-account-also-fetching = schedule, interval, sync, history, space
settings-keyboard = Keyboard
settings-shortcuts = All shortcuts
settings-palette = Every command by its name
settings-palette-open = Open
settings-about = About
settings-version = Version
settings-profile = Profile
settings-profile-note = All mail and attachments lie in this folder. Passwords are in the system’s keychain.
settings-profile-copy = Copy the path
settings-profile-copied = Path copied
settings-unknown = Version and profile could not be read.
settings-search = Search the settings
settings-found = { $n ->
    [0] Nothing found
    [one] One setting found
   *[other] { $n } settings found
}
settings-found-none = No setting is called “{ $query }”.
settings-reset-one = Reset: { $name }
settings-reset-all = Reset everything
settings-reset-all-do = Reset
settings-reset-all-text = { $n ->
    [0] Nothing was changed, so there is nothing to reset.
    [one] One setting goes back to what it was at the beginning. Accounts, senders, templates, rules and labels stay.
   *[other] { $n } settings go back to what they were at the beginning. Accounts, senders, templates, rules and labels stay.
}
settings-density = Rows
settings-density-note = How much room each conversation has in the list.
settings-density-comfortable = Comfortable
settings-density-compact = Compact
language-en = English
language-de = Deutsch
settings-notifications = Notifications
setting-notifications = Announce new mail
setting-notifications-note = A notification of the system for mail that has just come in.
setting-notifications-hide-content = Hide the content
setting-notifications-hide-content-note = Says that there is mail, not from whom and about what.
settings-pause = Pause
settings-paused-until = Nothing is announced until { $when }.
settings-pause-hour = For 1 hour
settings-pause-tomorrow = Until tomorrow
settings-pause-end = Announce again
setting-quiet-hours = Quiet hours
setting-quiet-hours-note = Nothing is announced at these hours.
quiet-from = From
quiet-to = until
quiet-days = Days on which they begin
settings-announce = Mail to { $name }
announce-everything = Announce everything
announce-people = Only from people
announce-nothing = Announce nothing
settings-desktop = Desktop
setting-close-to-tray = Keep running when the window is closed
setting-close-to-tray-note = Deskbell stays in the tray and goes on fetching mail.
setting-autostart = Start with the computer
setting-autostart-note = Deskbell starts when you sign in to this computer.
setting-start-hidden = Start without the window
setting-start-hidden-note = Only the icon in the tray is there at first.
setting-badge = Count unread mail on the icon
setting-badge-note = How many conversations of the inbox are unread.
setting-spell-check = Check the spelling
setting-spell-check-note = Words that are spelled wrong are underlined.
setting-spell-languages = Languages of the spelling
setting-spell-languages-note = Such as de_DE, en_GB. Empty: those of the system.
settings-clients = Client ids
settings-clients-note = For signing in with Google, Microsoft and others in the browser.
settings-shortcuts-note = Press the keys of a command to give it others.
settings-shortcuts-change = Show and change
settings-shortcuts-hide = Hide
shortcut-none = none
shortcut-press = Press the keys…
shortcut-change = Keys of { $name }: { $keys }. Change
shortcut-take-away = No keys for { $name }
shortcut-held = { $keys } belongs to: { $name }. Take it from there?
shortcut-use = Take it
shortcut-reserved = These keys are needed by the system. Choose others.
settings-data = Data
settings-size = Size
settings-size-note = { $messages } messages in { $conversations } conversations, { $files } of files.
settings-size-unknown = The size could not be read.
settings-erase = Erase
settings-erase-note = Removing an account erases its mail, files and passwords from this computer.
settings-erase-all = Erase everything
settings-erase-all-note = Takes all of Deskbell’s data off this computer and begins anew, as on the first day.
settings-erase-all-open = Erase everything…
erase-all-title = Erase everything on this computer?
erase-all-lead = This goes, and nothing here brings it back:
erase-all-accounts = { $n ->
    [0] no account
    [one] one account, with its settings, rules, labels and templates
   *[other] { $n } accounts, with all settings, rules, labels and templates
}
erase-all-messages = { $n ->
    [0] no message
    [one] one message, { $bytes }
   *[other] { $shown } messages, { $bytes }
}
erase-all-files = { $n ->
    [one] one attachment
   *[other] { $shown } attachments
}
erase-all-secrets = { $n ->
    [0] Deskbell’s key in the system’s keychain
    [one] one password or sign-in, and Deskbell’s key in the system’s keychain
   *[other] { $n } passwords and sign-ins, and Deskbell’s key in the system’s keychain
}
erase-all-drafts = { $n ->
    [one] one draft that was not sent
   *[other] { $shown } drafts that were not sent
}
erase-all-unsent = { $n ->
    [one] one message that waits to be sent: it will not leave
   *[other] { $shown } messages that wait to be sent: they will not leave
}
erase-all-pending = { $n ->
    [one] one change that your provider has not learnt of yet
   *[other] { $shown } changes that your providers have not learnt of yet
}
erase-all-only-here = { $n ->
    [one] one message you imported by itself: it lies nowhere else in Deskbell
   *[other] { $shown } messages you imported one by one: they lie nowhere else in Deskbell
}
erase-all-stays = Nothing is deleted at your providers: add an account again, and its mail comes back. Files and folders you imported, saved or exported stay where they are.
erase-all-uncounted = What there is could not be counted. All of it goes.
erase-all-type = To go on, type “{ $word }”
erase-all-word = erase
erase-all-do = Erase everything
erase-all-busy = Erasing… Deskbell starts anew in a moment.
erase-all-failed = Nothing was erased.
settings-version-is = Deskbell { $version }
settings-mail-links = Mail links
settings-mail-links-ours = Mail links that you press in other programs open in Deskbell.
settings-mail-links-others = Mail links that you press in other programs do not open in Deskbell.
settings-mail-links-in_settings = Which program opens mail links is chosen in the system’s settings.
settings-mail-links-take = Open them in Deskbell
settings-updates = New versions
settings-updates-note = Deskbell looks once a day, and installs one only when you say so.
settings-updates-look = Check for updates
settings-updates-looking = Looking…
settings-updates-none = This is the newest version.
update-found = Deskbell { $version } is there.
update-notes = What is new
update-install = Install and start again
update-installing = Installing…
settings-licences = Licences
settings-licences-note = Deskbell is free software under MIT or Apache 2.0.
settings-licences-open = Read
licences-own = Deskbell may be used under the MIT licence or the Apache licence 2.0, as you choose.
licences-parts = Parts and their licences
licences-search = Find a part or a licence
licences-none = No part of Deskbell has this name or licence.
licences-of = Licence of { $name }
licences-origin = Where it comes from
licences-count = { $n ->
    [one] { $n } part
   *[other] { $n } parts
}

## What the core says, by the keys of its catalogue: no full stop, since one may stand inside another
said-sign-in-refused = the sign-in was refused: { $why }
said-not-reachable = not reachable: { $why }
said-not-safe = the connection is not safe: { $why }
said-asked-too-often = asked too often; the provider wants a pause
said-position-lost = the position in { $where } was lost
said-gone = { $what } is no longer there
said-refused = refused: { $why }
said-password-unread = the password cannot be read: { $why }
said-resting = { $what } failed repeatedly and is tried again in a moment
said-paused = this account is paused; resume it first
said-stopped = the sync was stopped
said-no-messages = this account's provider holds no messages
said-body-gone = the provider no longer holds this message
said-round-internal = an internal error ended the sync: { $why }
said-enter-password = { $why }. Enter the password again
said-enter-in-browser = { $why }. Sign in again in the browser
said-unlock-keychain = { $why }. Unlock the keychain, or enter the password again
said-nothing-sent = { $why }. Nothing was sent. Check the server's name and certificate
said-disk-full = the disk is full; free some space and Deskbell goes on by itself
said-profile-newer = this profile was used by a newer Deskbell (its data version is { $found }, this one knows { $known }); update Deskbell to open it
said-database-damaged = the database file is damaged ({ $why }); end every Deskbell and start it again: it sets the file aside and fetches your mail anew
said-read-only = another Deskbell has this profile open; close it first, or only read
said-no-such = there is no such { $what }
said-body-unreadable = a stored message cannot be read back: { $why }
said-profile-unusable = the profile directory cannot be used: { $why }
said-store-closed = the store is closed
said-database-refused = the database refused: { $why }
said-migration-failed = the database could not be brought up to date: { $why }
said-migration-undone = { $why }. Nothing in it was changed, and a copy lies beside it as { $copy }; go on with the Deskbell you had before, and report this
said-nothing-to-trust = This account has no server on this machine whose certificate could be trusted
said-send-expired = it was not taken for five days and is not tried any more; send it again, or reach the recipient in another way. Last it was said: { $why }
said-rest-lost = Nobody knows whether it reached { $who }: the answer was lost while it was sent again
said-rest-no-account = the account that was sending it is no longer there
said-rest-no-source = it can no longer be sent from here
said-fate-returned = It came back: { $why }
said-fate-sent-back = the recipient’s server sent it back
said-fate-not-sent = Resend could not send it
said-fate-suppressed = Resend does not write to this address: mail to it came back before, or was called spam
said-fate-cancelled = it was cancelled at Resend
said-fate-later = the recipient’s server wants it later
said-fate-spam = its reader called it spam
said-no-header = it has no header: not one line at its start is of the form "Name: value"
said-broken-structure = its structure could not be read; its source is kept as it came
said-too-long = it is { $size } MB long, and no more than { $read } MB of a message are read; its beginning is kept
said-no-bytes = it is empty: the provider sent no bytes for it
said-no-password = no password is stored for this account
said-settings-unread = the account's settings cannot be read: { $why }
said-keychain = the system's keychain cannot be used ({ $why }); unlock it, or set DESKBELL_PASSPHRASE to keep passwords under a passphrase
said-keychain-foreign = the keychain's entry for this profile is not a Deskbell key; remove it and sign in again
said-wrong-key = the passphrase or key does not open this profile's passwords
said-under-passphrase = this profile's passwords are kept under a passphrase; set DESKBELL_PASSPHRASE to it, and start Deskbell again
said-secrets-unread = the passwords of this profile cannot be read: { $why }
said-salt-unusable = the passphrase's salt cannot be used: { $why }
said-no-key = no key could be derived from the passphrase: { $why }
said-address-missing = enter the whole mail address, such as studio@example.org
said-host-missing = enter the server's name, such as imap.example.org
said-port-missing = enter the server's port, usually 993
said-smtp-host-missing = enter the name of the server that takes mail, such as smtp.example.org
said-smtp-port-missing = enter the server's port, usually 465 or 587
said-smtp-no-starttls = the server does not offer STARTTLS on this port; choose TLS (usually on 465)
said-smtp-no-password = the server takes no password on this connection; choose TLS or STARTTLS, or leave the user name empty if it asks for none
said-smtp-no-way-in = the server offers no way to sign in with a password; it may want another kind of account
said-smtp-no-secret = no password is stored for sending; enter it again
said-smtp-user-unfit = the user name holds a character that cannot be typed; type it again
said-smtp-stranger-tls = port { $port } does not greet like an SMTP server; check the port, or choose STARTTLS (usually on 587)
said-smtp-stranger = port { $port } does not greet like an SMTP server; check the port, or choose TLS if the server wants TLS from the first byte (usually on 465)
said-smtp-not-ready = the server is not ready ({ $words })
said-api-address = the address of the API must be like https://api.example.org
said-api-plain = the key could be read on the way; begin the API's address with https://
said-api-key-unfit = this is no API key; copy it again, without spaces
said-api-key-refused = check the API key ({ $words })
said-api-page = a web page came instead of the provider's answer; this network may want you to sign in to it first, in a browser
said-api-unreachable = { $host } cannot be reached; check the network
said-api-late = { $host } did not answer in time
said-resend-no-domain = the domain { $domain } is not set up in this Resend account; add it there first
said-resend-unverified = the domain { $domain } is not verified yet; finish its set-up in Resend
said-resend-watches = Resend is set to watch who opens mail from { $domain }; switch off open and click tracking for it there
said-sendgrid-weak-key = this API key may not send; make one with the right “Mail Send”
said-sends-by-itself = this account sends by its own provider; there is no server to choose
said-undo-range = choose a time from 0 to 60 seconds
said-fallback-after-range = Choose a time from 0 seconds to one day
said-fallback-unfit = choose another account that can send by itself
said-password-missing = enter the password
said-path-unread = the path could not be read
said-set-aside-empty = Deskbell's database was damaged and is set aside as { $path }. No account could be read from it; add them again, and their mail is fetched anew
said-set-aside = Deskbell's database was damaged and is set aside as { $path }. { $accounts } of your accounts were kept, with what you wrote, filed and put off, and their mail is fetched anew
said-lost-writing = { $kept }. Some drafts or messages that waited to be sent could not be read
said-lost-filing = { $kept }. Some of what you filed or put off here could not be read
said-lost-imports = { $kept }. Some of the imported mail could not be read; import it again
said-lost-choices = { $kept }. Some passwords, signatures, labels, rules, templates or settings could not be read
said-taken-back = { $kept }. Of the messages that waited to be sent, { $count } are drafts again; look whether they have left before you send them
said-opened-elsewhere = another Deskbell has this profile open. Here everything can be read, but nothing changed
said-choose-again = choose the file or folder again; the choice is no longer known
said-here-already = { $address } is here already, as “{ $name }”
said-sample-unwritten = the sample mailbox could not be written: { $why }
said-sample-unremoved = the sample's files could not be removed: { $why }
said-sample-gone = the sample workspace is not running here; leave it and open it again
said-link-kinds = only web, mail and telephone links are opened from a message
said-link-unopened = the link could not be opened: { $why }
said-mail-links-refused = The system did not make Deskbell the program for mail: { $why }
said-erase-no-restart = Deskbell cannot start anew by itself here, so nothing was erased
said-erase-unmarked = nothing was erased: the disk did not answer
said-update-unlooked = New versions could not be looked for: { $why }
said-update-uninstalled = The new version was not installed: { $why }
said-update-signature = its signature is not ours, so nothing was installed
said-update-unreachable = the place of new versions cannot be reached
said-given-unread = “{ $name }” could not be read: { $why }
said-given-too-large = “{ $name }” is too large to be shown. Import it instead
said-given-not-imported = the message could not be imported: { $why }
said-given-no-collection = “{ $name }” is no collection of single messages. Choose one, or begin a new one
said-given-no-mail = “{ $name }” is no mail: it does not begin with a header
said-file-undragged = “{ $name }” could not be dragged: { $why }. Save it instead
said-file-unopened = no program opened “{ $name }”: { $why }
said-file-no-text = “{ $name }” cannot be shown as text. Save it instead
said-file-unknown = this message has no such file
said-unwritten = { $path } could not be written: { $why }
said-rules-unwritten = the rules cannot be written down
said-undrawn = this message could not be drawn
said-text-not-here = the text of this message is not on this machine yet
said-text-not-here-since = the text of this message is not on this machine yet. { $why }
said-too-many = choose 1 to { $most } conversations
said-undo-over = this can no longer be taken back; the messages are where the provider put them
said-import-nothing = the path to import is neither a file nor a folder
said-import-empty = the file to import is empty. Choose one that holds mail
said-import-compressed = the file to import is compressed. Unpack it first, then import what is in it
said-import-single = the file to import is a single message. Choose the folder that holds it
said-import-no-mbox = the file to import is not an mbox: it does not begin with a line "From …". Choose an mbox file, a Maildir, or a folder of .eml files
said-import-no-mail = the folder to import holds no mail: no Maildir (cur and new), no .eml file and no mbox is in it. Choose the folder that directly holds the mail
said-import-cut = reading the archive was cut short
said-cannot-be-read = { $what } cannot be read: { $why }
said-path-to-import = the path to import
said-file-to-import = the file to import
said-folder-to-import = the folder to import
said-eml-folder = the folder of .eml files
said-eml-message = a message in the folder of .eml files
said-maildir-message = a message in the Maildir
said-not-there = it is not there. Check the path, or connect the disk it lies on
said-not-allowed = you are not allowed to. Give yourself permission to read it, or copy it elsewhere
said-disk-error = the disk reported an error. Copy it to another disk and import the copy
said-no-secure-way = the server offers no way to a secure connection
said-pin-loopback = one certificate can be trusted only for a server with TLS on this machine
said-no-handshake = the server does not answer a TLS handshake
said-no-starttls = the server does not offer STARTTLS on this port; choose TLS (usually on 993)
said-secure-passwords = the server accepts passwords only over a secure connection; choose TLS or STARTTLS
said-check-password = check the user name and the password; many providers want an app password ({ $words })
said-server-ended = the server ended the connection ({ $words })
said-server-trouble = the server has trouble of its own with this mailbox
said-not-understood = the server did not understand ({ $words })
said-mailbox-full = the mailbox at the provider is full; delete or move some mail there first
said-not-permitted = the provider does not allow this in that mailbox
said-mailbox-read-only = that mailbox can only be read, not changed
said-line-endless = a line without an end
said-stream-damaged = the compressed stream is damaged
said-silent = the server stayed silent for too long
said-hands-out-none = the server lists messages and does not hand them out
said-lists-none = the server counts messages in the mailbox and lists none
said-all-connections = all connections of this account are still in use; it is tried again
said-no-mailbox = it lists no mailbox at all
said-user-empty = the user name is empty; it is often the whole mail address
said-spoke-early = the server spoke before the secure connection was made
said-ended-early = the server ended a command before it was complete
said-takes-no-more = the server takes no more data
said-server-closed = the server closed the connection
said-not-imap = the server sent something that is not IMAP
said-cut-off = the connection was cut in the middle of an answer
said-broke = the connection broke ({ $why })
said-not-compressed = the command could not be compressed
said-host-unknown = unknown host { $host }: there is no server of that name, or this machine is offline
said-host-slow = looking up the host { $host } took too long
said-host-no-address = unknown host { $host }: it has no address
said-port-refused = { $host } refused the connection on port { $port }: check the port, or start the server
said-host-unreachable = { $host } cannot be reached ({ $why })
said-port-silent = { $host } did not answer on port { $port }: check the port and the network
said-no-handshake-here = the server does not answer a TLS handshake on this port; choose STARTTLS or another port
said-host-plain = the host must be a plain name such as mail.example.org
said-port-range = the port must be a number from 1 to 65535, usually { $port }
said-plain-loopback = without TLS the password could be read on the way, so this is allowed only for a server on this machine; choose TLS or STARTTLS
said-pin-remove = one certificate can be trusted only for a server on this machine; leave its fingerprint out
said-tls-unusable = TLS cannot be used here: { $why }
said-no-certificate = the server shows no certificate
said-host-no-name = the host is not a name a certificate could be issued for
said-pin-damaged = the trusted certificate is damaged; sign in again and trust it anew
said-no-issuers = this machine has no trusted certificate issuers; install its ca-certificates package
said-handshake-ended = the server ended the secure handshake ({ $why }); check the port and the security setting
said-cert-expired = the server's certificate has expired; whoever runs the server must renew it
said-cert-early = the server's certificate is not valid yet; check this machine's clock
said-cert-pinnable = the server's certificate was signed by nobody this machine knows
said-cert-unknown = the server's certificate comes from an issuer this machine does not know; check the host name, or ask whoever runs the server
said-cert-name = the server's certificate is for another name than { $host }; check the host name
said-cert-other = the server shows another certificate than the one you trust; if it was renewed, look at the new one and trust it
said-cert-authority = the server's certificate was not issued by anyone this machine trusts; ask its administrator for one from a public authority, or install the authority's certificate on this machine
said-cert-untrusted = the server's certificate cannot be trusted ({ $why })
said-no-tls = the server does not speak TLS on this port; choose STARTTLS or another port (TLS is usually on { $port })
said-no-secure-connection = no secure connection could be made ({ $why })
said-export-not-empty = { $path } is not empty; choose a new directory
said-export-cut = the export was cut short
said-fingerprint-form = a SHA-256 fingerprint has 64 hexadecimal digits, such as 3A:91:5C…
said-pin-elsewhere = only a server on this machine may show a certificate of its own making, and { $host } is none: remove the fingerprint
said-pin-differs = the server shows another certificate than this one; the fingerprint of its own is { $fingerprint }. Trust it only if the program that runs the server shows the same
said-own-address-known = { $name } has an address of its own; only imported mail has none
said-message-unquotable = this message could not be quoted
said-no-account-number = there is no account { $account }
said-no-account-yet = there is no account yet. Add one, then write with it
said-no-draft = this message is no draft
said-draft-unread = this draft could not be read
said-draft-unbuilt = this draft could not be built
said-file-torn = the bytes of this file did not arrive whole
said-not-writable = this message can no longer be written on
said-no-inline-picture = “{ $name }” is no picture that can stand inside a text. Attach it as a file
said-file-unkept = this file could not be kept
said-no-file = “{ $name }” is no file. Choose a file
said-file-unread = “{ $name }” cannot be read: { $why }
said-too-many-files = a message takes { $count } files at most
said-file-not-here = “{ $name }” is not here any more. Attach it again
said-message-too-large = this message would be { $size } large; this account sends up to { $limit }. Take files out, or share them another way
said-file-too-large = “{ $name }” ({ $size }) does not fit: as mail it takes { $encoded }, and this account sends messages up to { $limit }. Share it another way
said-take-back-first = this message is on its way. Take it back first, then write on it
said-forward-too-large = this message is { $size } large, and this account sends up to { $limit }. Hand it on in the text, without the files that do not fit
said-account-stays = only a draft can change its account
said-cannot-send-yet = this account cannot send yet. Enter its outgoing mail server in its settings, or choose an account that sends for it. The message stays a draft
said-cannot-send-account = this account cannot send yet: enter its outgoing mail server in its settings, or choose an account that sends for it; the message stays a draft
said-too-far-ahead = this is too far ahead. Choose a time within ten years
said-no-recipient = enter at least one recipient
said-needs-to = this account's provider needs somebody under To. Enter at least one there, such as yourself
said-no-empty-file = “{ $name }” is empty, and this account's provider carries no empty files. Take it out
said-pace-range = choose 1 to 10000 messages a minute, or 0 for what is usual
said-barred-resend = Resend does not deliver to { $address }: { $why }
said-barred-sendgrid = SendGrid does not deliver to { $address }: { $why }
said-barred-bounced = mail to it came back before
said-barred-blocked = its server blocked mail from you
said-barred-spam = its owner called mail from you spam
said-barred-invalid = there is no such mailbox
said-barred-unsubscribed = its owner wants no more mail from you
said-barred-listed = it is on Resend's list of addresses not to write to
said-too-many-recipients = this message has { $count } recipients; this account sends to { $most } at most. Send it in parts
said-variable-left = “{ $name }” of a template is not filled in. Write what it stands for, or take it out
said-subject-too-long = this subject is too long. Shorten it
said-text-too-long-file = this text is too long. Send a part of it as a file
said-text-too-long = this text is too long. Shorten it
said-draft-no-more = this message is no draft any more. Take it back from the outbox to write on it
said-sender-name = enter a name of one line and at most 200 characters
said-signature-too-long = this signature is too long. Shorten it
said-only-sender = this is the account's only sender. Change it, or make another one first
said-sender-known = { $address } is a sender of this account already; change that one, or give this one another name
said-template-name = give the template a name of one line
said-template-shortcut = a shortcut is one short word of letters, digits, - and _
said-template-subject = enter a subject of one line
said-template-empty = write the template's text
said-template-named = there is a template “{ $other }” already. Choose another name
said-shortcut-taken = this shortcut belongs to “{ $other }”. Choose another one
said-no-variable = there is no variable “{ $name }”; there are { $known }
said-address-no-at = “{ $address }” has no @; enter it like mara@example.com
said-address-space = “{ $address }” contains a space or a line end
said-address-no-local = “{ $address }” has nothing before the @
said-address-no-domain = “{ $address }” has nothing behind the @
said-address-long = “{ $address }” is too long
said-address-quotes = “{ $address }” has quotes that do not fit
said-address-character = “{ $address }” contains a character that no address has
said-address-dot = “{ $address }” has a dot too many before the @
said-address-number = “{ $address }” has no valid number between its brackets
said-address-impossible = “{ $address }” has a domain that cannot be
said-discarded-no-more = this message is { $state } and can no longer be written on
said-may-have-left = this message may have left already
said-restore-first = this draft was thrown away; restore it first
said-leaving-now = this message is leaving right now; wait for what becomes of it
said-has-left = this message has left and can no longer be taken back or sent again
said-draft-already = this message is a draft already
said-waits-already = this message waits to be sent already
said-not-given-over = this message is a draft and was not given over to be sent
said-nobody-knows = nobody knows yet whether this message left
said-settle-unknown-only = only a message of which nobody knows whether it left can be settled by hand

## Writing

command-compose = New message
command-reply = Reply
command-reply-all = Reply to all
command-forward = Forward
command-forward-attached = Forward as a file
command-send = Send
command-send-later = Send later
command-attach = Attach a file
command-template = Put in a template
command-discard = Discard the draft
command-templates = Manage templates
command-senders = Manage senders and signatures
group-write = Write
answer = Answer
compose-new = New message
compose-reply = Reply
compose-reply_all = Reply to all
compose-forward = Forward
compose-forward_attached = Forward as a file
compose-auto_reply = Automatic answer
compose-text = Text of the message
compose-placeholder = Write here. Type ; and a shortcut for a template.
compose-larger = Larger
compose-smaller = Smaller
compose-close = Close and keep the draft
compose-continue = Go on writing
editor-failed = The editor could not be loaded. The text is safe.
draft-saved = Saved { $time }
draft-saving = Saving…
draft-not-saved = Not saved
draft-discarded = Draft discarded
draft-gone = This draft was sent or deleted elsewhere.
draft-go-on = Go on writing
quote-wrote = On { $date }, { $name } wrote:
quote-forwarded = Forwarded message
quote-show = Show the quoted message
quote-hide = Hide the quoted message
quote-between = Answer between the lines
quote-remove = Leave the quoted message out
quote-text = Quoted message
recipients-in = { $field }: { $n ->
    [one] 1 recipient
   *[other] { $n } recipients
}
recipients-more = { $n ->
    [one] one more
   *[other] { $shown } more
}
address-offered = People you know
address-remove = Remove { $name }
address-no-at = The @ is missing: a whole address looks like name@example.com.
address-incomplete = Something is missing before or behind the @.
address-no-dot = The end is missing, such as .com.
address-odd = There is a sign in it that no address has.
address-long = This is too long to be an address.
format = Format
format-bold = Bold
format-italic = Italic
format-list = List
format-numbers = Numbered list
format-quote = Quote
format-link = Link
format-link-to = Where the link leads
format-link-example = www.example.com
format-link-set = Set
format-link-remove = Remove
format-link-wrong = This is no web, mail or phone address.
format-clear = Remove the formatting
format-picture = Put a picture into the text
format-plain = Plain text only
format-rich = Text with formatting
plain-title = Switch to plain text?
plain-text = Emphasis, lists and links lose their looks; their words stay. Images go along as files.
plain-keep = Keep the formatting
plain-switch = Switch to plain text
send = Send
send-busy = Sending…
attach-too-big = { $name } ({ $size }) does not fit: a message can have { $limit } in all. Send a link to it instead.
attach-unreadable = { $name } could not be read. Is it still there?
attach-pasted = picture.png
attach-dangerous = Programs like this are often refused, or feared, by who receives them.
attach-missing = This file is not here any more. Attach it again.
attach-remove = Leave out { $name }
attach-coming = Adding { $name }
attach-used = { $used } of { $limit }
attach-room = Files grow by a third on their way; this account sends messages up to { $limit }.
attach-drop = Drop to attach
left-out = { $n ->
    [one] One file does not go along
   *[other] { $n } files do not go along
  }: messages of this account take { $limit } at most
left-out-too_large = ({ $size }) is too large
left-out-unreadable = cannot be read
left-out-save = Save it to share it another way
left-out-whole = Forward the message as a file
warnings-title = Before this leaves
warnings-send = Send anyway
warnings-attach = Attach a file
warnings-back = Back to the message
warning-forgotten_attachment = You write “{ $detail }”, but no file is attached
warning-forgotten_attachment-text = Attach it now, or send without.
warning-no_subject = There is no subject
warning-no_subject-text = Mail without a subject is easily taken for spam.
warning-many_recipients = This goes to { $detail } people
warning-many_recipients-text = All in To and Cc can see each other's address. Use Bcc for a circular.
warning-dangerous_file = { $detail } is a program
warning-dangerous_file-text = Most mail servers refuse it.
warning-empty = The message is empty
warning-empty-text = There is neither text nor a file in it.
warning-not_for_stand_in = { $detail } would refuse this message
warning-not_for_stand_in-text = It sends where this account cannot, and takes less. The message may have to wait for this account.
not-sent = Not sent
no-sender = This account cannot send yet
no-sender-text = The message stays a draft. Set up sending for this account, or write as another one.
no-sender-add = Set up sending
later-title = Send later
later-today = Later today
later-tomorrow = Tomorrow morning
later-monday = Monday morning
later-date = Date
later-time = Time
later-schedule = Schedule
later-means = Leaves { $when }
later-wrong = Enter a date and a time, such as 08:30.
later-past = This lies in the past. Choose a later time.
templates = Templates
template-search = Which template?
template-subject-kept = The subject stays as it is. The template’s: { $subject }
template-subject-use = Use it
template-preview = Preview
template-put = Put in
template-missing = { $n ->
    [one] Nothing is known for { $names }: fill it in by hand.
   *[other] Nothing is known for { $names }: fill them in by hand.
}
templates-none = No template yet. Make one for what you write again and again.
templates-failed = The templates could not be read.
templates-manage = Manage templates
versions = Other versions
versions-text = This draft was also written on elsewhere. The newest was kept; these were set aside.
version-here = written here
version-elsewhere = written elsewhere
version-preview = Text of this version
version-take = Use this version

## Outbox

view-outbox = Outbox
empty-outbox = Nothing waits to be sent
empty-outbox-text = What you send or plan for later stands here until it has left.
outbox-troubled = Needs you
outbox-leaving = About to leave
outbox-scheduled = Planned for later
outgoing-leaves = Leaves in { $left }
outgoing-waits = Waits to leave
outgoing-waits-text = It goes as soon as the account can be reached, after what was written before it.
outgoing-scheduled = Leaves { $when }
outgoing-sending = Being sent
outgoing-again = Next try in { $left }
outgoing-again-now = Being tried again
outgoing-again-text = It did not get through yet. Nothing has left; Deskbell keeps trying.
outgoing-unknown = It may have arrived
outgoing-unknown-text = The connection broke at the last moment. Ask the recipient or look into Sent before you send it again.
outgoing-rejected = Not sent
outgoing-rejected-text = The server refused it. Change it and send it again.
outgoing-unsent-text = Nothing was sent. Change it and send it again.
outgoing-refused-names = { $n ->
    [one] The server refused { $names }. Check the address.
   *[other] The server refused { $names }. Check the addresses.
}
outgoing-partly = Sent, but not to everyone
outgoing-left = Sent
outgoing-act-edit = Edit
outgoing-act-retry = Try again
outgoing-act-send-again = Send again
outgoing-act-settle = It arrived
outgoing-act-cancel = Back to the draft
outgoing-act-change = Another time
outgoing-act-now = Send now
outgoing-rescheduled = The time was changed
badge-failed = Not sent
badge-leaving = Sending
and-more = { " " }and { $n } more
undo-bar = Message just sent
undo-leaves = Sending { $to }
undo-leaving = Being sent { $to }
undo-left = Sent { $to }
undo-scheduled = Planned: { $when }
undo-partly = Sent { $to }, but refused for { $refused }
undo-rejected = Refused, not sent { $to }
undo-unknown = Nobody knows whether it was sent { $to }
undo-decide = Decide
undo-more = { $n ->
    [one] 1 more message on its way
   *[other] { $n } more messages on their way
}
said-no-imap-here = port { $port } does not speak IMAP; IMAP is usually on 993 (TLS) or 143 (STARTTLS)
said-tls-at-once = port { $port } speaks TLS from the first byte; choose TLS
said-plain-at-first = port { $port } speaks IMAP and begins without TLS; choose STARTTLS, or the port for TLS (usually 993)
said-one-line = there are line breaks or other control characters in it. Type it again, on one line
said-export-under-way = another export is writing into { $path }; wait for its end, or choose a new directory

## Labels, putting off, rules

view-snoozed = Snoozed
view-label = Label
empty-snoozed = Nothing is put off
empty-snoozed-text = Press B on a conversation to have it come back later.
empty-label = No conversation carries this label
empty-label-text = Press L on a conversation to give it one.
command-snooze = Snooze…
command-wake = Bring back now
command-label = Labels…
command-go-rules = Go to rules
command-go-labels = Go to labels
labels = Labels
label-search = Find or make a label
label-make = Make “{ $name }”
label-none = There is no label yet.
label-some = on some of them
label-new = New label
label-name = Name
label-add = Add label
label-save = Save name
label-rename = Rename
label-color = Colour of “{ $name }”
label-remove = Remove “{ $name }”
label-remove-do = Remove label
label-remove-sure = { $n ->
    [0] Remove the label “{ $name }”? No conversation carries it.
    [one] Remove the label “{ $name }”? One conversation loses it. This cannot be undone.
   *[other] Remove the label “{ $name }”? { $n } conversations lose it. This cannot be undone.
  }
label-empty = No labels yet
label-empty-next = Give one a name above, or press L on a conversation.
label-note = Where the mail server allows it, labels are kept there as keywords, and other programs show them. Elsewhere they stay on this computer.
labelled = { $n ->
    [one] Labelled “{ $name }”
   *[other] { $n } conversations labelled “{ $name }”
  }
unlabelled = { $n ->
    [one] Label “{ $name }” taken away
   *[other] Label “{ $name }” taken from { $n } conversations
  }
color-0 = Brass
color-1 = Sea
color-2 = Violet
color-3 = Green
color-4 = Brick
color-5 = Blue
color-6 = Pink
color-7 = Moss
color-8 = Teal
color-9 = Clay
snooze-title = { $n ->
    [one] Snooze until…
   *[other] Snooze { $n } conversations until…
  }
snooze-later-today = Later today
snooze-this-evening = This evening
snooze-tomorrow-morning = Tomorrow morning
snooze-this-weekend = This weekend
snooze-next-week = Next week
snooze-reply = Until somebody answers
snooze-pick = Pick a time…
snooze-pick-empty = Choose a day and a time.
snooze-pick-past = This time has passed; choose one in the future.
snooze-day = Day
snooze-time = Time
snooze-do = Snooze
snooze-note = A new answer always brings a conversation back.
snoozed-until = { $n ->
    [one] Snoozed until { $when }
   *[other] { $n } conversations snoozed until { $when }
  }
snoozed-reply = { $n ->
    [one] Snoozed until somebody answers
   *[other] { $n } conversations snoozed until somebody answers
  }
woken = { $n ->
    [one] Back in its place
   *[other] { $n } conversations back in their places
  }
badge-back = Back
asleep-until = Snoozed until { $when }
asleep-reply = Snoozed until somebody answers
rules = Rules
rules-lead = What is done by itself with mail that arrives. Rules are looked at from top to bottom, and never erase anything.
rules-none = No rules yet
rules-none-next = A rule can label, file or answer what arrives. Try it on last month’s mail before you switch it on.
rule-new = New rule
rule-edit = Edit rule
rule-unnamed = New rule
rule-name = Name
rule-when = When a message arrives and
rule-then = Then
rule-stop = Look at no further rule after this one
rule-save = Save rule
rule-try = Try on last month’s mail
rule-use = Use “{ $name }”
rule-up = Move “{ $name }” up
rule-down = Move “{ $name }” down
rule-remove = Remove “{ $name }”
rule-removed = Rule “{ $name }” removed
rule-matched = { $n ->
    [0] never acted
    [one] acted once
   *[other] acted { $shown } times
  }
rule-notice = Rule “{ $rule }”: new mail
rule-notice-open = Open
rule-conditions = Conditions
rule-quantifier = How many must hold
rule-quantifier-all = all of these hold
rule-quantifier-any = any of these holds
rule-quantifier-none = none of these holds
rule-field = Condition
rule-field-from = From
rule-field-to = To
rule-field-cc = Cc
rule-field-recipient = Any recipient
rule-field-subject = Subject
rule-field-body = Text
rule-field-list = Mailing list
rule-field-file = File name
rule-field-bcc = Bcc
rule-field-reply_to = Reply to
rule-date-after = From this day on
rule-date-before = Before this day
rule-field-header = Header field
rule-field-date = Date
rule-field-attachment = Attachments
rule-field-larger = Larger than
rule-field-smaller = Smaller than
rule-field-account = Account
rule-field-channel = Channel
channel-email = Mail
rule-field-bulk = Sent by
rule-field-reply = Place in the conversation
rule-field-known = Sender
rule-field-group = Group of conditions
rule-how = Comparison
rule-how-contains = contains
rule-how-is = is
rule-how-starts = starts with
rule-how-ends = ends with
rule-how-regex = matches regular expression
rule-value = Value
rule-megabytes = Megabytes
rule-attachment-true = has files
rule-attachment-false = has no files
rule-bulk-true = a list or a machine
rule-bulk-false = a person
rule-reply-true = an answer
rule-reply-false = a first message
rule-known-true = somebody known
rule-known-false = a stranger
rule-drop = Remove condition
rule-add-condition = Add condition
rule-action = Action
rule-action-label = Label
rule-action-star = Star
rule-action-read = Mark read
rule-action-archive = Archive
rule-action-trash = Move to trash
rule-action-spam = Move to spam
rule-action-notify = Tell me at once
rule-action-auto-reply = Answer with a template
rule-auto-reply-note = Once per person and day; never to lists, machines, no-reply addresses or yourself.
rule-template = Template
rule-template-none = There is no template yet.
rule-drop-action = Remove action
rule-add-action = Add action
trial = What it would have done
trial-running = Looked at { $looked } messages so far: { $n ->
    [one] one would be touched.
   *[other] { $shown } would be touched.
  }
trial-done = Of { $looked } messages of last month { $n ->
    [one] one would have been touched. Nothing was changed.
   *[other] { $shown } would have been touched. Nothing was changed.
  }
trial-stopped = Stopped after { $looked } messages: { $n ->
    [one] one would have been touched.
   *[other] { $shown } would have been touched.
  }
trial-stop = Stop
trial-more = … and { $n } more

## Senders, templates, sending

settings-writing = Writing
settings-senders = Senders and signatures
settings-senders-note = Names and addresses to write as, each with its signature.
settings-templates = Templates
settings-templates-note = Texts for what is written again and again.
settings-sending = Sending
settings-sending-note = Time to call a message back, the server, and who steps in.
settings-manage = Manage
settings-open = Manage: { $what }
settings-change = Change
settings-change-one = Change { $name }
senders-lead = The first of an account is used unless another one is chosen while writing.
sender-add = Add a sender
sender-first = first
sender-no-signature = No signature
sender-name = Name
sender-address = Address
sender-signature = Signature
sender-signature-example = Kind regards,
sender-reply-to = Answers go to
sender-reply-to-note = Left empty, they come back to the address above.
sender-make-first = Use it first on this account
sender-remove = Remove
templates-lead = Type ; and the shortcut while writing, and the text stands there with its variables filled in.
templates-empty = No template yet
template-add = New template
template-name = Name
template-shortcut = Shortcut
template-shortcut-note = Typed as ;{ $name }
template-subject-note = Left empty, the message keeps its own.
template-text = Text
template-variables = Variables
template-variables-note = A press puts one in; it is filled in for each recipient.
template-remove = Delete
variable-contact-name = Name of the recipient
variable-contact-first_name = First name
variable-contact-address = Address of the recipient
variable-sender-name = Your name
variable-sender-address = Your address
variable-account-name = Name of the account
variable-date-today = Today's date
variable-date-tomorrow = Tomorrow's date
variable-appointment-start = Time of the visit
variable-appointment-date = Day of the visit
variable-appointment-time = Hour of the visit
variable-appointment-service = Service of the visit
variable-appointment-staff = Who receives the visit
variable-appointment-place = Place of the visit
sending-lead = What is sent waits a moment, so that it can be called back.
sending-undo = Time to call a message back
sending-undo-none = none
sending-pace = Messages a minute
sending-pace-note = More of them wait until the next minute.
sending-pace-usual = as usual there ({ $shown })
sending-pace-free = as many as the server takes
sending-pace-some = at most { $shown }
sending-watched = Tracking
sending-watched-note = This key may only send: it cannot be seen whether the provider is set to track who opens mail. Make sure that open and click tracking are off for the domain there.
sending-fallback = Steps in
sending-fallback-note = Sends in its place when this account cannot.
sending-fallback-none = nobody
sending-server = Server for sending
sending-server-own = The account’s own
sending-server-none = Not set: this account cannot send yet.
sending-server-set = Set up
sending-server-kept = { $name } can send now
sending-host = SMTP server
sending-password-note = Left empty, the account's own password is used.
sending-try = Check and save
badge-planned = Planned

## Rules, labels and putting off, as the core says it

said-label-no-name = Give the label a name
said-label-name-long = A label's name has at most 60 characters
said-label-name-line = A label's name is one line of plain text
said-label-taken = There is a label “{ $name }” already; choose another name
said-snooze-past = This time has passed; choose one in the future
said-snooze-far = This is more than ten years from now; choose an earlier time
said-rules-many = there are 500 rules already; remove one first
said-setting-unknown = There is no setting “{ $key }”.
said-setting-form = This value does not fit the setting “{ $key }”.
said-quiet-time = Enter a time between 00:00 and 23:59, such as 20:00.
said-quiet-no-hours = Quiet hours begin and end at different times.
said-quiet-no-days = Choose at least one day for quiet hours.
said-setting-rule-twice = There are two choices for the same account; keep one.
said-setting-too-much = This is longer than it can be; remove something first.
said-setting-spell-language = “en” or “de_DE” would be a language; choose one of the list.
said-setting-keys-twice = Two commands have the same keys; give one of them others.
said-rule-no-name = Give the rule a name
said-rule-name-line = A rule's name is one line of at most 120 characters
said-rule-conditions-many = A rule has at most 100 conditions; make two rules of it
said-rule-no-action = Choose what the rule does
said-rule-two-moves = Choose one of archive, trash and spam
said-rule-action-twice = This is chosen twice
said-rule-two-answers = A rule answers with one template only
said-rule-no-condition = Add a condition; a rule without one would touch every message
said-rule-group-empty = Add a condition to this group, or remove the group
said-rule-too-deep = Groups lie at most four deep; make two rules of it
said-rule-no-account = Choose an account
said-rule-no-size = Nothing is smaller than 0 bytes; enter a size
said-rule-no-words = Enter the words to look for
said-rule-words-long = Enter at most 1,000 characters
said-rule-regex = This regular expression cannot be used: { $why }
said-rule-choose-label = Choose a label
said-rule-choose-template = Choose a template
said-rule-label-gone = This label is not there any more; choose another one
said-rule-template-gone = This template is not there any more; choose another one
said-rule-account-gone = This account is not there any more; choose another one
said-usual-password = use the password of this mailbox
said-imap-off = use the password of this mailbox. IMAP must be switched on first in the settings of { $name }
said-app-password = { $name } takes no usual password from mail programs: make an app password on its page and paste it. 2-step verification must be on there
said-paid-app-password = { $name } takes no usual password from mail programs: make an app password on its page and paste it; 2-step verification must be on there. IMAP must be switched on first in the settings of { $name }, and its free plan has none
said-second-password = { $name } has a password of its own for mail programs; set it on its page
said-bridge-password = Proton Mail Bridge must run on this machine; use the user name and the password it shows
said-account-name = enter a name of one line and at most 100 characters
said-schedule-unread = the schedule “{ $expression }” is no cron expression: { $reason }; write five fields such as “*/15 * * * *”
said-history-days = choose from 1 to 36500 days, or 0 to keep everything
said-history-whole = this account fetches no mail from a server, so all of its mail is kept here
said-accounts-order = name each account once
said-sender-of-another = this sender belongs to another account
said-duplicate = { $address } is here already, as “{ $name }”; the same mail would be here twice
said-oauth-denied = nothing was allowed on the page in the browser, so nothing was signed in. Sign in again and allow what Deskbell asks for
said-oauth-expired = the sign-in in the browser was not finished within ten minutes. Sign in again
said-oauth-used = this answer of the browser has been used already. Sign in again
said-oauth-foreign = an answer came that does not belong to this sign-in; it was not used. Sign in again
said-oauth-no-answer = this is not the address the browser ended on: it must hold “code=” and “state=”. Copy the whole address line, or all of what the page shows
said-oauth-code-refused = { $vendor } did not accept the answer of the browser; it may be too old, or of another sign-in. Sign in again
said-oauth-missing-scope = { $vendor } was not allowed to give Deskbell all it needs for mail ({ $missing }). Sign in again and tick everything
said-oauth-not-lasting = { $vendor } gave no lasting sign-in; it would end within the hour. Sign in again and allow access while you are away
said-oauth-blocked = your organisation lets only its administrator allow Deskbell. Send the administrator the page to do so
said-oauth-blocked-page = your organisation lets only its administrator allow Deskbell. Send the administrator the page to do so: { $page }
said-oauth-clock = this machine's clock is { $minutes } minutes off, so the sign-in looks outdated. Set the clock, then sign in again
said-oauth-client = { $vendor } does not accept Deskbell's client id ({ $code }). Check the client id, its secret and its redirect addresses
said-oauth-busy = { $vendor } has trouble of its own at the moment. Sign in again later
said-oauth-nonsense = { $vendor } sent an answer that makes no sense ({ $what }). Sign in again later
said-oauth-nobody = { $vendor } does not say which mailbox signed in. Allow it to tell the mail address
said-oauth-other = { $vendor } refused the sign-in ({ $code })
said-oauth-over = { $vendor } no longer accepts this sign-in; it was taken back, or the password was changed
said-oauth-server = the sign-in server
said-oauth-cut = it is broken off or no JSON
said-oauth-empty = it is empty or of another kind
said-oauth-endless = it has no end
said-oauth-no-code = it holds no code
said-oauth-id-token = its ID token cannot be read
said-oauth-plain-pages = its pages are not under https
said-oauth-cut-off = the connection broke before the answer was complete
said-oauth-no-deep-link = { $vendor } does not redirect to deskbell:// addresses; choose a port of this machine
said-oauth-no-api = { $vendor } has no API for mail; choose IMAP
said-oauth-no-port = no port of this machine is free for the browser's answer ({ $why })
said-oauth-redirect = the redirect address is none
said-oauth-page-unfit = the page must be an address such as https://studio.example/signed-in, with https and without #
said-oauth-client-unfit = this is no client id; copy it again, without spaces
said-oauth-address = the sign-in server's address is none
said-oauth-unasked = { $host } cannot be asked this
said-oauth-issuer = the issuer must be an address such as https://login.example.org, with https
said-oauth-issuer-endless = the issuer's description of itself has no end; check the address
said-oauth-issuer-none = there is no OpenID Connect server at this address; check the issuer
said-oauth-issuer-other = the server there names another issuer than this one; check the address
said-oauth-issuer-missing = enter the address of the sign-in server, such as https://login.example.org
said-oauth-client-missing = Deskbell came without a client id for this provider. Make one on the provider's page and enter it in the settings
said-oauth-unstored = the renewed sign-in could not be stored: { $why }
said-oauth-unrenewed = the sign-in could not be renewed
said-oauth-no-grant = no sign-in is stored for this account; sign in again
said-oauth-unread = the stored sign-in cannot be read: { $why }
said-oauth-at-once-refused = the server does not take the sign-in that its provider has just given
said-oauth-imap-missing = the server that holds the mail must be named: enter its IMAP server
said-oauth-api-unknown = the API of { $vendor } is not known here; choose IMAP
said-oauth-wrong-account = you signed in as { $signed_in }, and this account is { $account }. Sign in again with the right mailbox; nothing was changed
said-oauth-by-password = { $name } signs in with a password, not in the browser
said-oauth-no-password = this account signs in in the browser; it takes no password
said-oauth-own-sending = this account sends with its sign-in of the browser; there is no other server to choose
said-oauth-replaced = the sign-in is being replaced
said-oauth-given-back = this sign-in was given back; sign in again
said-oauth-port-only = this provider answers to a port of this machine only; choose that
said-oauth-forgotten = this sign-in is no longer known. Begin it again
said-oauth-closed = Deskbell was closed meanwhile. Sign in again
said-profile-closed = the profile was closed
said-token-refused = the server does not take this sign-in; sign in again, and check that it is for this mailbox
said-no-xoauth2 = this server does not take a sign-in of the browser; use a password for it
settings-filing = Filing
settings-rules = What is done by itself with mail that arrives
settings-labels = Names of your own for conversations
said-gmail-unreadable = Gmail's answer could not be read; it may have been cut short
said-gmail-sign-in = Google does not accept this sign-in any more
said-gmail-permissions = Google was not given every permission; sign in again and leave all boxes ticked
said-gmail-filtered = something between here and Google refused the request ({ $status }); Deskbell tries again
said-gmail-too-large = The message is larger than the 35 MB Gmail takes; remove a file or send a link
said-gmail-refused = Gmail refused the message: { $why }
said-gmail-not-erased = Gmail was not given the permission to erase mail for good; move it to the trash instead
said-graph-no-upload = Microsoft gives no safe place to upload a file to
said-graph-upload-failed = Microsoft did not take a file over
said-graph-closed = the account was closed meanwhile
said-graph-cut = Microsoft's answer is cut off or no JSON; try again in a moment
said-graph-sign-in = Microsoft does not accept this sign-in any more; sign in again
said-graph-may-not-read = Microsoft was not told that Deskbell may read and change this mailbox; sign in again and allow it
said-graph-may-not-send = Microsoft was not told that Deskbell may send for this mailbox; sign in again and allow it
said-graph-filtered = something between here and Microsoft refused the request (403); Deskbell tries again
said-graph-closed-folder = Microsoft lets nobody read this folder by a program
said-graph-no-mailbox = this Microsoft account has no mailbox in the cloud; add it by IMAP instead
said-graph-trouble = Microsoft has trouble of its own ({ $status }); Deskbell goes on by itself
said-graph-elsewhere = Microsoft pointed somewhere else; check the account's address of the API
said-graph-full = the mailbox is full; make room in it
said-graph-no = Microsoft said no ({ $status })
said-graph-drafts-only = Microsoft takes copies of drafts only; what it sends it keeps by itself
said-graph-no-folder = Microsoft has no folder “{ $name }” in this mailbox
said-graph-no-such-folder = Microsoft has no such folder
said-graph-folders-endless = Microsoft's list of folders has no end
said-graph-foreign-link = Microsoft's answer points to an address that is not its own; it was not followed
said-graph-broken-off = Microsoft's list of changes breaks off without a place to go on from
said-graph-endless = the answer was endless
said-graph-pause = Microsoft wants a pause
said-graph-send-as = Microsoft does not let this account send as { $sender }; choose another sender ({ $words })
said-graph-recipients = Microsoft cannot send to one of the addresses; check them ({ $words })
said-graph-too-large = The message is larger than this mailbox may send; remove a file or send a link
said-graph-answered = Microsoft answered { $status }
said-graph-which-mailbox = Microsoft does not say which mailbox this sign-in opens
said-api-endless = the answer of { $host } is larger than { $size } MB and was not read
said-api-foreign-link = the provider pointed to an address that is not its own

## The desktop around the window: tray and notifications, spoken by the core
start-refused = Deskbell cannot open your data
start-refused-place = Your data is in { $directory }.
browser-done = Back to Deskbell
browser-done-text = Deskbell has the answer. You can close this page.
browser-foreign = Not used
browser-foreign-text = This answer does not belong to the sign-in that Deskbell waits for. Sign in again from Deskbell.
browser-nothing = Nothing here
tray-updating = Bringing your mail up to date for this version.
tray-open = Open Deskbell
tray-compose = Write a message
tray-sync = Fetch mail now
tray-pause = Pause notifications
tray-pause-hour = For an hour
tray-pause-tomorrow = Until tomorrow morning
tray-pause-off = Not paused
tray-quit = Quit Deskbell
tray-stays = Deskbell goes on in the tray
tray-stays-how = It goes on fetching mail. To end it, choose “Quit Deskbell” in the menu of its icon.
tray-tooltip-none = Deskbell: nothing unread
tray-tooltip = Deskbell: { $n ->
    [one] { $n } conversation unread
   *[other] { $n } conversations unread
}
news-reply = Reply
news-archive = Archive
news-read = Mark read
news-many = { $n ->
    [one] { $n } new message
   *[other] { $n } new messages
}
news-from = From { $names }
news-from-more = From { $names } and { $more ->
    [one] one more person
   *[other] { $more } more
}
news-hidden = There is a new message
news-no-subject = (no subject)
news-nobody = Somebody without an address

## What became of a message

outgoing-rest = Sent; some get it later
outgoing-rest-names = The server takes it for { $names } only later. Deskbell tries again by itself in { $left }.
outgoing-rest-now = The server takes it for { $names } only later. Deskbell is trying again.
undo-rest = Sent { $to }; { $waiting } gets it later
outgoing-lost = Sent; for some nobody knows
outgoing-lost-names = { $n ->
    [one] Nobody knows whether it reached { $names }: the connection broke while it was sent again. Ask before you send it once more.
   *[other] Nobody knows whether it reached { $names }: the connection broke while it was sent again. Ask them before you send it once more.
}
undo-lost = Sent { $to }; nobody knows whether it reached { $lost }
delivery-lost-some = { $some } of { $n } not known
delivery-one-lost = not known whether it arrived
outbox-partly = Sent, some get it later
delivery-details = What became of this message
delivery-left = Sent
delivery-delivered = Delivered
delivery-read = Read
delivery-delivered-some = Delivered to { $some } of { $n }
delivery-read-some = Read by { $some } of { $n }
delivery-delayed = Delayed
delivery-waiting-some = { $some } of { $n } only later
delivery-some = { $some } of { $n } not reached
delivery-none = Not delivered
delivery-one-refused = refused
delivery-one-failed = came back
delivery-one-waiting = gets it later
delivery-one-delayed = delayed on the way
delivery-one-left = sent
delivery-one-delivered = delivered
delivery-one-read = read
delivery-next = Next try: { $when }
delivery-next-now = Being tried again
delivery-left-at = Left: { $when }.
delivery-via = { " " }Sent by { $name }.
delivery-no-reports = { " " }Their servers have not reported whether it arrived; most never do.
bounce-no-mailbox = There is no such mailbox. Check the address.
bounce-no-domain = The domain takes no mail or does not exist. Check the part after the @.
bounce-bad-address = The server cannot read this address. Check it.
bounce-switched-off = This mailbox is switched off. Reach the person in another way.
bounce-full = The mailbox is full. Try again in a few days, or reach the person in another way.
bounce-too-large = The message is too large for this mailbox. Send it with fewer or smaller files.
bounce-too-late = The server could not be reached for days, and the message was given up. Send it again, or reach the person in another way.
bounce-no-way = The server could not be reached. Send it again later.
bounce-form = The server cannot take the message in this form. Send it as plain text or without its files.
bounce-rules = The server's rules do not let this message in. Reach the person in another way, or ask them to allow your address.
sending-after = When it steps in
sending-after-note = How long this account's own way is tried first.
sending-after-none = at once
sending-after-some = after { $time }

## Export

settings-export = Export
settings-export-note = All mail with its files, labels and rules, as mbox and JSON that other programs read, into a folder of your choice.
settings-export-begin = Export…
settings-export-again = Export again…
settings-export-running = { $done } of { $total } messages
settings-export-into = Into { $path }
settings-export-progress = How far the export is
settings-export-cancel = Cancel
settings-export-cancelling = Ending…
settings-export-done = { $n ->
    [one] One message exported into { $path }.
   *[other] { $shown } messages exported into { $path }.
}
settings-export-without = { $n ->
    [one] The text of one message is not here yet; it is only listed. Export again once the account is up to date.
   *[other] The text of { $shown } messages is not here yet; they are only listed. Export again once the accounts are up to date.
}
settings-export-show = Show the folder
settings-export-cancelled = The export was cancelled; nothing of it was left behind.
settings-export-failed = The export came to a stop.
settings-export-by-bell = In a terminal, the same is done by
said-export-no-room = there is no room left for { $path }; free some space, or choose a folder on another disk
said-export-forbidden = Deskbell may not write { $path }; choose a folder of your own
said-export-running = an export is under way already; wait for its end, or cancel it first
said-export-none = nothing was exported since Deskbell started

## What servers say about sending

said-send-no-mailbox = there is no such mailbox: { $address }
said-send-no-mailbox-words = there is no such mailbox: { $address } ({ $words })
said-send-no-domain = the domain of { $address } takes no mail or does not exist
said-send-no-domain-words = the domain of { $address } takes no mail or does not exist ({ $words })
said-send-address-unread = the server cannot read the address { $address }
said-send-address-unread-words = the server cannot read the address { $address } ({ $words })
said-send-mailbox-full = the mailbox of { $address } is full
said-send-mailbox-full-words = the mailbox of { $address } is full ({ $words })
said-send-mailbox-off = the mailbox of { $address } is switched off
said-send-mailbox-off-words = the mailbox of { $address } is switched off ({ $words })
said-send-too-many = the server takes no more recipients in one message; it goes to { $address } separately
said-send-too-many-words = the server takes no more recipients in one message; it goes to { $address } separately ({ $words })
said-send-no-relay = the server does not hand mail on to { $address } for this account; check the sign-in
said-send-no-relay-words = the server does not hand mail on to { $address } for this account; check the sign-in ({ $words })
said-send-not-now = { $address } is not taken at the moment
said-send-not-now-words = { $address } is not taken at the moment ({ $words })
said-send-address-refused = the server refused { $address }
said-send-address-refused-words = the server refused { $address } ({ $words })
said-send-too-large = the message is too large for this server; remove a file or send a link
said-send-too-large-words = the message is too large for this server; remove a file or send a link ({ $words })
said-send-not-as = the server does not let this account send as { $sender }; choose another sender
said-send-not-as-words = the server does not let this account send as { $sender }; choose another sender ({ $words })
said-send-wants-sign-in = the server wants a sign-in first; check user name and password
said-send-wants-sign-in-words = the server wants a sign-in first; check user name and password ({ $words })
said-send-limit = the server's limit for sending is used up
said-send-limit-words = the server's limit for sending is used up ({ $words })
said-send-unwanted = the server takes the message for unwanted or harmful
said-send-unwanted-words = the server takes the message for unwanted or harmful ({ $words })
said-send-rules = the server's rules do not allow this message
said-send-rules-words = the server's rules do not allow this message ({ $words })
said-send-form = the server cannot carry the message in this form
said-send-form-words = the server cannot carry the message in this form ({ $words })
said-send-message-not-now = the server does not take the message at the moment
said-send-message-not-now-words = the server does not take the message at the moment ({ $words })
said-send-message-refused = the server refused the message
said-send-message-refused-words = the server refused the message ({ $words })
said-send-larger = the message has { $size } and this server takes at most { $limit }; remove a file or send a link
said-send-letters = this server cannot carry the letters in { $address }; ask for an address in plain letters
said-send-letters-headers = this server cannot carry the letters in the message's headers
said-send-its-letters = the server cannot carry its letters
said-send-ascii = this server carries plain ASCII only; the message must be encoded
said-send-no-sender-address = “{ $address }” is no address to send from; check the sender
said-send-no-address = “{ $address }” is no mail address; correct it
said-send-not-an-address = this is no mail address
said-send-nobody = the message is for nobody; add a recipient
said-send-interrupted = Deskbell ended while this message was being sent; it is looked for before it is sent again
said-send-no-way = no account can send this message: enter an outgoing mail server in the account's settings
said-send-file-unread = the file “{ $name }” cannot be read: { $why }; attach it again
said-attachment-missing = an attachment file is missing: { $why }
said-attachment-damaged = an attachment file was changed or damaged
said-send-sign-in = sending: the sign-in was refused: { $why }
said-send-no-smtp = the server sent something that is not SMTP
said-send-broke = { $why } before it said whether it took the message

## How far back mail is kept here

account-history = Keep on this computer
account-history-all = Everything your provider has is kept here too.
account-history-note = Older mail is not kept here; your provider has all of it.
account-history-forgets = Older mail is forgotten on this computer, and on this computer only: it stays with your provider, can no longer be searched here, and comes back when you choose more. What is starred, a draft or still to be sent stays.
account-history-fetches = Older mail is fetched from your provider, newest first.
history-all = all mail
history-years = the last 3 years
history-year = the last year
history-quarter = the last 3 months
history-month = the last month
history-days = { $n ->
    [one] the last day
   *[other] the last { $n } days
}
health-complete-window = Kept on this computer: { $span }.
