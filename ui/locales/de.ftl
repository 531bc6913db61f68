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

## Erster Start

welcome-title = Willkommen bei Deskbell
welcome-lead = Alle Kunden in einem Posteingang. Alles bleibt auf diesem Computer und geht auch ohne Netz.
welcome-choices = Womit möchten Sie beginnen?
welcome-mail-title = Mailkonto hinzufügen
welcome-mail-text = Gmail, iCloud, Zoho, eigene Domain: jedes Postfach, das IMAP spricht.
welcome-import-title = Mail importieren
welcome-import-text = Eine mbox-Datei, ein Maildir oder ein Ordner mit .eml-Dateien.
welcome-sample-title = Mit Beispieldaten umsehen
welcome-sample-text = Erst einmal einen belebten Empfang ansehen. Nichts verlässt diesen Computer.
welcome-sample-busy = Der Beispiel-Empfang wird vorbereitet …
welcome-sample-failed = Die Beispieldaten ließen sich nicht öffnen. { $reason }
welcome-privacy = Passwörter kommen in den Schlüsselbund des Systems. Nur dieser Computer liest Ihre Mail.
welcome-read-only = Ein anderes Deskbell-Fenster benutzt dieses Profil. Schließen Sie es, um hier ein Konto hinzuzufügen.

## Konten

accounts-list = Ihre Konten
accounts-add-mail = Mailkonto hinzufügen
accounts-import = Mail importieren
accounts-back = Alle Konten
accounts-empty-title = Noch kein Konto
accounts-empty-text = Fügen Sie ein Mailkonto hinzu oder importieren Sie vorhandene Mail, dann erscheint es hier.
accounts-failed = Die Konten ließen sich nicht lesen. { $reason }
accounts-state-new = Noch nicht angesehen
accounts-state-ok = Aktuell
accounts-state-syncing = Mail wird geholt
accounts-state-waiting = Angemeldet, wartet auf den ersten Abgleich
accounts-state-offline = Offline
accounts-state-sign-in = Neues Passwort nötig
accounts-state-paused = Angehalten
accounts-state-storage = Der Datenträger ist voll
accounts-state-error = Braucht Aufmerksamkeit
accounts-state-imported = Importiert
accounts-help-offline = Der Server ist nicht erreichbar. Alles bisher Geholte ist lesbar; Deskbell versucht es weiter.
accounts-help-sign-in = Der Server hat das Passwort abgelehnt. Mit dem neuen geht es weiter.
accounts-help-paused = Bis Sie fortsetzen, wird keine Mail geholt und keine Änderung zurückgeschrieben.
accounts-help-storage = Schaffen Sie Platz und gleichen Sie dann ab. Von dem Geholten geht nichts verloren.
accounts-help-error = Der letzte Abgleich brach ab. Was vorher geholt wurde, ist sicher.
accounts-synced = Vollständig, Stand { $when }
accounts-synced-never = Noch nicht vollständig
accounts-next = nächster Blick { $when }
accounts-next-soon = nächster Blick gleich
accounts-pending = { $count ->
    [one] Eine Änderung wartet aufs Zurückschreiben.
   *[other] { $count } Änderungen warten aufs Zurückschreiben.
}
accounts-local-only = Ihre Änderungen bleiben hier; die importierten Dateien werden nie verändert.
accounts-sync = Jetzt abgleichen
accounts-read-again = Neu einlesen
accounts-pause = Anhalten
accounts-resume = Fortsetzen
accounts-remove = Entfernen …
accounts-actions = Aktionen für { $name }
accounts-failed-action = Das hat nicht geklappt. { $reason }
accounts-progress-count = { $done } von { $total } Nachrichten
accounts-progress-open = { $done } Nachrichten
accounts-progress-left = noch etwa { $time }
accounts-progress-label = Abgleich von { $name }
accounts-password = Neues Passwort für { $name }
accounts-password-save = Anmelden
accounts-password-busy = Anmeldung läuft …

remove-title = { $name } entfernen?
remove-erases = Von diesem Computer wird gelöscht:
remove-erases-mail = { $count ->
    [0] die Mail mit allen Anhängen
    [one] die eine Unterhaltung mit allen Anhängen
   *[other] die { $count } Unterhaltungen mit allen Anhängen
}
remove-erases-search = der zugehörige Teil des Suchindex
remove-erases-password = das Passwort im Schlüsselbund
remove-loses-pending = { $count ->
    [one] eine Änderung, die noch nicht zurückgeschrieben ist
   *[other] { $count } Änderungen, die noch nicht zurückgeschrieben sind
}
remove-keeps-server = Auf dem Server wird nichts gelöscht: Fügen Sie das Konto wieder hinzu, kommt alles zurück.
remove-keeps-file = Die importierten Dateien bleiben, wo sie sind.
remove-cancel = Behalten
remove-confirm = Von diesem Computer löschen
remove-busy = Wird gelöscht …

mail-form-title = Mailkonto hinzufügen
mail-form-lead = Tippen Sie die Adresse; Deskbell schlägt den Rest vor.
mail-form-address = Mailadresse
mail-form-address-example = studio@example.com
mail-form-password = Passwort
mail-form-password-note = Liegt im Schlüsselbund des Systems, nie in einer Datei.
mail-form-password-show = Passwort zeigen
mail-form-password-hide = Passwort verbergen
mail-form-server = Server
mail-form-server-summary = { $host }, Port { $port }, { $security }
mail-form-server-edit = Ändern
mail-form-server-waiting = Erscheint, sobald die Adresse vollständig ist.
mail-form-server-looking = Einstellungen werden gesucht …
mail-form-server-unknown = Zu dieser Adresse sind keine Einstellungen bekannt. Fragen Sie Ihren Anbieter nach seinem IMAP-Server.
mail-form-host = IMAP-Server
mail-form-port = Port
mail-form-security = Verschlüsselung
mail-form-user = Benutzername
mail-form-user-note = Meist die ganze Mailadresse.
mail-form-name = Name in Deskbell
mail-form-name-note = Bleibt das Feld leer, steht dort die Adresse.
mail-form-security-tls = TLS
mail-form-security-starttls = STARTTLS
mail-form-security-none = keine
mail-form-security-note = Ohne Verschlüsselung geht nur ein Server auf diesem Computer.
mail-form-reset = Vorschlag übernehmen
mail-form-submit = Anmelden und Mail holen
mail-form-busy = Anmeldung läuft …

mail-form-address-missing = Tragen Sie die Mailadresse ein, etwa studio@example.com.
mail-form-password-missing = Tragen Sie das Passwort ein.
mail-form-host-missing = Tragen Sie den Namen des IMAP-Servers ein, etwa imap.example.com.
mail-form-port-wrong = Tragen Sie einen Port von 1 bis 65535 ein; üblich ist 993.
mail-form-refused = Die Anmeldung wurde abgelehnt
mail-form-unreachable = Der Server ist nicht erreichbar
mail-form-stopped = Das Konto wurde nicht hinzugefügt

import-title = Mail importieren
import-lead = Die Mail wird in Deskbell kopiert, zu Unterhaltungen geordnet und durchsuchbar gemacht. Die Dateien bleiben, wie sie sind; zweimal importieren fügt nichts doppelt hinzu.
import-file-title = Eine Datei
import-file-text = Eine mbox-Datei, wie Thunderbird, Apple Mail oder Google Takeout sie ausgeben.
import-folder-title = Ein Ordner
import-folder-text = Ein Maildir oder ein Ordner mit .eml-Dateien.
import-picking = Wartet auf Ihre Auswahl …
import-picked = Gewählt
import-name = Name in Deskbell
import-name-note = Bleibt das Feld leer, steht dort der Name der Datei.
import-submit = Importieren
import-busy = Der Import beginnt …
import-stopped = Der Import begann nicht

## Zustand

health-lead-ok = Alles ist hier und aktuell.
health-lead-waiting = Alles läuft; es kommt noch Mail an.
health-lead-problem = { $count ->
    [one] Ein Konto braucht Sie.
   *[other] { $count } Konten brauchen Sie.
}
health-lead-offline = { $count ->
    [one] Ein Konto ist offline. Das Geholte ist lesbar.
   *[other] { $count } Konten sind offline. Das Geholte ist lesbar.
}
health-lead-paused = { $count ->
    [one] Ein Konto ist angehalten.
   *[other] { $count } Konten sind angehalten.
}
health-empty-title = Noch nichts zu beobachten
health-empty-text = Sobald ein Konto da ist, zeigt diese Seite, ob seine ganze Mail hier ist.
health-empty-action = Mailkonto hinzufügen
health-failed = Der Zustand ließ sich nicht lesen. { $reason }
health-total-messages = Nachrichten
health-total-conversations = Unterhaltungen
health-total-database = Datenbank
health-total-blobs = Anhänge
health-last = Zuletzt vollständig
health-next = Nächster Blick
health-never = nie
health-now = läuft
health-none = nicht geplant
health-usual = Üblicher Abgleich
health-usual-unknown = noch keiner
health-fix-password = Neues Passwort eingeben
health-fix-resume = Fortsetzen
health-fix-sync = Jetzt versuchen
health-fix-storage = Platz geschaffen, weiter
health-complete = Ist alles hier?
health-complete-all = { $count ->
    [one] Ja. Der eine Ordner stimmt mit dem Server überein, Nachricht für Nachricht.
   *[other] Ja. Alle { $count } Ordner stimmen mit dem Server überein, Nachricht für Nachricht.
}
health-complete-all-imported = Ja. Alles aus den Dateien ist hier.
health-complete-imported = Alles aus den Dateien Gelesene ist hier.
health-complete-part = { $missing } von { $total } Nachrichten kommen noch.
health-complete-bodies = { $count ->
    [one] Alle Nachrichten sind gelistet; der Text von einer kommt noch.
   *[other] Alle Nachrichten sind gelistet; der Text von { $count } kommt noch.
}
health-complete-unknown = { $count ->
    [one] Ein Ordner ist noch nicht gezählt.
   *[other] { $count } Ordner sind noch nicht gezählt.
}
health-complete-extra = { $count ->
    [one] Eine Nachricht ist auf dem Server weg und bis zum nächsten Abgleich noch hier.
   *[other] { $count } Nachrichten sind auf dem Server weg und bis zum nächsten Abgleich noch hier.
}
health-complete-empty = Noch ist kein Postfachordner bekannt.
health-col-mailbox = Ordner
health-col-server = Auf dem Server
health-col-source = In den Dateien
health-col-here = Hier
health-col-bodies = Texte fehlen
health-col-checked = Geprüft
health-col-state = Stand
health-scope-complete = vollständig
health-scope-missing = { $count } kommen noch
health-scope-extra = { $count } mehr als dort
health-scope-unknown = nicht gezählt
health-scope-bodies = Texte kommen noch
health-more-scopes = Alle { $count } Ordner zeigen
health-breakers = Nach Fehlern angehalten
health-breaker-pull = Mail holen
health-breaker-edit = Änderungen zurückschreiben
health-breaker-failures = { $count ->
    [one] ein Fehler
   *[other] { $count } Fehler in Folge
}
health-breaker-retry = nächster Versuch { $when }
health-runs = Abgleiche
health-runs-chart = So lange dauerten die letzten { $count } Abgleiche: meist { $usual }, höchstens { $longest }; { $failed ->
    [0] keiner schlug fehl.
    [one] einer schlug fehl.
   *[other] { $failed } schlugen fehl.
}
health-runs-chart-failing = Keiner der letzten { $count } Abgleiche kam durch; der längste dauerte { $longest }.
health-runs-scale = Jeder Balken ist ein Abgleich, der letzte rechts. Achtung, Maßstab: Jede Linie ist sechs- oder zehnmal so viel wie die darunter.
health-runs-empty = Noch kein Abgleich gelaufen.
health-runs-table = Die { $count } Abgleiche als Tabelle
health-run-started = Beginn
health-run-took = Dauer
health-run-outcome = Ergebnis
health-run-added = Neu
health-run-changed = Geändert
health-run-removed = Weg
health-run-running = läuft
health-run-ok = fertig
health-run-offline = offline
health-run-sign-in = Anmeldung abgelehnt
health-run-stopped = abgebrochen
health-run-error = fehlgeschlagen
health-quarantine = { $count ->
    [one] Eine Nachricht war nicht lesbar
   *[other] { $count } Nachrichten waren nicht lesbar
}
health-quarantine-note = Ihr Quelltext bleibt erhalten, und sie halten nichts anderes auf.
health-quarantine-open = Öffnen

## Einstellungen

settings-look = Darstellung
settings-theme = Farben
settings-theme-system = Wie das System
settings-theme-light = Hell
settings-theme-dark = Dunkel
settings-language = Sprache
settings-language-system = Wie das System
settings-language-note = Datum und Zahlen folgen der Sprache.
settings-accounts-none = Noch kein Konto
settings-accounts-count = { $count ->
    [one] Ein Konto
   *[other] { $count } Konten
}
settings-accounts-open = Konten verwalten
settings-keyboard = Tastatur
settings-shortcuts = Alle Kürzel
settings-shortcuts-open = Zeigen
settings-palette = Jeder Befehl mit Namen
settings-palette-open = Öffnen
settings-about = Über Deskbell
settings-version = Version
settings-profile = Profil
settings-profile-note = In diesem Ordner liegen alle Mails und Anhänge. Passwörter liegen im Schlüsselbund des Systems.
settings-profile-copy = Pfad kopieren
settings-profile-copied = Pfad kopiert
settings-read-only = Nur lesen: Ein anderes Deskbell-Fenster benutzt dieses Profil.
settings-unknown = Version und Profil ließen sich nicht lesen.
