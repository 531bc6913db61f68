### Deskbells Wörter auf Deutsch. Jeder Schlüssel steht auch in en.ftl.

## Überall
loading = Wird geladen …
try-again = Noch einmal
try-now = Jetzt versuchen
cancel = Abbrechen
undo = Rückgängig
undone = Zurückgenommen
dismiss = Schließen
understood = Verstanden
notes = Hinweise
screen-failed = Diese Ansicht ließ sich nicht laden. Ihre Post ist sicher.
skip-to-content = Zum Inhalt springen

## Fehlschläge
failed-invalid = Eine Angabe passt nicht. Meldung: „{ $reason }“
failed-sign_in = Die Anmeldung wurde abgelehnt. Meldung: „{ $reason }“
failed-certificate = Der Server weist sich mit einem unbekannten Zertifikat aus. Meldung: „{ $reason }“
failed-offline = Es besteht keine Verbindung. Meldung: „{ $reason }“
failed-rejected = Der Server hat das abgelehnt. Meldung: „{ $reason }“
failed-no_sender = Noch kann kein Konto senden. Meldung: „{ $reason }“
failed-duplicate = { $reason }
failed-not_found = Das ist nicht mehr da. Meldung: „{ $reason }“
failed-read_only = Dieses Profil ist in einem anderen Deskbell geöffnet. Schließen Sie jenes, um etwas zu ändern. Meldung: „{ $reason }“
failed-storage = Auf die Daten dieses Computers konnte nicht zugegriffen werden. Meldung: „{ $reason }“
failed-internal = Das ist ein Fehler in Deskbell. Meldung: „{ $reason }“

## Zeit
yesterday = Gestern
today-at = Heute, { $time }
yesterday-at = Gestern, { $time }
age-now = jetzt
age-minutes = { $n } Min.
age-hours = { $n } Std.
age-days = { $n } T.
lasts-seconds = { $n } Sek.
lasts-minutes = { $n } Min.
lasts-hours = { $n } Std. { $m } Min.

## Leiste
rail = Orte
accounts = Konten
screen-health = Zustand
brand = Deskbell
brand-unread = Deskbell ({ $n })
details-message-id = Message-ID
unit-megabytes = MB
rule-header-example = X-Priority
client-issuer-example = https://login.example.org
client-page-example = https://studio.example/signed-in
screen-settings = Einstellungen
resize-rail = Breite der Leiste
resize-list = Breite der Liste
resize-context = Breite der Einzelheiten
view-inbox = Posteingang
view-unread = Ungelesen
view-starred = Markiert
view-sent = Gesendet
view-drafts = Entwürfe
view-archived = Archiv
view-spam = Spam
view-trash = Papierkorb
view-all = Alle Mails
counted-unread = { " " }ungelesen
counted-total = { " " }darin
counted-trouble = { " " }brauchen Sie
all-fresh = Alle Mails bis { $time }
never-synced = Noch nicht abgeglichen
read-at = Eingelesen: { $when }
synced-at = Vollständig, Stand { $when }

## Meldungen
read-only = Ein anderes Deskbell benutzt dieses Profil. Sie können hier alles lesen, aber nichts ändern, bis es geschlossen ist.
offline-since = Keine Verbindung. Sie sehen Ihre Post vom Stand { $time }; Ihre Änderungen werden später übertragen.
offline-never = Keine Verbindung. Ihre Post kommt, sobald sie erreichbar ist.
trouble-sign_in_needed = { $name } braucht ein neues Passwort, bevor neue Post kommen kann.
trouble-browser = { $name } ist abgemeldet; neue Post kommt erst, wenn Sie sich neu anmelden.
trouble-admin = { $name }: { $why }
trouble-storage_full = Die Festplatte ist voll, deshalb kann { $name } keine Post holen. Bitte Platz schaffen.
trouble-error = { $name } lässt sich nicht abgleichen.
sign-in-again = Neu anmelden
look-into-it = Ansehen

## Erster Abgleich
first-sync = { $name } wird geholt
first-sync-scope = { $name } wird geholt: { $scope }
sync-count = { $done } von { $total }
sync-done = { $done } geholt
sync-left = noch etwa { $time }
sync-usable = Schon nutzbar; ältere Post folgt.

## Befehle
group-go = Gehe zu
group-move = Umsehen
group-edit = Post bearbeiten
group-window = Fenster
command-go-view = Gehe zu { $view }
command-go-health = Gehe zu Zustand
command-go-settings = Gehe zu Einstellungen
command-go-accounts = Gehe zu Konten
command-add-account = Konto hinzufügen
command-import-mail = Post importieren
command-search = Suchen
command-next = Nächste Unterhaltung
command-previous = Vorige Unterhaltung
command-open = Öffnen
command-back = Zurück
command-select = Auswählen
command-extend-down = Auch die nächste auswählen
command-extend-up = Auch die vorige auswählen
command-select-all = Alle auswählen
command-page-down = Unterhaltung weiterblättern
command-page-up = Unterhaltung zurückblättern
command-print = Unterhaltung drucken
command-unfold = Alle Nachrichten auf- oder zuklappen
command-archive = Archivieren
command-trash = In den Papierkorb
command-spam = Als Spam einordnen
command-to-inbox = In den Posteingang
command-star = Markieren oder Markierung entfernen
command-read = Als gelesen kennzeichnen
command-unread = Als ungelesen kennzeichnen
command-undo = Rückgängig machen
command-palette = Alle Befehle
command-shortcuts = Tastenkürzel
command-sync = Jetzt abgleichen
command-context = Einzelheiten ein- oder ausblenden
command-theme-light = Helles Aussehen
command-theme-dark = Dunkles Aussehen
command-theme-system = Aussehen wie im System
palette-search = Was möchten Sie tun?
palette-none = Kein Befehl passt.

## Änderungen
edited-read = { $n ->
    [one] Als gelesen gekennzeichnet
   *[other] { $n } Unterhaltungen als gelesen gekennzeichnet
}
edited-unread = { $n ->
    [one] Als ungelesen gekennzeichnet
   *[other] { $n } Unterhaltungen als ungelesen gekennzeichnet
}
edited-star = { $n ->
    [one] Markiert
   *[other] { $n } Unterhaltungen markiert
}
edited-unstar = { $n ->
    [one] Markierung entfernt
   *[other] Markierung von { $n } Unterhaltungen entfernt
}
edited-archive = { $n ->
    [one] Archiviert
   *[other] { $n } Unterhaltungen archiviert
}
edited-inbox = { $n ->
    [one] In den Posteingang gelegt
   *[other] { $n } Unterhaltungen in den Posteingang gelegt
}
edited-trash = { $n ->
    [one] In den Papierkorb gelegt
   *[other] { $n } Unterhaltungen in den Papierkorb gelegt
}
edited-spam = { $n ->
    [one] Als Spam eingeordnet
   *[other] { $n } Unterhaltungen als Spam eingeordnet
}

## Liste
conversations = Unterhaltungen
search-label = Alles durchsuchen
search-clear = Suche leeren
search-results = Suchergebnisse
search-help = So wird gesucht
search-help-text = Wörter in beliebiger Folge, oder genauer:
operator-from = wer geschrieben hat
operator-to = wer empfangen hat
operator-subject = Wörter im Betreff
operator-account = Name eines Kontos
operator-attachment = mit Dateien
operator-unread = noch ungelesen
operator-starred = markiert
operator-snoozed = zurückgestellt
operator-label = trägt dieses Etikett
operator-in = inbox, sent, archived, spam, trash, anywhere
operator-before = älter als ein Tag: 2026-03-31
operator-after = neuer als ein Tag
operator-phrase = genau diese Wörter
operator-not = ohne dieses Wort
operator-prefix = Wörter mit diesem Anfang
not-searched = { $n ->
    [one] Der Text einer Nachricht ist noch nicht geholt und wurde nicht durchsucht.
   *[other] Der Text von { $shown } Nachrichten ist noch nicht geholt und wurde nicht durchsucht.
}
nothing-found = Nichts gefunden zu „{ $query }“
nothing-found-text = Versuchen Sie weniger Wörter oder einen Wortanfang.
nothing-found-beyond = Spam und Papierkorb blieben außen vor. Sonst hilft: weniger Wörter oder der Anfang eines Wortes.
search-anywhere = Auch Spam und Papierkorb durchsuchen
did-you-mean = Meinten Sie „{ $word }“?
search-all-accounts = In allen Konten suchen
conversation-count = { $n ->
    [0] leer
    [one] 1 Unterhaltung
   *[other] { $shown } Unterhaltungen
}
show-all-accounts = Alle Konten zeigen
show-all-mail = Alle Mails zeigen
mail-coming = Ihre Post ist unterwegs
mail-coming-text = Die neuesten Unterhaltungen erscheinen gleich zuerst hier.
empty-inbox = Alles erledigt
empty-inbox-text = Nichts wartet auf Sie. Neue Post erscheint hier von selbst.
empty-unread = Alles gelesen
empty-unread-text = Neue Post erscheint hier von selbst.
empty-starred = Noch nichts markiert
empty-starred-text = Mit S markieren Sie eine Unterhaltung und finden sie hier wieder.
empty-sent = Noch nichts gesendet
empty-sent-text = Was Sie geschrieben haben, steht hier nach dem Abgleich.
empty-drafts = Keine Entwürfe
empty-drafts-text = Was Sie zu schreiben beginnen, bleibt hier, bis Sie es senden.
empty-archived = Nichts archiviert
empty-archived-text = Mit E legen Sie eine Unterhaltung weg. Sie bleibt auffindbar.
empty-spam = Kein Spam
empty-spam-text = Was Ihr Server oder Sie als Spam einordnen, steht hier.
empty-trash = Der Papierkorb ist leer
empty-trash-text = Gelöschtes steht hier, bis Ihr Server es entfernt.
empty-all = Noch keine Post
empty-all-text = Fügen Sie ein Konto hinzu oder importieren Sie Post: Alles steht dann hier.
load-more-again = Den Rest noch einmal laden
select-one = { $people } auswählen
unread-mark = Ungelesen:{ " " }
message-count = { $n ->
    [one] 1 Nachricht
   *[other] { $n } Nachrichten
}
no-subject = (kein Betreff)
nobody = Unbekannt
own-preview = Sie: { $preview }
own-to = Sie → { $people }
pending = Wartet auf Übertragung zum Server
quarantined-mark = Eine Nachricht war nicht lesbar
starred-mark = Markiert
attachment-count = { $n ->
    [one] 1 Datei
   *[other] { $n } Dateien
}
star = Markieren
unstar = Markierung entfernen
bulk = Ausgewählte Unterhaltungen
selected = { $n ->
    [one] 1 ausgewählt
   *[other] { $shown } ausgewählt
}
selected-text = Was Sie jetzt tun, gilt für alle und lässt sich zurücknehmen.
unselect = Auswahl aufheben

## Unterhaltung
conversation = Unterhaltung
conversation-acts = Aktionen
close-conversation = Schließen
none-open = Keine Unterhaltung offen
none-open-text = In der Liste anklicken, oder mit J und K auswählen und mit Enter öffnen.
conversation-gone = Diese Unterhaltung ist nicht mehr hier
conversation-gone-text = Ein anderes Programm hat sie gelöscht oder verschoben.
earlier-messages = { $n ->
    [one] Eine ältere Nachricht steht hier nicht. Die Suche findet sie.
   *[other] { $shown } ältere Nachrichten stehen hier nicht. Die Suche findet sie.
}
unfold-all = Alle Nachrichten aufklappen
fold-all = Alle bis auf die letzte zuklappen
draft = Entwurf
to-you = Sie
to-names = an { $names }
to-more = an { $names } und { $n } weitere
head-from = Von
head-to = An
head-cc = Cc
head-bcc = Bcc
head-reply-to = Antwort an
head-date = Datum
head-subject = Betreff
head-mailboxes = Liegt in
message-text = Nachricht von { $from }
images-blocked = { $hosts ->
    [one] Bilder von einem anderen Server sind blockiert
   *[other] Bilder von { $hosts } anderen Servern sind blockiert
}
images-failed = { $n ->
    [one] Ein Bild von einem anderen Server ließ sich nicht holen
   *[other] { $n } Bilder von anderen Servern ließen sich nicht holen
}
images-coming = Werden geholt …
images-show = Anzeigen
suspicious = { $n ->
    [one] Ein Link führt hier woandershin, als er sagt
   *[other] { $n } Links führen hier woandershin, als sie sagen
}
suspicious-link = „{ $text }“ führt zu { $href }
quarantined = Diese Nachricht war nicht sicher lesbar. Ihr Quelltext ist aufbewahrt.
body-coming = Der Text wird geholt und erscheint hier von selbst.
body-offline = Der Text war noch nicht geholt, als die Verbindung abbrach. Er kommt, sobald Sie online sind.
attachments = Dateien
attachment-show = { $name } ansehen
attachment-open = { $name } öffnen
dropped-mbox = Wählen Sie „{ $name }“ hier aus, um es zu importieren.
dropped-folder = Wählen Sie den Ordner „{ $name }“ hier aus, um ihn zu importieren.
dropped-other = „{ $name }“ ist keine Mail. Zum Anhängen legen Sie es auf eine Nachricht, die Sie schreiben.
given-note = Aus der Datei gezeigt; nichts wird importiert
given-import = Importieren …
given-import-into = Importieren in
given-import-new = Eine neue Sammlung
given-collection = Importierte Post
attachment-choose = Programm für { $name } wählen
attachment-opened = { $name } ist in einem eigenen Programm offen. Änderungen bleiben dort.
attachment-save = { $name } speichern
attachment-saved = Gespeichert unter { $path }
preview-place = { $at } von { $of }
preview-previous = Vorige Datei
preview-next = Nächste Datei
preview-no-picture = Dieses Bild lässt sich hier nicht zeigen. Öffnen Sie es in einem eigenen Programm oder speichern Sie es.
preview-cut = Es geht noch weiter. Speichern Sie die Datei, um alles zu lesen.
risk-title = Diese Datei öffnen?
risk-program = Das ist ein Programm oder startet eines. Einmal geöffnet, kann es alles, was Sie können: Ihre Dateien lesen, ändern und verschicken.
risk-macros = Dieses Dokument bringt Makros mit: kleine Programme, die laufen, sobald Sie die Bearbeitung erlauben.
risk-page = Das ist eine Webseite. Seiten, die per Mail kommen, ahmen oft eine Anmeldung nach, um an Passwörter zu gelangen.
risk-unknown = Deskbell kennt diese Art Datei nicht und kann nicht sagen, was beim Öffnen geschieht.
risk-ask = Wenn Sie sie nicht erwartet haben, fragen Sie erst nach bei { $name }, am besten am Telefon.
risk-leave = Nicht öffnen
risk-save = Nur speichern
risk-open = Trotzdem öffnen
invitation-request = Einladung
invitation-reply = Antwort auf eine Einladung
invitation-counter = Anderer Termin vorgeschlagen
invitation-publish = Termin
invitation-cancel = Abgesagt
invitation-no-summary = (ohne Titel)
invitation-local = In Ihrer Zeitzone; geschrieben in { $zone }
invitation-floating = Ortszeit in { $zone }
invitation-daily = jeden Tag
invitation-weekly = jede Woche
invitation-monthly = jeden Monat
invitation-yearly = jedes Jahr
invitation-often = wiederholt sich
invitation-more = { $n ->
    [one] Ein weiterer Termin steht in der Datei.
   *[other] { $n } weitere Termine stehen in der Datei.
}
invitation-open = Im Kalender öffnen

## Einzelheiten
context = Einzelheiten
reachable = Erreichbar über
also-said = Weitere Unterhaltungen
conversations-with = { $n ->
    [one] 1 Unterhaltung
   *[other] { $shown } Unterhaltungen
}
show-all-with = Alle zeigen
copy-address = Adresse kopieren
address-copied = Adresse kopiert
more-people = { $n ->
    [one] und eine weitere Person
   *[other] und { $n } weitere Personen
}

## Links
link-title = Diesen Link öffnen?
link-open = Im Browser öffnen
link-copy = Kopieren
link-copied = Link kopiert
link-plain = Diese Adresse ist unverschlüsselt: Andere unterwegs können mitlesen.
link-lookalike = Diese Adresse ahmt vielleicht eine andere nach. Sehen Sie genau hin.
link-unknown = Deskbell öffnet nur Web-, Mail- und Telefonadressen. Diese können Sie kopieren.

## In einer Mail
frame-show-quoted = Zitierten Text zeigen
frame-cut = Diese Nachricht ist sehr lang. Der Rest wird hier nicht gezeigt.

## Erster Start

welcome-title = Willkommen bei Deskbell
welcome-lead = Alle Kunden in einem Posteingang, der auf diesem Computer liegt und auch ohne Netz geht.
welcome-choices = Womit möchten Sie beginnen?
welcome-mail-title = Mailkonto hinzufügen
welcome-mail-text = Gmail, Outlook, Yahoo, iCloud, eigene Domain: mit Anmeldung im Browser oder mit Passwort.
welcome-import-title = Mail importieren
welcome-import-text = Eine mbox-Datei, ein Maildir oder ein Ordner mit .eml-Dateien.
welcome-sample-title = Mit Beispieldaten umsehen
welcome-sample-text = Erst einmal einen belebten Empfang ansehen. Nichts verlässt diesen Computer.
welcome-sample-busy = Der Beispiel-Empfang wird vorbereitet …
welcome-sample-failed = Die Beispieldaten ließen sich nicht öffnen.
sample-banner = Beispieldaten: Leute und Post von Inkwell Studio sind erfunden, und nichts wird an irgendwen gesendet.
sample-leave = Beispiel verlassen
sample-left = Das Beispiel ist weg.
welcome-privacy = Passwörter kommen in den Schlüsselbund des Systems. Mail kommt direkt vom Anbieter auf diesen Computer.
welcome-read-only = Ein anderes Deskbell-Fenster benutzt dieses Profil. Schließen Sie es, um hier ein Konto hinzuzufügen.

## Konten

accounts-list = Ihre Konten
accounts-add-mail = Mailkonto hinzufügen
accounts-import = Mail importieren
accounts-back = Alle Konten
accounts-empty-title = Noch kein Konto
accounts-empty-text = Fügen Sie ein Mailkonto hinzu oder importieren Sie vorhandene Mail, dann erscheint es hier.
accounts-failed = Die Konten ließen sich nicht lesen.
accounts-state-new = Noch nicht angesehen
accounts-state-ok = Aktuell
accounts-state-syncing = Mail wird geholt
accounts-state-waiting = Angemeldet, wartet auf den ersten Abgleich
accounts-state-again = Wartet auf den Abgleich
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
accounts-next = nächster Abgleich { $when }
accounts-next-soon = nächster Abgleich in Kürze
accounts-pending = { $count ->
    [one] Eine Änderung wartet aufs Zurückschreiben.
   *[other] { $count } Änderungen warten aufs Zurückschreiben.
}
accounts-own = Ihre Adresse darin: { $address }
accounts-own-nobody = Keine Adresse darin gehört Ihnen, darum gilt nichts davon als von Ihnen geschrieben.
accounts-own-change = Ändern
save = Speichern
accounts-local-only = Ihre Änderungen bleiben hier; die importierten Dateien werden nie verändert.
accounts-only-sends = Sendet nur: Mit diesem Konto wird nichts empfangen.
accounts-sync = Jetzt abgleichen
accounts-read-again = Neu einlesen
accounts-pause = Anhalten
accounts-resume = Fortsetzen
accounts-remove = Entfernen …
accounts-actions = Aktionen für { $name }
accounts-failed-action = Das hat nicht geklappt.
accounts-progress-count = { $done } von { $total } Nachrichten
accounts-progress-open = { $done } Nachrichten
accounts-progress-left = noch etwa { $time }
accounts-progress-label = Abgleich von { $name }
accounts-password = Neues Passwort für { $name }
accounts-password-save = Anmelden
accounts-password-busy = Anmeldung läuft …
accounts-state-browser = Anmeldung nötig
accounts-help-browser = Die Anmeldung ist abgelaufen oder wurde entzogen. Melden Sie sich im Browser neu an; was geholt ist, bleibt.
accounts-change = Bearbeiten …
account-name = Name
account-color = Farbe
account-sender = Schreiben als
account-sender-note = Name, Adresse und Signatur, mit denen neue Nachrichten beginnen.
account-schedule = Nach Post sehen
account-schedule-note = Außerdem kommt neue Post sofort, wo der Anbieter sie meldet.
account-cron = Zeiten
account-cron-note = Ein Cron-Ausdruck aus fünf Feldern: Minute, Stunde, Tag, Monat, Wochentag.
account-move = { $name } verschieben
account-move-hint = Ziehen oder mit den Pfeiltasten bewegen
account-moved = { $name } ist jetzt { $place } von { $all }.
schedule-minutes-5 = Alle 5 Minuten
schedule-minutes-15 = Alle 15 Minuten
schedule-minutes-30 = Jede halbe Stunde
schedule-hourly = Jede Stunde
schedule-working = Alle 15 Minuten, werktags von 8 bis 19 Uhr
schedule-mornings = Einmal am Tag, um 8 Uhr
schedule-own = Zu eigenen Zeiten …
close = Schließen
removed-title = { $name } wurde entfernt
removed-lead = Von diesem Computer wurde gelöscht:
removed-messages = { $n ->
    [0] keine Nachricht
    [one] eine Nachricht, { $bytes }
   *[other] { $shown } Nachrichten, { $bytes }
}
removed-files = { $n ->
    [one] eine Datei
   *[other] { $shown } Dateien
}
removed-secrets = { $n ->
    [one] ein Passwort oder eine Anmeldung
   *[other] { $n } Passwörter und Anmeldungen
}
removed-keychain = der Schlüssel des Profils im Schlüsselbund, weil er nichts mehr öffnet

remove-title = { $name } entfernen?
remove-erases = Von diesem Computer wird gelöscht:
remove-erases-mail = { $count ->
    [0] die Mail mit allen Anhängen
    [one] die eine Unterhaltung mit allen Anhängen
   *[other] die { $count } Unterhaltungen mit allen Anhängen
}
remove-erases-search = der zugehörige Teil des Suchindex
remove-erases-password = das Passwort im Schlüsselbund
remove-erases-sign-in = die zugehörige Anmeldung
remove-revokes = Danach wird { $provider } gebeten, Deskbells Zugang zurückzunehmen; andere Computer, die dort mit derselben Client-ID angemeldet sind, müssen sich neu anmelden.
remove-leaves-sign-in = { $provider } lässt kein Programm den eigenen Zugang beenden: Beenden Sie ihn danach auf der Seite Ihres Kontos dort.
removed-sign-in-revoked = Deskbells Zugang wurde von { $provider } zurückgenommen.
removed-sign-in-failed = Deskbells Zugang konnte von { $provider } nicht zurückgenommen werden. Beenden Sie ihn auf der Seite Ihres Kontos dort.
removed-sign-in-by_hand = Deskbells Zugang besteht bei { $provider } weiter. Beenden Sie ihn auf der Seite Ihres Kontos dort.
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
oauth-google = Google
oauth-microsoft = Microsoft
oauth-yahoo = Yahoo
oauth-custom = OpenID Connect
proposals = Wege, es hinzuzufügen
proposal-browser = { $name }: im Browser mit { $provider } anmelden
proposal-app_password = { $name }: mit App-Passwort
proposal-bridge = { $name }: über Bridge auf diesem Computer
proposal-plain = { $name }: mit Passwort
proposal-manual = Die Server selbst eingeben
proposal-server = Im Browser anmelden, bei einem eigenen Server
proposal-server-route = OpenID Connect, wie Firmen und Schulen es nutzen · IMAP
mail-form-by-server = Stattdessen im Browser anmelden
proposal-api-imap = IMAP
proposal-api-gmail = Gmails eigene Schnittstelle
proposal-api-graph = Microsofts eigene Schnittstelle
proposal-source-preset = bekannter Anbieter
proposal-source-srv = von der Domain genannt
proposal-source-autoconfig = vom Anbieter genannt
proposal-source-mx = danach, wo ihre Post ankommt
proposal-source-guess = aus der Adresse geraten
proposal-unsafe = Das kam über eine Verbindung, die andere hätten ändern können. Vergleichen Sie es mit den Angaben Ihres Anbieters.
password-page = Seite öffnen
password-app_password-1 = Öffnen Sie die Seite und melden Sie sich dort an.
password-app_password-2 = Erzeugen Sie ein App-Passwort mit dem Namen Deskbell.
password-app_password-3 = Fügen Sie es unten ein; Leerzeichen stören nicht.
password-bridge-1 = Starten Sie Proton Mail Bridge und melden Sie sich dort an.
password-bridge-2 = Kopieren Sie das Passwort, das Bridge für dieses Postfach zeigt; es ist nicht Ihr Proton-Passwort.
password-bridge-3 = Fügen Sie es unten ein. Bridges eigenes Zertifikat wird einmal gezeigt, damit Sie ihm vertrauen können.
sign-in-with = Mit { $provider } anmelden
sign-in-note = Die Seite öffnet sich in Ihrem Browser. Deskbell sieht Ihr Passwort nie.
sign-in-server = Sie melden sich bei { $server } an.
sign-in-server-other = Bei einem anderen Server anmelden
sign-in-server-usual = Zurück zum Server aus den Einstellungen
sign-in-failed = Die Anmeldung hat nicht geklappt.
sign-in-waiting = Weiter im Browser: { $provider } fragt dort, ob Deskbell Ihre Post lesen und senden darf.
sign-in-working = { $provider } hat geantwortet. Es wird nachgesehen, welches Postfach es ist …
sign-in-left = noch { $time }
sign-in-unopened = Der Browser ging nicht auf. Kopieren Sie den Link und öffnen Sie ihn selbst.
sign-in-open = Seite noch einmal öffnen
sign-in-copy = Link kopieren
copied = Kopiert
sign-in-page-why = Ihre Seite zeigt die Antwort oder einen Link, der sie hierher bringt.
sign-in-page = Was Ihre Seite zeigt
sign-in-page-note = Kopieren Sie alles davon oder die Adresse der Seite.
sign-in-paste-why = Der Browser ist fertig, aber hier geschieht nichts?
sign-in-paste = Adresse der Seite, auf der er endete
sign-in-paste-note = Kopieren Sie die ganze Adresszeile des Browsers, auch wenn die Seite nicht angezeigt wurde.
sign-in-paste-missing = Fügen Sie die Adresse der Seite ein, auf der der Browser endete.
sign-in-paste-do = Damit weiter
sign-in-done = Bei { $name } angemeldet
sign-in-remedy-again = Neu anmelden
sign-in-remedy-ask_admin = Seite für die Verwaltung kopieren
sign-in-remedy-check_clock = Die Uhr stimmt jetzt: neu anmelden
sign-in-remedy-check_network = Das Netz ist da: neu anmelden
sign-in-remedy-client_id = Client-ID eingeben
sign-in-remedy-show_account = Konto zeigen
client-missing-title = Diese Fassung hat keinen eigenen Client
client-missing-text = { $provider } lässt nur Programme ein, die es an einer Client-ID erkennt. Erzeugen Sie einmal eine eigene; das dauert etwa zehn Minuten.
client-own-server-title = Der Anmeldeserver muss Deskbell kennen
client-own-server-text = Wer ihn verwaltet, trägt Deskbell einmal ein, wie unten beschrieben, und gibt Ihnen die Adresse des Servers und eine Client-ID.
client-step-ask = Bitten Sie um eine Client-ID für ein Desktop-Programm (ein öffentlicher, nativer Client mit PKCE).
client-of = Client-ID für { $provider }
client-step-make = Erzeugen Sie bei { $provider } eine Client-ID für ein Desktop-Programm.
client-guide = Seite öffnen
client-step-allow = Erlauben Sie ihr diese Rechte und tragen Sie diese Rückkehradressen ein.
client-scopes = Rechte (Scopes)
client-redirects = Rückkehradressen
client-redirects-page = { $provider } nimmt nur Rückkehradressen unter https: Tragen Sie dort eine eigene Seite ein und unten ihre Adresse.
client-copy = Kopieren: { $what }
client-step-enter = Geben Sie ein, was Sie dort erhalten.
client-redirect = Wie die Antwort zurückkommt
client-redirect-note = Wählen Sie die Adresse, die für diese Client-ID eingetragen ist.
client-redirect-loopback = An diesen Computer (http://127.0.0.1 oder http://localhost)
client-redirect-deep_link = Durch einen Link an Deskbell (deskbell://oauth/callback)
client-issuer = Adresse des Anmeldeservers (Issuer)
client-issuer-missing = Geben Sie die Adresse des Anmeldeservers ein, etwa https://login.example.org.
client-id = Client-ID
client-id-missing = Geben Sie die Client-ID ein, unter der dieser Server Deskbell kennt.
client-secret = Client-Geheimnis
client-secret-note = Nur, wo der Anbieter eines gibt.
client-secret-kept = Eines ist gespeichert. Bleibt das Feld leer, wird es beim Speichern entfernt.
client-page = Eine eigene Seite für die Antwort
client-page-note = Nur wo der Anbieter allein auf https-Adressen zurückleitet: die Adresse, die Sie dort eingetragen haben. In Deskbells Dokumenten liegt eine solche Seite, fertig zum Ablegen.
client-kept = Client-ID für { $provider } gespeichert
client-reset = Zurück zu der, die mit Deskbell kam
clients-title = Client-IDs für die Anmeldung
client-custom = Ein anderer Server
client-hide = { $name } verbergen
client-none = noch keine
client-default = kam mit Deskbell
client-own = Ihre eigene
clients-lead = An einer Client-ID erkennt ein Anbieter, welches Programm Ihre Post lesen möchte.
mail-form-duplicate = Dieses Postfach ist schon da.
trust-look = Das neue Zertifikat ansehen …
trust-title = Dem neuen Zertifikat von { $name } vertrauen?
trust-lead = Vergleichen Sie es mit dem, was das Programm auf diesem Computer zeigt. Nach einem Update oder einer neuen Installation ist es meist ein neues.
mail-form-continue = Weiter
mail-form-submit = Anmelden und Mail holen
mail-form-busy = Anmeldung läuft …

mail-form-address-missing = Tragen Sie die Mailadresse ein, etwa studio@example.com.
mail-form-password-missing = Tragen Sie das Passwort ein.
mail-form-host-missing = Tragen Sie den Namen des IMAP-Servers ein, etwa imap.example.com.
mail-form-port-wrong = Tragen Sie einen Port von 1 bis 65535 ein; üblich ist 993.
mail-form-password-refused = Der Server hat dieses Passwort abgelehnt. Prüfen Sie es, oder erstellen Sie beim Anbieter ein App-Passwort.
mail-form-host-unreachable = Dieser Server antwortet nicht. Prüfen Sie seinen Namen und Ihre Verbindung.
outgoing = Senden
outgoing-on = Mit diesem Konto auch Mails senden
outgoing-user-note = Bleibt das leer, gilt der des Postfachs.
outgoing-host-missing = Tragen Sie den Namen des Servers ein, der Mails annimmt.
outgoing-port-wrong = Tragen Sie einen Port von 1 bis 65535 ein; üblich sind 465 und 587.
outgoing-refused = Der Server zum Senden hat dieses Passwort abgelehnt. Prüfen Sie es, oder tragen Sie ein eigenes zum Senden ein.
outgoing-unreachable = Der Server zum Senden antwortet nicht. Prüfen Sie seinen Namen, oder richten Sie das Senden später ein.
add-sender = Sendedienst hinzufügen
add-sender-lead = Ein Konto, das nur sendet: für eine eigene Domain, oder um für ein anderes einzuspringen.
add-sender-kind = Dienst
add-sender-sendgrid = SendGrid
add-sender-resend = Resend
add-sender-smtp = Anderer Server (SMTP)
add-sender-address-note = Von dieser Adresse wird gesendet; der Dienst muss sie oder ihre Domain kennen.
add-sender-user-note = Bleibt das leer, wird der Server ohne Anmeldung gefragt.
add-sender-region = Region
add-sender-region-note = Ein Schlüssel gilt nur in der Region seines Kontos.
add-sender-region-global = Weltweit
add-sender-region-eu = Europäische Union
add-sender-key = API-Schlüssel
add-sender-key-sendgrid = Er braucht das Recht „Mail Send“. Liegt im Schlüsselbund des Systems, nie in einer Datei.
add-sender-key-resend = Er braucht das Recht zu senden. Liegt im Schlüsselbund des Systems, nie in einer Datei.
mail-form-port-strange = An diesem Port antwortet kein IMAP-Server. Üblich ist 993.
mail-form-security-unsafe = Die Verbindung ist nicht sicher, darum wurde nichts gesendet. Prüfen Sie den Namen des Servers.
mail-form-certificate-title = { $host } zeigt ein selbst ausgestelltes Zertifikat
mail-form-certificate-lead = Programme auf diesem Computer, etwa Proton Mail Bridge, unterschreiben ihr Zertifikat selbst. Vertrauen Sie ihm, wenn das Programm denselben Fingerabdruck zeigt. Gesendet wurde noch nichts.
mail-form-certificate-fingerprint = SHA-256 { $fingerprint }
mail-form-certificate-trust = Diesem Zertifikat vertrauen
mail-form-details = Server, Senden und Name
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
import-own = Ihre Adresse in dieser Mail
import-own-note = Was damit geschrieben wurde, gilt als Ihres. Ist es nicht Ihre Mail, bleibt das Feld leer.
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
health-failed = Der Zustand ließ sich nicht lesen.
health-total-messages = Nachrichten
health-total-conversations = Unterhaltungen
health-total-database = Datenbank
health-total-blobs = Anhänge
health-last = Zuletzt vollständig
health-next = Nächster Abgleich
health-soon = in Kürze
health-waits = sobald Sie angemeldet sind
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
health-complete-table = { $count ->
    [one] Den Ordner zeigen
   *[other] Die { $count } Ordner zeigen
}
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
health-runs-chart = { $count ->
    [one] Der bisher einzige Abgleich dauerte { $longest }; { $failed ->
        [0] er kam durch.
       *[other] er schlug fehl.
    }
   *[other] So lange dauerten die letzten { $count } Abgleiche: meist { $usual }, höchstens { $longest }; { $failed ->
        [0] keiner schlug fehl.
        [one] einer schlug fehl.
       *[other] { $failed } schlugen fehl.
    }
}
health-runs-chart-failing = Keiner der letzten { $count } Abgleiche kam durch; der längste dauerte { $longest }.
health-runs-scale = Jeder Balken ist ein Abgleich, der letzte rechts. Die Skala ist nicht gleichmäßig: Von Linie zu Linie wächst die Zeit auf ein Vielfaches.
health-runs-empty = Noch kein Abgleich gelaufen.
health-runs-table = { $count ->
    [one] Den einen Abgleich als Tabelle
   *[other] Die { $count } Abgleiche als Tabelle
}
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
health-quarantine-all = Alle { $count } zeigen
health-quarantine-last = Die letzten { $count } zeigen
health-quarantine-part = Das sind { $shown } von { $total }, die zuletzt gekommenen.
health-quarantine-open = Öffnen

## Einstellungen

settings-look = Darstellung
settings-theme = Farben
settings-theme-system = Wie das System
settings-theme-light = Hell
settings-theme-dark = Dunkel
settings-language = Sprache
settings-language-system = Wie das System
settings-accounts-none = Noch kein Konto
settings-accounts-count = { $count ->
    [one] Ein Konto
   *[other] { $count } Konten
}
settings-accounts-open = Konten verwalten
settings-account = Konto „{ $name }“
settings-account-order = Reihenfolge
settings-account-remove = Entfernen
settings-account-also-sending = Signatur, Absender
settings-account-also-fetching = Zeitplan, Abstand, Abgleich, Verlauf, Speicherplatz
settings-keyboard = Tastatur
settings-shortcuts = Alle Kürzel
settings-palette = Jeder Befehl mit Namen
settings-palette-open = Öffnen
settings-about = Über Deskbell
settings-version = Version
settings-profile = Profil
settings-profile-note = In diesem Ordner liegen alle Mails und Anhänge. Passwörter liegen im Schlüsselbund des Systems.
settings-profile-copy = Pfad kopieren
settings-profile-copied = Pfad kopiert
settings-unknown = Version und Profil ließen sich nicht lesen.
settings-search = Einstellungen durchsuchen
settings-found = { $n ->
    [0] Nichts gefunden
    [one] Eine Einstellung gefunden
   *[other] { $n } Einstellungen gefunden
}
settings-found-none = Keine Einstellung heißt „{ $query }“.
settings-reset-one = Zurücksetzen: { $name }
settings-reset-all = Alles zurücksetzen
settings-reset-all-do = Zurücksetzen
settings-reset-all-text = { $n ->
    [0] Es wurde nichts geändert, also gibt es nichts zurückzusetzen.
    [one] Eine Einstellung wird, wie sie am Anfang war. Konten, Absender, Vorlagen, Regeln und Etiketten bleiben.
   *[other] { $n } Einstellungen werden, wie sie am Anfang waren. Konten, Absender, Vorlagen, Regeln und Etiketten bleiben.
}
settings-density = Zeilen
settings-density-note = Wie viel Platz jede Unterhaltung in der Liste hat.
settings-density-comfortable = Locker
settings-density-compact = Kompakt
language-en = English
language-de = Deutsch
settings-notifications = Benachrichtigungen
setting-notifications = Neue Post melden
setting-notifications-note = Das System meldet Post, die gerade angekommen ist.
setting-notifications-hide-content = Inhalt verbergen
setting-notifications-hide-content-note = Sagt, dass Post da ist, nicht von wem und worüber.
settings-pause = Pause
settings-paused-until = Bis { $when } wird nichts gemeldet.
settings-pause-hour = Für 1 Stunde
settings-pause-tomorrow = Bis morgen
settings-pause-end = Wieder melden
setting-quiet-hours = Ruhezeiten
setting-quiet-hours-note = Zu diesen Zeiten wird nichts gemeldet.
quiet-from = Von
quiet-to = bis
quiet-days = Tage, an denen sie beginnen
settings-announce = Post an { $name }
announce-everything = Alles melden
announce-people = Nur von Menschen
announce-nothing = Nichts melden
settings-desktop = Desktop
setting-close-to-tray = Weiterlaufen, wenn das Fenster zu ist
setting-close-to-tray-note = Deskbell bleibt in der Leiste und holt weiter Post.
setting-autostart = Mit dem Computer starten
setting-autostart-note = Deskbell startet, wenn Sie sich am Computer anmelden.
setting-start-hidden = Ohne Fenster starten
setting-start-hidden-note = Zuerst ist nur das Symbol in der Leiste da.
setting-badge = Ungelesenes am Symbol zählen
setting-badge-note = Wie viele Unterhaltungen im Posteingang ungelesen sind.
setting-spell-check = Rechtschreibung prüfen
setting-spell-check-note = Falsch geschriebene Wörter werden unterstrichen.
setting-spell-languages = Sprachen der Rechtschreibung
setting-spell-languages-note = Zum Beispiel de_DE, en_GB. Leer: die des Systems.
settings-clients = Client-IDs
settings-clients-note = Für die Anmeldung bei Google, Microsoft und anderen im Browser.
settings-shortcuts-note = Drücken Sie auf die Tasten eines Befehls, um ihm andere zu geben.
settings-shortcuts-change = Zeigen und ändern
settings-shortcuts-hide = Verbergen
shortcut-none = keine
shortcut-press = Tasten drücken …
shortcut-change = Tasten für { $name }: { $keys }. Ändern
shortcut-take-away = Keine Tasten für { $name }
shortcut-held = { $keys } gehört zu: { $name }. Dort wegnehmen?
shortcut-use = Wegnehmen
shortcut-reserved = Diese Tasten braucht das System. Wählen Sie andere.
settings-data = Daten
settings-size = Größe
settings-size-note = { $messages } Nachrichten in { $conversations } Unterhaltungen, { $files } Dateien.
settings-size-unknown = Die Größe war nicht zu lesen.
settings-erase = Löschen
settings-erase-note = Wer ein Konto entfernt, löscht dessen Post, Dateien und Passwörter von diesem Computer.
settings-erase-all = Alles löschen
settings-erase-all-note = Nimmt alle Daten von Deskbell von diesem Computer und beginnt neu, wie am ersten Tag.
settings-erase-all-open = Alles löschen …
erase-all-title = Alles auf diesem Computer löschen?
erase-all-lead = Das geht verloren, und nichts hier bringt es zurück:
erase-all-accounts = { $n ->
    [0] kein Konto
    [one] ein Konto mit seinen Einstellungen, Regeln, Labels und Vorlagen
   *[other] { $n } Konten mit allen Einstellungen, Regeln, Labels und Vorlagen
}
erase-all-messages = { $n ->
    [0] keine Nachricht
    [one] eine Nachricht, { $bytes }
   *[other] { $shown } Nachrichten, { $bytes }
}
erase-all-files = { $n ->
    [one] ein Anhang
   *[other] { $shown } Anhänge
}
erase-all-secrets = { $n ->
    [0] Deskbells Schlüssel im Schlüsselbund
    [one] ein Passwort oder eine Anmeldung, und Deskbells Schlüssel im Schlüsselbund
   *[other] { $n } Passwörter und Anmeldungen, und Deskbells Schlüssel im Schlüsselbund
}
erase-all-drafts = { $n ->
    [one] ein Entwurf, der nicht gesendet wurde
   *[other] { $shown } Entwürfe, die nicht gesendet wurden
}
erase-all-unsent = { $n ->
    [one] eine Nachricht, die auf den Versand wartet: Sie geht nicht mehr hinaus
   *[other] { $shown } Nachrichten, die auf den Versand warten: Sie gehen nicht mehr hinaus
}
erase-all-pending = { $n ->
    [one] eine Änderung, von der Ihr Anbieter noch nichts weiß
   *[other] { $shown } Änderungen, von denen Ihre Anbieter noch nichts wissen
}
erase-all-only-here = { $n ->
    [one] eine einzeln importierte Nachricht: Deskbell hat sie nirgends sonst
   *[other] { $shown } einzeln importierte Nachrichten: Deskbell hat sie nirgends sonst
}
erase-all-stays = Bei Ihren Anbietern wird nichts gelöscht: Fügen Sie ein Konto wieder hinzu, kommt seine Post zurück. Dateien und Ordner, die Sie importiert, gesichert oder exportiert haben, bleiben, wo sie sind.
erase-all-uncounted = Was da ist, konnte nicht gezählt werden. Alles davon geht verloren.
erase-all-type = Um fortzufahren, tippen Sie „{ $word }“
erase-all-word = löschen
erase-all-do = Alles löschen
erase-all-busy = Wird gelöscht … Deskbell beginnt gleich neu.
erase-all-failed = Nichts wurde gelöscht.
settings-version-is = Deskbell { $version }
settings-mail-links = Mail-Links
settings-mail-links-ours = Mail-Links, die Sie in anderen Programmen drücken, öffnen sich in Deskbell.
settings-mail-links-others = Mail-Links, die Sie in anderen Programmen drücken, öffnen sich nicht in Deskbell.
settings-mail-links-in_settings = Welches Programm Mail-Links öffnet, wird in den Einstellungen des Systems gewählt.
settings-mail-links-take = In Deskbell öffnen
settings-updates = Neue Versionen
settings-updates-note = Deskbell sieht einmal am Tag nach und installiert nur, wenn Sie es sagen.
settings-updates-look = Nach Updates suchen
settings-updates-looking = Wird gesucht…
settings-updates-none = Das ist die neueste Version.
update-found = Deskbell { $version } ist da.
update-notes = Was neu ist
update-install = Installieren und neu starten
update-installing = Wird installiert…
settings-licences = Lizenzen
settings-licences-note = Deskbell ist freie Software unter MIT oder Apache 2.0.
settings-licences-open = Lesen
licences-own = Deskbell darf unter der MIT-Lizenz oder der Apache-Lizenz 2.0 genutzt werden, wie Sie möchten.
licences-parts = Teile und ihre Lizenzen
licences-search = Teil oder Lizenz finden
licences-none = Kein Teil von Deskbell hat diesen Namen oder diese Lizenz.
licences-of = Lizenz von { $name }
licences-origin = Woher es kommt
licences-count = { $n ->
    [one] { $n } Teil
   *[other] { $n } Teile
}

## Was der Kern sagt, nach den Schlüsseln seines Verzeichnisses: ohne Punkt, denn einer kann im anderen stehen
said-sign-in-refused = die Anmeldung wurde abgelehnt: { $why }
said-not-reachable = nicht erreichbar: { $why }
said-not-safe = die Verbindung ist nicht sicher: { $why }
said-asked-too-often = es wurde zu oft gefragt; der Anbieter wünscht eine Pause
said-position-lost = die Stelle in { $where } ging verloren
said-gone = { $what } ist nicht mehr da
said-refused = abgelehnt: { $why }
said-password-unread = das Passwort lässt sich nicht lesen: { $why }
said-resting = { $what } schlug mehrmals fehl und wird gleich noch einmal versucht
said-paused = dieses Konto ist angehalten; setzen Sie es erst fort
said-stopped = der Abgleich wurde angehalten
said-no-messages = der Anbieter dieses Kontos hat keine Nachrichten
said-body-gone = der Anbieter hat diese Nachricht nicht mehr
said-round-internal = ein Fehler in Deskbell beendete den Abgleich: { $why }
said-enter-password = { $why }. Geben Sie das Passwort noch einmal ein
said-enter-in-browser = { $why }. Melden Sie sich im Browser neu an
said-unlock-keychain = { $why }. Entsperren Sie den Schlüsselbund oder geben Sie das Passwort noch einmal ein
said-nothing-sent = { $why }. Gesendet wurde nichts. Prüfen Sie Namen und Zertifikat des Servers
said-disk-full = die Festplatte ist voll; schaffen Sie Platz, dann geht es von selbst weiter
said-profile-newer = dieses Profil wurde von einem neueren Deskbell benutzt (Datenstand { $found }, dieses kennt { $known }); aktualisieren Sie Deskbell
said-database-damaged = die Datenbank ist beschädigt ({ $why }); beenden Sie jedes Deskbell und starten Sie es neu: Es legt die Datei beiseite und holt Ihre Post noch einmal
said-read-only = ein anderes Deskbell hat dieses Profil offen; schließen Sie es, oder lesen Sie nur
said-no-such = das gibt es nicht (mehr): { $what }
said-body-unreadable = eine gespeicherte Nachricht ist nicht mehr lesbar: { $why }
said-profile-unusable = der Profilordner ist nicht benutzbar: { $why }
said-store-closed = die Datenbank ist schon geschlossen
said-database-refused = die Datenbank lehnt das ab: { $why }
said-migration-failed = die Datenbank ließ sich nicht auf den neuen Stand bringen: { $why }
said-migration-undone = { $why }. Nichts darin wurde geändert, und eine Kopie liegt daneben als { $copy }; arbeiten Sie mit dem bisherigen Deskbell weiter und melden Sie das
said-nothing-to-trust = Dieses Konto hat keinen Server auf diesem Rechner, dessen Zertifikat man vertrauen könnte
said-send-expired = sie wurde fünf Tage lang nicht angenommen und wird nicht weiter versucht; senden Sie sie noch einmal oder erreichen Sie den Empfänger auf anderem Weg. Zuletzt hieß es: { $why }
said-rest-lost = Niemand weiß, ob sie { $who } erreicht hat: die Antwort ging verloren, während sie noch einmal gesendet wurde
said-rest-no-account = das Konto, das sie sendete, ist nicht mehr da
said-rest-no-source = sie kann von hier nicht mehr gesendet werden
said-fate-returned = Sie kam zurück: { $why }
said-fate-sent-back = der Server des Empfängers hat sie zurückgeschickt
said-fate-not-sent = Resend konnte sie nicht senden
said-fate-suppressed = Resend schreibt nicht an diese Adresse: Post an sie kam schon einmal zurück oder wurde Spam genannt
said-fate-cancelled = sie wurde bei Resend abgebrochen
said-fate-later = der Server des Empfängers nimmt sie erst später
said-fate-spam = ihr Empfänger hat sie Spam genannt
said-no-header = sie hat keinen Kopf: keine Zeile am Anfang hat die Form „Name: Wert“
said-broken-structure = ihr Aufbau ist nicht lesbar; ihr Quelltext bleibt, wie er kam
said-too-long = sie ist { $size } MB lang, und von einer Nachricht werden nicht mehr als { $read } MB gelesen; ihr Anfang bleibt erhalten
said-no-bytes = sie ist leer: der Anbieter hat nichts dafür geschickt
said-no-password = zu diesem Konto ist kein Passwort gespeichert
said-settings-unread = die Einstellungen des Kontos sind nicht lesbar: { $why }
said-keychain = der Schlüsselbund des Systems ist nicht benutzbar ({ $why }); entsperren Sie ihn, oder setzen Sie DESKBELL_PASSPHRASE, um Passwörter unter einem Kennsatz zu verwahren
said-keychain-foreign = der Eintrag im Schlüsselbund ist kein Schlüssel von Deskbell; entfernen Sie ihn und melden Sie sich neu an
said-wrong-key = der Kennsatz oder Schlüssel öffnet die Passwörter dieses Profils nicht
said-under-passphrase = die Passwörter dieses Profils liegen unter einem Kennsatz; setzen Sie DESKBELL_PASSPHRASE darauf und starten Sie Deskbell neu
said-secrets-unread = die Passwörter dieses Profils sind nicht lesbar: { $why }
said-salt-unusable = das Salz des Kennsatzes ist nicht benutzbar: { $why }
said-no-key = aus dem Kennsatz ließ sich kein Schlüssel gewinnen: { $why }
said-address-missing = geben Sie die ganze Mailadresse ein, etwa studio@example.org
said-host-missing = geben Sie den Namen des Servers ein, etwa imap.example.org
said-port-missing = geben Sie den Port des Servers ein, meist 993
said-smtp-host-missing = geben Sie den Namen des Servers ein, der Mails annimmt, etwa smtp.example.org
said-smtp-port-missing = geben Sie den Port des Servers ein, meist 465 oder 587
said-smtp-no-starttls = der Server bietet auf diesem Port kein STARTTLS an; wählen Sie TLS (meist auf 465)
said-smtp-no-password = der Server nimmt auf dieser Verbindung kein Passwort an; wählen Sie TLS oder STARTTLS, oder lassen Sie den Benutzernamen leer, wenn er keinen verlangt
said-smtp-no-way-in = der Server kennt keine Anmeldung mit Passwort; vielleicht verlangt er eine andere Art von Konto
said-smtp-no-secret = zum Senden ist kein Passwort hinterlegt; geben Sie es noch einmal ein
said-smtp-user-unfit = der Benutzername enthält ein Zeichen, das man nicht tippen kann; geben Sie ihn noch einmal ein
said-smtp-stranger-tls = Port { $port } meldet sich nicht wie ein SMTP-Server; prüfen Sie den Port, oder wählen Sie STARTTLS (meist auf 587)
said-smtp-stranger = Port { $port } meldet sich nicht wie ein SMTP-Server; prüfen Sie den Port, oder wählen Sie TLS, wenn der Server von Anfang an TLS verlangt (meist auf 465)
said-smtp-not-ready = der Server ist nicht bereit ({ $words })
said-api-address = die Adresse der Schnittstelle muss aussehen wie https://api.example.org
said-api-plain = der Schlüssel wäre unterwegs lesbar; beginnen Sie die Adresse der Schnittstelle mit https://
said-api-key-unfit = das ist kein API-Schlüssel; kopieren Sie ihn noch einmal, ohne Leerzeichen
said-api-key-refused = prüfen Sie den API-Schlüssel ({ $words })
said-api-page = statt der Antwort des Anbieters kam eine Webseite; vielleicht verlangt dieses Netz erst eine Anmeldung im Browser
said-api-unreachable = { $host } ist nicht erreichbar; prüfen Sie das Netz
said-api-late = { $host } hat nicht rechtzeitig geantwortet
said-resend-no-domain = die Domain { $domain } ist in diesem Resend-Konto nicht eingerichtet; legen Sie sie dort erst an
said-resend-unverified = die Domain { $domain } ist noch nicht bestätigt; schließen Sie ihre Einrichtung bei Resend ab
said-resend-watches = Resend soll beobachten, wer Mails von { $domain } öffnet; schalten Sie dort das Verfolgen von Öffnungen und Klicks ab
said-sendgrid-weak-key = dieser API-Schlüssel darf nicht senden; erstellen Sie einen mit dem Recht „Mail Send“
said-sends-by-itself = dieses Konto sendet über seinen eigenen Anbieter; hier ist kein Server zu wählen
said-undo-range = wählen Sie eine Zeit von 0 bis 60 Sekunden
said-fallback-after-range = Wählen Sie eine Zeit von 0 Sekunden bis zu einem Tag
said-fallback-unfit = wählen Sie ein anderes Konto, das selbst senden kann
said-password-missing = geben Sie das Passwort ein
said-path-unread = der Pfad war nicht lesbar
said-set-aside-empty = Deskbells Datenbank war beschädigt und liegt beiseite als { $path }. Kein Konto war daraus zu lesen; fügen Sie sie neu hinzu, dann wird ihre Post noch einmal geholt
said-set-aside = Deskbells Datenbank war beschädigt und liegt beiseite als { $path }. { $accounts } Ihrer Konten blieben erhalten, samt dem, was Sie geschrieben, abgelegt und zurückgestellt haben; ihre Post wird noch einmal geholt
said-lost-writing = { $kept }. Einige Entwürfe oder Nachrichten, die auf den Versand warteten, waren nicht zu lesen
said-lost-filing = { $kept }. Einiges von dem, was Sie hier abgelegt oder zurückgestellt haben, war nicht zu lesen
said-lost-imports = { $kept }. Ein Teil der importierten Post war nicht zu lesen; importieren Sie sie noch einmal
said-lost-choices = { $kept }. Einige Passwörter, Signaturen, Etiketten, Regeln, Vorlagen oder Einstellungen waren nicht zu lesen
said-taken-back = { $kept }. Von den Nachrichten, die auf den Versand warteten, sind { $count } wieder Entwürfe; sehen Sie nach, ob sie schon fort sind, bevor Sie sie senden
said-opened-elsewhere = ein anderes Deskbell hat dieses Profil offen. Hier lässt sich alles lesen, aber nichts ändern
said-choose-again = wählen Sie die Datei oder den Ordner noch einmal; die Wahl ist nicht mehr bekannt
said-here-already = { $address } ist schon hier, als „{ $name }“
said-sample-unwritten = das Beispielpostfach ließ sich nicht schreiben: { $why }
said-sample-unremoved = die Dateien des Beispiels ließen sich nicht entfernen: { $why }
said-sample-gone = der Beispiel-Arbeitsplatz läuft hier nicht; verlassen Sie ihn und öffnen Sie ihn neu
said-link-kinds = aus einer Nachricht werden nur Web-, Mail- und Telefonadressen geöffnet
said-link-unopened = der Link ließ sich nicht öffnen: { $why }
said-mail-links-refused = Das System hat Deskbell nicht zum Programm für Mail gemacht: { $why }
said-erase-no-restart = Deskbell kann hier nicht von selbst neu beginnen; nichts wurde gelöscht
said-erase-unmarked = nichts wurde gelöscht: Die Festplatte antwortete nicht
said-update-unlooked = Nach neuen Versionen konnte nicht gesehen werden: { $why }
said-update-uninstalled = Die neue Version wurde nicht installiert: { $why }
said-update-signature = ihre Signatur ist nicht unsere, darum wurde nichts installiert
said-update-unreachable = der Ort neuer Versionen ist nicht zu erreichen
said-given-unread = „{ $name }“ konnte nicht gelesen werden: { $why }
said-given-too-large = „{ $name }“ ist zu groß, um gezeigt zu werden. Importieren Sie die Datei stattdessen
said-given-not-imported = die Nachricht konnte nicht importiert werden: { $why }
said-given-no-collection = „{ $name }“ ist keine Sammlung einzelner Nachrichten. Wählen Sie eine, oder beginnen Sie eine neue
said-given-no-mail = „{ $name }“ ist keine Mail: Sie beginnt nicht mit einem Kopf
said-file-undragged = „{ $name }“ konnte nicht herausgezogen werden: { $why }. Speichern Sie die Datei stattdessen
said-file-unopened = kein Programm hat „{ $name }“ geöffnet: { $why }
said-file-no-text = „{ $name }“ lässt sich nicht als Text zeigen. Speichern Sie die Datei
said-file-unknown = diese Nachricht hat keine solche Datei
said-unwritten = { $path } ließ sich nicht schreiben: { $why }
said-rules-unwritten = die Regeln lassen sich nicht aufschreiben
said-undrawn = diese Nachricht ließ sich nicht darstellen
said-text-not-here = der Text dieser Nachricht ist noch nicht auf diesem Computer
said-text-not-here-since = der Text dieser Nachricht ist noch nicht auf diesem Computer. { $why }
said-too-many = wählen Sie 1 bis { $most } Unterhaltungen
said-undo-over = das lässt sich nicht mehr zurücknehmen; die Nachrichten liegen, wo der Anbieter sie hingelegt hat
said-import-nothing = der gewählte Pfad ist weder Datei noch Ordner
said-import-empty = die gewählte Datei ist leer. Wählen Sie eine, in der Mail ist
said-import-compressed = die gewählte Datei ist gepackt. Entpacken Sie sie und importieren Sie, was darin ist
said-import-single = die gewählte Datei ist eine einzelne Nachricht. Wählen Sie den Ordner, in dem sie liegt
said-import-no-mbox = die gewählte Datei ist keine mbox: Sie beginnt nicht mit einer Zeile „From …“. Wählen Sie eine mbox-Datei, ein Maildir oder einen Ordner mit .eml-Dateien
said-import-no-mail = im gewählten Ordner ist keine Mail: kein Maildir (cur und new), keine .eml-Datei und keine mbox. Wählen Sie den Ordner, in dem die Mail direkt liegt
said-import-cut = das Lesen des Archivs wurde abgebrochen
said-cannot-be-read = { $what } ist nicht lesbar: { $why }
said-path-to-import = der gewählte Pfad
said-file-to-import = die gewählte Datei
said-folder-to-import = der gewählte Ordner
said-eml-folder = der Ordner mit .eml-Dateien
said-eml-message = eine Nachricht im Ordner mit .eml-Dateien
said-maildir-message = eine Nachricht im Maildir
said-not-there = es ist nicht da. Prüfen Sie den Pfad, oder schließen Sie den Datenträger an
said-not-allowed = das Lesen ist nicht erlaubt. Geben Sie sich das Recht dazu, oder kopieren Sie es an einen anderen Ort
said-disk-error = der Datenträger meldet einen Fehler. Kopieren Sie es auf einen anderen und importieren Sie die Kopie
said-no-secure-way = der Server bietet keine sichere Verbindung an
said-pin-loopback = einem einzelnen Zertifikat kann nur bei einem Server mit TLS auf diesem Computer vertraut werden
said-no-handshake = der Server antwortet nicht auf TLS
said-no-starttls = der Server bietet an diesem Port kein STARTTLS an; wählen Sie TLS (meist Port 993)
said-secure-passwords = der Server nimmt Passwörter nur über eine sichere Verbindung; wählen Sie TLS oder STARTTLS
said-check-password = prüfen Sie Benutzernamen und Passwort; viele Anbieter wollen ein App-Passwort ({ $words })
said-server-ended = der Server hat die Verbindung beendet ({ $words })
said-server-trouble = der Server hat selbst Mühe mit diesem Postfach
said-not-understood = der Server hat das nicht verstanden ({ $words })
said-mailbox-full = das Postfach beim Anbieter ist voll; löschen oder verschieben Sie dort zuerst etwas
said-not-permitted = der Anbieter erlaubt das in diesem Ordner nicht
said-mailbox-read-only = dieser Ordner lässt sich nur lesen, nicht ändern
said-line-endless = eine Zeile ohne Ende
said-stream-damaged = der gepackte Datenstrom ist beschädigt
said-silent = der Server schwieg zu lange
said-hands-out-none = der Server nennt Nachrichten, gibt sie aber nicht heraus
said-lists-none = der Server zählt Nachrichten im Ordner und nennt keine
said-all-connections = alle Verbindungen dieses Kontos sind noch in Gebrauch; es wird wieder versucht
said-no-mailbox = er nennt keinen einzigen Ordner
said-user-empty = der Benutzername ist leer; oft ist es die ganze Mailadresse
said-spoke-early = der Server sprach, bevor die Verbindung sicher war
said-ended-early = der Server hat einen Befehl vor dessen Ende beendet
said-takes-no-more = der Server nimmt keine Daten mehr an
said-server-closed = der Server hat die Verbindung geschlossen
said-not-imap = der Server sendet etwas, das kein IMAP ist
said-cut-off = die Verbindung brach mitten in einer Antwort ab
said-broke = die Verbindung brach ab ({ $why })
said-not-compressed = der Befehl ließ sich nicht packen
said-host-unknown = { $host } ist unbekannt: Es gibt keinen Server dieses Namens, oder dieser Computer ist offline
said-host-slow = die Suche nach { $host } dauerte zu lange
said-host-no-address = { $host } ist unbekannt: Es gibt keine Adresse dazu
said-port-refused = { $host } nimmt an Port { $port } keine Verbindung an: Prüfen Sie den Port, oder starten Sie den Server
said-host-unreachable = { $host } ist nicht erreichbar ({ $why })
said-port-silent = { $host } antwortet nicht an Port { $port }: Prüfen Sie den Port und das Netz
said-no-handshake-here = der Server antwortet an diesem Port nicht auf TLS; wählen Sie STARTTLS oder einen anderen Port
said-host-plain = der Server muss ein einfacher Name sein, etwa mail.example.org
said-port-range = der Port muss eine Zahl von 1 bis 65535 sein, meist { $port }
said-plain-loopback = ohne TLS könnte das Passwort unterwegs gelesen werden, darum geht das nur mit einem Server auf diesem Computer; wählen Sie TLS oder STARTTLS
said-pin-remove = einem einzelnen Zertifikat kann nur bei einem Server auf diesem Computer vertraut werden; lassen Sie den Fingerabdruck weg
said-tls-unusable = TLS ist hier nicht benutzbar: { $why }
said-no-certificate = der Server zeigt kein Zertifikat
said-host-no-name = auf diesen Servernamen könnte kein Zertifikat lauten
said-pin-damaged = das vertraute Zertifikat ist beschädigt; melden Sie sich neu an und vertrauen Sie ihm noch einmal
said-no-issuers = dieser Computer kennt keine vertrauten Zertifikatsaussteller; installieren Sie das Paket ca-certificates
said-handshake-ended = der Server brach den sicheren Handschlag ab ({ $why }); prüfen Sie Port und Verschlüsselung
said-cert-expired = das Zertifikat des Servers ist abgelaufen; wer den Server betreibt, muss es erneuern
said-cert-early = das Zertifikat des Servers gilt noch nicht; prüfen Sie die Uhr dieses Computers
said-cert-pinnable = das Zertifikat des Servers hat niemand unterschrieben, den dieser Computer kennt
said-cert-unknown = das Zertifikat des Servers ist von einem Aussteller, den dieser Computer nicht kennt; prüfen Sie den Namen, oder fragen Sie, wer den Server betreibt
said-cert-name = das Zertifikat des Servers lautet auf einen anderen Namen als { $host }; prüfen Sie den Namen
said-cert-other = der Server zeigt ein anderes Zertifikat als das, dem Sie vertrauen; wurde es erneuert, sehen Sie sich das neue an und vertrauen Sie ihm
said-cert-authority = das Zertifikat des Servers ist von niemandem ausgestellt, dem dieser Computer vertraut; bitten Sie um eines von einer öffentlichen Stelle, oder installieren Sie das der ausstellenden Stelle auf diesem Computer
said-cert-untrusted = dem Zertifikat des Servers ist nicht zu trauen ({ $why })
said-no-tls = der Server spricht an diesem Port kein TLS; wählen Sie STARTTLS oder einen anderen Port (TLS ist meist an { $port })
said-no-secure-connection = es kam keine sichere Verbindung zustande ({ $why })
said-export-not-empty = { $path } ist nicht leer; wählen Sie einen neuen Ordner
said-export-cut = der Export wurde abgebrochen
said-fingerprint-form = ein SHA-256-Fingerabdruck hat 64 hexadezimale Ziffern, etwa 3A:91:5C…
said-pin-elsewhere = nur ein Server auf diesem Computer darf ein selbst ausgestelltes Zertifikat zeigen, und { $host } ist keiner: Entfernen Sie den Fingerabdruck
said-pin-differs = der Server zeigt ein anderes Zertifikat als dieses; sein Fingerabdruck ist { $fingerprint }. Vertrauen Sie ihm nur, wenn das Programm, das den Server betreibt, denselben zeigt
said-own-address-known = { $name } hat eine eigene Adresse; nur importierte Mail hat keine
said-message-unquotable = diese Nachricht konnte nicht zitiert werden
said-no-account-number = es gibt kein Konto { $account }
said-no-account-yet = es gibt noch kein Konto. Richten Sie eines ein, dann schreiben Sie damit
said-no-draft = diese Nachricht ist kein Entwurf
said-draft-unread = dieser Entwurf konnte nicht gelesen werden
said-draft-unbuilt = aus diesem Entwurf konnte keine Nachricht gemacht werden
said-file-torn = die Datei kam nicht vollständig an
said-not-writable = an dieser Nachricht kann nicht mehr geschrieben werden
said-no-inline-picture = „{ $name }“ ist kein Bild, das im Text stehen kann. Hängen Sie es als Datei an
said-file-unkept = diese Datei konnte nicht aufbewahrt werden
said-no-file = „{ $name }“ ist keine Datei. Wählen Sie eine Datei
said-file-unread = „{ $name }“ kann nicht gelesen werden: { $why }
said-too-many-files = eine Nachricht nimmt höchstens { $count } Dateien
said-file-not-here = „{ $name }“ ist nicht mehr hier. Hängen Sie sie noch einmal an
said-message-too-large = diese Nachricht wäre { $size } groß; dieses Konto sendet bis zu { $limit }. Nehmen Sie Dateien heraus, oder geben Sie sie auf anderem Weg weiter
said-file-too-large = „{ $name }“ ({ $size }) passt nicht: als Mail braucht sie { $encoded }, und dieses Konto sendet Nachrichten bis { $limit }. Geben Sie sie auf anderem Weg weiter
said-take-back-first = diese Nachricht ist unterwegs. Holen Sie sie erst zurück, dann schreiben Sie weiter
said-forward-too-large = diese Nachricht ist { $size } groß, und dieses Konto sendet bis { $limit }. Leiten Sie sie im Text weiter, ohne die Dateien, die nicht passen
said-account-stays = nur ein Entwurf kann das Konto wechseln
said-cannot-send-yet = dieses Konto kann noch nicht senden. Tragen Sie in seinen Einstellungen den Server für ausgehende Mail ein, oder wählen Sie ein Konto, das für es sendet. Die Nachricht bleibt ein Entwurf
said-cannot-send-account = dieses Konto kann noch nicht senden: tragen Sie in seinen Einstellungen den Server für ausgehende Mail ein, oder wählen Sie ein Konto, das für es sendet; die Nachricht bleibt ein Entwurf
said-too-far-ahead = das liegt zu weit in der Zukunft. Wählen Sie eine Zeit in den nächsten zehn Jahren
said-no-recipient = geben Sie mindestens einen Empfänger ein
said-needs-to = der Anbieter dieses Kontos braucht jemanden unter „An“. Geben Sie dort mindestens einen Empfänger ein, etwa sich selbst
said-no-empty-file = „{ $name }“ ist leer, und der Anbieter dieses Kontos befördert keine leeren Dateien. Nehmen Sie sie heraus
said-pace-range = wählen Sie 1 bis 10000 Nachrichten je Minute, oder 0 für das Übliche
said-barred-resend = Resend stellt an { $address } nicht zu: { $why }
said-barred-sendgrid = SendGrid stellt an { $address } nicht zu: { $why }
said-barred-bounced = Mail dorthin kam früher zurück
said-barred-blocked = der dortige Server hat Mail von Ihnen abgewiesen
said-barred-spam = dort wurde Mail von Ihnen als Spam gemeldet
said-barred-invalid = dieses Postfach gibt es nicht
said-barred-unsubscribed = dort ist keine Mail von Ihnen mehr erwünscht
said-barred-listed = die Adresse steht bei Resend auf der Liste derer, an die nicht geschrieben wird
said-too-many-recipients = diese Nachricht hat { $count } Empfänger; dieses Konto sendet an höchstens { $most }. Senden Sie sie in Teilen
said-variable-left = „{ $name }“ aus einer Vorlage ist nicht ausgefüllt. Schreiben Sie, wofür es steht, oder nehmen Sie es heraus
said-subject-too-long = dieser Betreff ist zu lang. Kürzen Sie ihn
said-text-too-long-file = dieser Text ist zu lang. Senden Sie einen Teil davon als Datei
said-text-too-long = dieser Text ist zu lang. Kürzen Sie ihn
said-draft-no-more = diese Nachricht ist kein Entwurf mehr. Holen Sie sie aus dem Postausgang zurück, um weiterzuschreiben
said-sender-name = geben Sie einen Namen ein: eine Zeile, höchstens 200 Zeichen
said-signature-too-long = diese Signatur ist zu lang. Kürzen Sie sie
said-only-sender = das ist der einzige Absender des Kontos. Ändern Sie ihn, oder legen Sie erst einen anderen an
said-sender-known = { $address } ist schon ein Absender dieses Kontos; ändern Sie jenen, oder geben Sie diesem einen anderen Namen
said-template-name = geben Sie der Vorlage einen Namen von einer Zeile
said-template-shortcut = ein Kürzel ist ein kurzes Wort aus Buchstaben, Ziffern, - und _
said-template-subject = geben Sie einen Betreff von einer Zeile ein
said-template-empty = schreiben Sie den Text der Vorlage
said-template-named = es gibt schon eine Vorlage „{ $other }“. Wählen Sie einen anderen Namen
said-shortcut-taken = dieses Kürzel gehört zu „{ $other }“. Wählen Sie ein anderes
said-no-variable = es gibt keine Variable „{ $name }“; es gibt { $known }
said-address-no-at = „{ $address }“ hat kein @; geben Sie sie ein wie mara@example.com
said-address-space = „{ $address }“ enthält ein Leerzeichen oder ein Zeilenende
said-address-no-local = „{ $address }“ hat nichts vor dem @
said-address-no-domain = „{ $address }“ hat nichts hinter dem @
said-address-long = „{ $address }“ ist zu lang
said-address-quotes = „{ $address }“ hat Anführungszeichen, die nicht passen
said-address-character = „{ $address }“ enthält ein Zeichen, das keine Adresse hat
said-address-dot = „{ $address }“ hat einen Punkt zu viel vor dem @
said-address-number = „{ $address }“ hat keine gültige Zahl zwischen den Klammern
said-address-impossible = „{ $address }“ hat eine Domain, die es nicht geben kann
said-discarded-no-more = diese Nachricht ist { $state }, an ihr kann nicht mehr geschrieben werden
said-may-have-left = diese Nachricht ist vielleicht schon weg
said-restore-first = dieser Entwurf wurde verworfen; holen Sie ihn erst zurück
said-leaving-now = diese Nachricht geht gerade hinaus; warten Sie ab, was daraus wird
said-has-left = diese Nachricht ist weg und kann weder zurückgeholt noch noch einmal gesendet werden
said-draft-already = diese Nachricht ist schon ein Entwurf
said-waits-already = diese Nachricht wartet schon auf das Senden
said-not-given-over = diese Nachricht ist ein Entwurf und wurde nicht zum Senden gegeben
said-nobody-knows = noch weiß niemand, ob diese Nachricht weg ist
said-settle-unknown-only = von Hand kann nur über eine Nachricht entschieden werden, von der niemand weiß, ob sie weg ist

## Writing

command-compose = Neue Nachricht
command-reply = Antworten
command-reply-all = Allen antworten
command-forward = Weiterleiten
command-forward-attached = Als Datei weiterleiten
command-send = Senden
command-send-later = Später senden
command-attach = Datei anhängen
command-template = Vorlage einsetzen
command-discard = Entwurf verwerfen
command-templates = Vorlagen verwalten
command-senders = Absender und Signaturen verwalten
group-write = Schreiben
answer = Antworten
compose-new = Neue Nachricht
compose-reply = Antwort
compose-reply_all = Antwort an alle
compose-forward = Weiterleitung
compose-forward_attached = Weiterleitung als Datei
compose-auto_reply = Automatische Antwort
compose-text = Text der Nachricht
compose-placeholder = Hier schreiben. Mit ; und einem Kürzel kommt eine Vorlage.
compose-larger = Größer
compose-smaller = Kleiner
compose-close = Schließen und den Entwurf behalten
compose-continue = Weiterschreiben
editor-failed = Der Editor konnte nicht geladen werden. Der Text ist sicher.
draft-saved = Gespeichert { $time }
draft-saving = Wird gespeichert …
draft-not-saved = Nicht gespeichert
draft-discarded = Entwurf verworfen
draft-gone = Dieser Entwurf wurde anderswo gesendet oder gelöscht.
draft-go-on = Weiterschreiben
quote-wrote = Am { $date } schrieb { $name }:
quote-forwarded = Weitergeleitete Nachricht
quote-show = Zitierte Nachricht zeigen
quote-hide = Zitierte Nachricht verbergen
quote-between = Zwischen den Zeilen antworten
quote-remove = Zitierte Nachricht weglassen
quote-text = Zitierte Nachricht
recipients-in = { $field }: { $n ->
    [one] 1 Empfänger
   *[other] { $n } Empfänger
}
recipients-more = { $n ->
    [one] noch einer
   *[other] { $shown } weitere
}
address-offered = Bekannte
address-remove = { $name } entfernen
address-no-at = Das @ fehlt: Eine ganze Adresse sieht aus wie name@example.com.
address-incomplete = Vor oder hinter dem @ fehlt etwas.
address-no-dot = Das Ende fehlt, etwa .de.
address-odd = Darin steht ein Zeichen, das in keiner Adresse vorkommt.
address-long = Das ist zu lang für eine Adresse.
format = Format
format-bold = Fett
format-italic = Kursiv
format-list = Liste
format-numbers = Nummerierte Liste
format-quote = Zitat
format-link = Link
format-link-to = Wohin der Link führt
format-link-example = www.example.com
format-link-set = Setzen
format-link-remove = Entfernen
format-link-wrong = Das ist keine Web-, Mail- oder Telefonadresse.
format-clear = Formatierung entfernen
format-picture = Bild in den Text setzen
format-plain = Nur Text
format-rich = Text mit Formatierung
plain-title = Zu reinem Text wechseln?
plain-text = Hervorhebungen, Listen und Links verlieren ihr Aussehen; die Worte bleiben. Bilder gehen als Dateien mit.
plain-keep = Formatierung behalten
plain-switch = Zu reinem Text wechseln
send = Senden
send-busy = Wird gesendet …
attach-too-big = { $name } ({ $size }) passt nicht: Eine Nachricht fasst insgesamt { $limit }. Senden Sie stattdessen einen Link.
attach-unreadable = { $name } konnte nicht gelesen werden. Ist die Datei noch da?
attach-pasted = bild.png
attach-dangerous = Solche Programme werden von Empfängern oft abgewiesen oder gefürchtet.
attach-missing = Diese Datei ist nicht mehr hier. Hängen Sie sie noch einmal an.
attach-remove = { $name } weglassen
attach-coming = { $name } wird angehängt
attach-used = { $used } von { $limit }
attach-room = Dateien wachsen unterwegs um ein Drittel; dieses Konto sendet Nachrichten bis { $limit }.
attach-drop = Loslassen zum Anhängen
left-out = { $n ->
    [one] Eine Datei geht nicht mit
   *[other] { $n } Dateien gehen nicht mit
  }: Nachrichten dieses Kontos fassen höchstens { $limit }
left-out-too_large = ({ $size }) ist zu groß
left-out-unreadable = ist nicht lesbar
left-out-save = Sichern und anders weitergeben
left-out-whole = Nachricht als Datei weiterleiten
warnings-title = Bevor das hinausgeht
warnings-send = Trotzdem senden
warnings-attach = Datei anhängen
warnings-back = Zurück zur Nachricht
warning-forgotten_attachment = Sie schreiben „{ $detail }“, aber es hängt keine Datei an
warning-forgotten_attachment-text = Hängen Sie sie jetzt an, oder senden Sie ohne.
warning-no_subject = Der Betreff fehlt
warning-no_subject-text = Mail ohne Betreff gilt leicht als Spam.
warning-many_recipients = Das geht an { $detail } Personen
warning-many_recipients-text = Alle in An und Cc sehen die Adressen der anderen. Für ein Rundschreiben ist Bcc da.
warning-dangerous_file = { $detail } ist ein Programm
warning-dangerous_file-text = Die meisten Mailserver weisen das ab.
warning-empty = Die Nachricht ist leer
warning-empty-text = Sie enthält weder Text noch eine Datei.
warning-not_for_stand_in = { $detail } würde diese Nachricht ablehnen
warning-not_for_stand_in-text = Dieses Konto springt ein, wenn das eigene nicht senden kann, und nimmt weniger an. Die Nachricht muss dann vielleicht warten.
not-sent = Nicht gesendet
no-sender = Dieses Konto kann noch nicht senden
no-sender-text = Die Nachricht bleibt ein Entwurf. Richten Sie den Versand für dieses Konto ein, oder schreiben Sie unter einem anderen.
no-sender-add = Versand einrichten
later-title = Später senden
later-today = Heute später
later-tomorrow = Morgen früh
later-monday = Montag früh
later-date = Datum
later-time = Uhrzeit
later-schedule = Planen
later-means = Geht hinaus: { $when }
later-wrong = Geben Sie Datum und Uhrzeit ein, etwa 08:30.
later-past = Das liegt in der Vergangenheit. Wählen Sie eine spätere Zeit.
templates = Vorlagen
template-search = Welche Vorlage?
template-subject-kept = Der Betreff bleibt, wie er ist. Der der Vorlage: { $subject }
template-subject-use = Übernehmen
template-preview = Vorschau
template-put = Einsetzen
template-missing = { $n ->
    [one] Für { $names } ist nichts bekannt: bitte von Hand ergänzen.
   *[other] Für { $names } ist nichts bekannt: bitte von Hand ergänzen.
}
templates-none = Noch keine Vorlage. Legen Sie eine an für das, was Sie immer wieder schreiben.
templates-failed = Die Vorlagen konnten nicht gelesen werden.
templates-manage = Vorlagen verwalten
versions = Andere Fassungen
versions-text = An diesem Entwurf wurde auch anderswo geschrieben. Die neueste Fassung gilt; diese wurden aufgehoben.
version-here = hier geschrieben
version-elsewhere = anderswo geschrieben
version-preview = Text dieser Fassung
version-take = Diese Fassung verwenden

## Outbox

view-outbox = Postausgang
empty-outbox = Nichts wartet auf den Versand
empty-outbox-text = Was Sie senden oder für später planen, steht hier, bis es hinausgegangen ist.
outbox-troubled = Wartet auf Sie
outbox-leaving = Geht gleich hinaus
outbox-scheduled = Für später geplant
outgoing-leaves = Geht in { $left } hinaus
outgoing-waits = Wartet auf den Versand
outgoing-waits-text = Sie geht hinaus, sobald das Konto erreichbar ist, nach dem, was davor geschrieben wurde.
outgoing-scheduled = Geht hinaus: { $when }
outgoing-sending = Wird gesendet
outgoing-again = Nächster Versuch in { $left }
outgoing-again-now = Wird erneut versucht
outgoing-again-text = Sie kam noch nicht durch. Nichts ist hinausgegangen; Deskbell versucht es weiter.
outgoing-unknown = Vielleicht angekommen
outgoing-unknown-text = Die Verbindung brach im letzten Augenblick ab. Fragen Sie nach oder sehen Sie in Gesendet nach, bevor Sie noch einmal senden.
outgoing-rejected = Nicht gesendet
outgoing-rejected-text = Der Server hat sie abgewiesen. Ändern Sie sie und senden Sie noch einmal.
outgoing-unsent-text = Nichts wurde gesendet. Ändern Sie die Nachricht und senden Sie noch einmal.
outgoing-refused-names = { $n ->
    [one] Der Server hat { $names } abgewiesen. Prüfen Sie die Adresse.
   *[other] Der Server hat { $names } abgewiesen. Prüfen Sie die Adressen.
}
outgoing-partly = Gesendet, aber nicht an alle
outgoing-left = Gesendet
outgoing-act-edit = Bearbeiten
outgoing-act-retry = Erneut versuchen
outgoing-act-send-again = Noch einmal senden
outgoing-act-settle = Ist angekommen
outgoing-act-cancel = Zurück zum Entwurf
outgoing-act-change = Andere Zeit
outgoing-act-now = Jetzt senden
outgoing-rescheduled = Die Zeit wurde geändert
badge-failed = Nicht gesendet
badge-leaving = Wird gesendet
and-more = { " " }und { $n } weitere
undo-bar = Eben gesendete Nachricht
undo-leaves = Geht gleich { $to }
undo-leaving = Geht hinaus { $to }
undo-left = Gesendet { $to }
undo-scheduled = Geplant: { $when }
undo-partly = Gesendet { $to }, aber abgelehnt für { $refused }
undo-rejected = Abgelehnt, nicht gesendet { $to }
undo-unknown = Unklar, ob gesendet { $to }
undo-decide = Entscheiden
undo-more = { $n ->
    [one] 1 weitere Nachricht unterwegs
   *[other] { $n } weitere Nachrichten unterwegs
}
said-no-imap-here = an Port { $port } spricht niemand IMAP; üblich ist 993 (TLS) oder 143 (STARTTLS)
said-tls-at-once = an Port { $port } beginnt TLS mit dem ersten Byte; wählen Sie TLS
said-plain-at-first = Port { $port } spricht IMAP und beginnt ohne TLS; wählen Sie STARTTLS oder den Port für TLS (meist 993)
said-one-line = darin stehen Zeilenumbrüche oder andere Steuerzeichen. Tippen Sie es noch einmal, in einer Zeile
said-export-under-way = ein anderer Export schreibt in { $path }; warten Sie sein Ende ab, oder wählen Sie ein neues Verzeichnis

## Etiketten, Zurückstellen, Regeln

view-snoozed = Zurückgestellt
view-label = Etikett
empty-snoozed = Nichts ist zurückgestellt
empty-snoozed-text = Mit B kommt eine Unterhaltung später wieder.
empty-label = Keine Unterhaltung trägt dieses Etikett
empty-label-text = Mit L bekommt eine Unterhaltung eines.
command-snooze = Zurückstellen …
command-wake = Jetzt zurückholen
command-label = Etiketten …
command-go-rules = Zu den Regeln
command-go-labels = Zu den Etiketten
labels = Etiketten
label-search = Etikett suchen oder anlegen
label-make = „{ $name }“ anlegen
label-none = Es gibt noch kein Etikett.
label-some = auf einigen davon
label-new = Neues Etikett
label-name = Name
label-add = Etikett anlegen
label-save = Namen sichern
label-rename = Umbenennen
label-color = Farbe von „{ $name }“
label-remove = „{ $name }“ entfernen
label-remove-do = Etikett entfernen
label-remove-sure = { $n ->
    [0] Das Etikett „{ $name }“ entfernen? Keine Unterhaltung trägt es.
    [one] Das Etikett „{ $name }“ entfernen? Eine Unterhaltung verliert es. Das lässt sich nicht rückgängig machen.
   *[other] Das Etikett „{ $name }“ entfernen? { $n } Unterhaltungen verlieren es. Das lässt sich nicht rückgängig machen.
  }
label-empty = Noch keine Etiketten
label-empty-next = Geben Sie oben einen Namen ein, oder drücken Sie L auf einer Unterhaltung.
label-note = Wo der Mailserver es erlaubt, stehen Etiketten dort als Schlüsselwörter, und andere Programme zeigen sie. Sonst bleiben sie auf diesem Rechner.
labelled = { $n ->
    [one] Mit „{ $name }“ versehen
   *[other] { $n } Unterhaltungen mit „{ $name }“ versehen
  }
unlabelled = { $n ->
    [one] Etikett „{ $name }“ abgenommen
   *[other] Etikett „{ $name }“ von { $n } Unterhaltungen abgenommen
  }
color-0 = Messing
color-1 = See
color-2 = Violett
color-3 = Grün
color-4 = Ziegel
color-5 = Blau
color-6 = Rosa
color-7 = Moos
color-8 = Petrol
color-9 = Ton
snooze-title = { $n ->
    [one] Zurückstellen bis …
   *[other] { $n } Unterhaltungen zurückstellen bis …
  }
snooze-later-today = Später heute
snooze-this-evening = Heute Abend
snooze-tomorrow-morning = Morgen früh
snooze-this-weekend = Am Wochenende
snooze-next-week = Nächste Woche
snooze-reply = Bis jemand antwortet
snooze-pick = Zeit wählen …
snooze-pick-empty = Wählen Sie Tag und Uhrzeit.
snooze-pick-past = Diese Zeit ist vorbei; wählen Sie eine künftige.
snooze-day = Tag
snooze-time = Uhrzeit
snooze-do = Zurückstellen
snooze-note = Eine neue Antwort holt eine Unterhaltung immer zurück.
snoozed-until = { $n ->
    [one] Zurückgestellt bis { $when }
   *[other] { $n } Unterhaltungen zurückgestellt bis { $when }
  }
snoozed-reply = { $n ->
    [one] Zurückgestellt, bis jemand antwortet
   *[other] { $n } Unterhaltungen zurückgestellt, bis jemand antwortet
  }
woken = { $n ->
    [one] Wieder an ihrem Platz
   *[other] { $n } Unterhaltungen wieder an ihrem Platz
  }
badge-back = Wieder da
asleep-until = Zurückgestellt bis { $when }
asleep-reply = Zurückgestellt, bis jemand antwortet
rules = Regeln
rules-lead = Was mit eintreffender Post von selbst geschieht. Regeln gelten von oben nach unten und löschen nie etwas endgültig.
rules-none = Noch keine Regeln
rules-none-next = Eine Regel kann Eintreffendes etikettieren, ablegen oder beantworten. Probieren Sie sie an der Post des letzten Monats aus, ehe sie gilt.
rule-new = Neue Regel
rule-edit = Regel ändern
rule-unnamed = Neue Regel
rule-name = Name
rule-when = Wenn eine Nachricht eintrifft und
rule-then = Dann
rule-stop = Nach dieser keine weitere Regel ansehen
rule-save = Regel sichern
rule-try = An der Post des letzten Monats ausprobieren
rule-use = „{ $name }“ anwenden
rule-up = „{ $name }“ nach oben
rule-down = „{ $name }“ nach unten
rule-remove = „{ $name }“ entfernen
rule-removed = Regel „{ $name }“ entfernt
rule-matched = { $n ->
    [0] noch nie angewandt
    [one] einmal angewandt
   *[other] { $shown }-mal angewandt
  }
rule-notice = Regel „{ $rule }“: neue Post
rule-notice-open = Öffnen
rule-conditions = Bedingungen
rule-quantifier = Wie viele gelten müssen
rule-quantifier-all = all das gilt
rule-quantifier-any = etwas davon gilt
rule-quantifier-none = nichts davon gilt
rule-field = Bedingung
rule-field-from = Von
rule-field-to = An
rule-field-cc = Cc
rule-field-recipient = Irgendein Empfänger
rule-field-subject = Betreff
rule-field-body = Text
rule-field-list = Mailingliste
rule-field-file = Dateiname
rule-field-bcc = Bcc
rule-field-reply_to = Antwort an
rule-date-after = Ab diesem Tag
rule-date-before = Vor diesem Tag
rule-field-header = Kopfzeile
rule-field-date = Datum
rule-field-attachment = Anhänge
rule-field-larger = Größer als
rule-field-smaller = Kleiner als
rule-field-account = Konto
rule-field-channel = Kanal
channel-email = Mail
rule-field-bulk = Geschickt von
rule-field-reply = Platz in der Unterhaltung
rule-field-known = Absender
rule-field-group = Gruppe von Bedingungen
rule-how = Vergleich
rule-how-contains = enthält
rule-how-is = ist
rule-how-starts = beginnt mit
rule-how-ends = endet mit
rule-how-regex = entspricht dem regulären Ausdruck
rule-value = Wert
rule-megabytes = Megabyte
rule-attachment-true = hat Dateien
rule-attachment-false = hat keine Dateien
rule-bulk-true = einer Liste oder Maschine
rule-bulk-false = einem Menschen
rule-reply-true = eine Antwort
rule-reply-false = eine erste Nachricht
rule-known-true = jemand Bekanntes
rule-known-false = jemand Fremdes
rule-drop = Bedingung entfernen
rule-add-condition = Bedingung hinzufügen
rule-action = Was geschieht
rule-action-label = Etikett
rule-action-star = Markieren
rule-action-read = Als gelesen kennzeichnen
rule-action-archive = Archivieren
rule-action-trash = In den Papierkorb
rule-action-spam = Zu Spam
rule-action-notify = Sofort Bescheid geben
rule-action-auto-reply = Mit Vorlage antworten
rule-auto-reply-note = Einmal je Person und Tag; nie an Listen, Maschinen, No-Reply-Adressen oder Sie selbst.
rule-template = Vorlage
rule-template-none = Es gibt noch keine Vorlage.
rule-drop-action = Entfernen
rule-add-action = Etwas hinzufügen
trial = Was sie getan hätte
trial-running = Bisher { $looked } Nachrichten angesehen: { $n ->
    [one] eine wäre betroffen.
   *[other] { $shown } wären betroffen.
  }
trial-done = Von { $looked } Nachrichten des letzten Monats { $n ->
    [one] wäre eine betroffen gewesen. Nichts wurde geändert.
   *[other] wären { $shown } betroffen gewesen. Nichts wurde geändert.
  }
trial-stopped = Nach { $looked } Nachrichten angehalten: { $n ->
    [one] eine wäre betroffen gewesen.
   *[other] { $shown } wären betroffen gewesen.
  }
trial-stop = Anhalten
trial-more = … und { $n } weitere

## Senders, templates, sending

settings-writing = Schreiben
settings-senders = Absender und Signaturen
settings-senders-note = Namen und Adressen, unter denen geschrieben wird, mit ihrer Signatur.
settings-templates = Vorlagen
settings-templates-note = Texte für das, was immer wieder geschrieben wird.
settings-sending = Versand
settings-sending-note = Zeit zum Zurückholen, der Server, und wer einspringt.
settings-manage = Verwalten
settings-open = Verwalten: { $what }
settings-change = Ändern
settings-change-one = { $name } ändern
senders-lead = Der erste eines Kontos gilt, solange beim Schreiben kein anderer gewählt wird.
sender-add = Absender hinzufügen
sender-first = erster
sender-no-signature = Keine Signatur
sender-name = Name
sender-address = Adresse
sender-signature = Signatur
sender-signature-example = Mit freundlichen Grüßen
sender-reply-to = Antworten gehen an
sender-reply-to-note = Bleibt es leer, kommen sie an die Adresse oben.
sender-make-first = In diesem Konto zuerst verwenden
sender-remove = Entfernen
templates-lead = Beim Schreiben ; und das Kürzel tippen, und der Text steht da, mit ausgefüllten Variablen.
templates-empty = Noch keine Vorlage
template-add = Neue Vorlage
template-name = Name
template-shortcut = Kürzel
template-shortcut-note = Getippt als ;{ $name }
template-subject-note = Bleibt er leer, behält die Nachricht ihren eigenen.
template-text = Text
template-variables = Variablen
template-variables-note = Ein Druck setzt eine ein; sie wird für jeden Empfänger ausgefüllt.
template-remove = Löschen
variable-contact-name = Name des Empfängers
variable-contact-first_name = Vorname
variable-contact-address = Adresse des Empfängers
variable-sender-name = Ihr Name
variable-sender-address = Ihre Adresse
variable-account-name = Name des Kontos
variable-date-today = Heutiges Datum
variable-date-tomorrow = Das Datum von morgen
variable-appointment-start = Zeit des Termins
variable-appointment-date = Tag des Termins
variable-appointment-time = Uhrzeit des Termins
variable-appointment-service = Leistung des Termins
variable-appointment-staff = Wer den Termin wahrnimmt
variable-appointment-place = Ort des Termins
sending-lead = Was gesendet wird, wartet einen Augenblick, damit es zurückgeholt werden kann.
sending-undo = Zeit zum Zurückholen
sending-undo-none = keine
sending-pace = Nachrichten je Minute
sending-pace-note = Was darüber ist, wartet bis zur nächsten Minute.
sending-pace-usual = wie dort üblich ({ $shown })
sending-pace-free = so viele, wie der Server nimmt
sending-pace-some = höchstens { $shown }
sending-watched = Nachverfolgung
sending-watched-note = Dieser Schlüssel darf nur senden: Ob der Anbieter verfolgt, wer Mail öffnet, ist damit nicht zu sehen. Vergewissern Sie sich, dass dort für die Domain das Verfolgen von Öffnen und Klicks ausgeschaltet ist.
sending-fallback = Springt ein
sending-fallback-note = Sendet an seiner Stelle, wenn dieses Konto nicht kann.
sending-fallback-none = niemand
sending-server = Server für den Versand
sending-server-own = Der des Kontos
sending-server-none = Nicht eingerichtet: Dieses Konto kann noch nicht senden.
sending-server-set = Einrichten
sending-server-kept = { $name } kann jetzt senden
sending-host = SMTP-Server
sending-password-note = Bleibt es leer, gilt das Passwort des Kontos.
sending-try = Prüfen und speichern
badge-planned = Geplant

## Regeln, Etiketten und Zurückstellen, wie der Kern es sagt

said-label-no-name = Geben Sie dem Etikett einen Namen
said-label-name-long = Der Name eines Etiketts hat höchstens 60 Zeichen
said-label-name-line = Der Name eines Etiketts ist eine Zeile einfacher Text
said-label-taken = Es gibt schon ein Etikett „{ $name }“; wählen Sie einen anderen Namen
said-snooze-past = Diese Zeit ist vorbei; wählen Sie eine künftige
said-snooze-far = Das ist in mehr als zehn Jahren; wählen Sie eine frühere Zeit
said-rules-many = es gibt schon 500 Regeln; entfernen Sie erst eine
said-setting-unknown = Eine Einstellung „{ $key }“ gibt es nicht.
said-setting-form = Dieser Wert passt nicht zur Einstellung „{ $key }“.
said-quiet-time = Geben Sie eine Uhrzeit zwischen 00:00 und 23:59 ein, etwa 20:00.
said-quiet-no-hours = Ruhezeiten beginnen und enden zu verschiedenen Zeiten.
said-quiet-no-days = Wählen Sie mindestens einen Tag für die Ruhezeit.
said-setting-rule-twice = Für dasselbe Konto gibt es zwei Angaben; behalten Sie eine.
said-setting-too-much = Das ist länger, als es sein kann; entfernen Sie zuerst etwas.
said-setting-spell-language = „en“ oder „de_DE“ wäre eine Sprache; wählen Sie eine aus der Liste.
said-setting-keys-twice = Zwei Befehle haben dieselben Tasten; geben Sie einem andere.
said-rule-no-name = Geben Sie der Regel einen Namen
said-rule-name-line = Der Name einer Regel ist eine Zeile mit höchstens 120 Zeichen
said-rule-conditions-many = Eine Regel hat höchstens 100 Bedingungen; machen Sie zwei daraus
said-rule-no-action = Wählen Sie, was die Regel tut
said-rule-two-moves = Wählen Sie eines von Archiv, Papierkorb und Spam
said-rule-action-twice = Das ist zweimal gewählt
said-rule-two-answers = Eine Regel antwortet nur mit einer Vorlage
said-rule-no-condition = Fügen Sie eine Bedingung hinzu; ohne eine beträfe die Regel jede Nachricht
said-rule-group-empty = Fügen Sie dieser Gruppe eine Bedingung hinzu, oder entfernen Sie die Gruppe
said-rule-too-deep = Gruppen liegen höchstens vier tief; machen Sie zwei Regeln daraus
said-rule-no-account = Wählen Sie ein Konto
said-rule-no-size = Nichts ist kleiner als 0 Byte; geben Sie eine Größe ein
said-rule-no-words = Geben Sie die gesuchten Wörter ein
said-rule-words-long = Geben Sie höchstens 1000 Zeichen ein
said-rule-regex = Dieser reguläre Ausdruck geht nicht: { $why }
said-rule-choose-label = Wählen Sie ein Etikett
said-rule-choose-template = Wählen Sie eine Vorlage
said-rule-label-gone = Dieses Etikett gibt es nicht mehr; wählen Sie ein anderes
said-rule-template-gone = Diese Vorlage gibt es nicht mehr; wählen Sie eine andere
said-rule-account-gone = Dieses Konto gibt es nicht mehr; wählen Sie ein anderes
said-usual-password = nehmen Sie das Passwort dieses Postfachs
said-imap-off = nehmen Sie das Passwort dieses Postfachs. IMAP muss zuvor in den Einstellungen von { $name } eingeschaltet werden
said-app-password = { $name } nimmt von Mailprogrammen nicht das übliche Passwort an: erstellen Sie auf der Seite des Anbieters ein App-Passwort und fügen Sie es hier ein. Dafür muss dort die Bestätigung in zwei Schritten eingeschaltet sein
said-paid-app-password = { $name } nimmt von Mailprogrammen nicht das übliche Passwort: Legen Sie auf der Seite ein App-Passwort an und fügen Sie es hier ein; die Bestätigung in zwei Schritten muss dort eingeschaltet sein. IMAP muss zuerst in den Einstellungen von { $name } eingeschaltet werden; im kostenlosen Tarif gibt es keines
said-second-password = { $name } hat für Mailprogramme ein eigenes Passwort; legen Sie es auf der Seite des Anbieters fest
said-bridge-password = Proton Mail Bridge muss auf diesem Rechner laufen; nehmen Sie den Benutzernamen und das Passwort, die dort stehen
said-account-name = geben Sie einen Namen ein, eine Zeile mit höchstens 100 Zeichen
said-schedule-unread = der Zeitplan „{ $expression }“ ist kein Cron-Ausdruck: { $reason }; schreiben Sie fünf Felder wie „*/15 * * * *“
said-history-days = wählen Sie 1 bis 36500 Tage, oder 0, um alles zu behalten
said-history-whole = dieses Konto holt keine Mail von einem Server, deshalb bleibt alles hier
said-accounts-order = nennen Sie jedes Konto einmal
said-sender-of-another = dieser Absender gehört zu einem anderen Konto
said-duplicate = { $address } ist schon da, als „{ $name }“; dieselben Nachrichten wären doppelt hier
said-oauth-denied = auf der Seite im Browser wurde nichts erlaubt, also wurde nichts angemeldet. Melden Sie sich noch einmal an und erlauben Sie, worum Deskbell bittet
said-oauth-expired = die Anmeldung im Browser wurde nicht binnen zehn Minuten abgeschlossen. Melden Sie sich noch einmal an
said-oauth-used = diese Antwort des Browsers wurde schon verwendet. Melden Sie sich noch einmal an
said-oauth-foreign = es kam eine Antwort, die nicht zu dieser Anmeldung gehört; sie wurde nicht verwendet. Melden Sie sich noch einmal an
said-oauth-no-answer = das ist nicht die Adresse, auf der der Browser endete: sie muss „code=“ und „state=“ enthalten. Kopieren Sie die ganze Adresszeile oder alles, was die Seite zeigt
said-oauth-code-refused = { $vendor } nahm die Antwort des Browsers nicht an; sie ist vielleicht zu alt oder von einer anderen Anmeldung. Melden Sie sich noch einmal an
said-oauth-missing-scope = { $vendor } durfte Deskbell nicht alles geben, was es für Mail braucht ({ $missing }). Melden Sie sich noch einmal an und haken Sie alles an
said-oauth-not-lasting = { $vendor } gab keine dauerhafte Anmeldung; sie würde binnen einer Stunde enden. Melden Sie sich noch einmal an und erlauben Sie den Zugriff auch in Ihrer Abwesenheit
said-oauth-blocked = in Ihrer Organisation darf nur die Verwaltung Deskbell erlauben. Schicken Sie ihr die Seite dafür
said-oauth-blocked-page = in Ihrer Organisation darf nur die Verwaltung Deskbell erlauben. Schicken Sie ihr die Seite dafür: { $page }
said-oauth-clock = die Uhr dieses Rechners geht { $minutes } Minuten falsch, darum sieht die Anmeldung veraltet aus. Stellen Sie die Uhr und melden Sie sich noch einmal an
said-oauth-client = { $vendor } nimmt die Client-ID von Deskbell nicht an ({ $code }). Prüfen Sie die Client-ID, ihr Geheimnis und ihre Rücksprungadressen
said-oauth-busy = { $vendor } hat gerade eigene Schwierigkeiten. Melden Sie sich später noch einmal an
said-oauth-nonsense = { $vendor } schickte eine Antwort, die keinen Sinn ergibt ({ $what }). Melden Sie sich später noch einmal an
said-oauth-nobody = { $vendor } sagt nicht, welches Postfach angemeldet wurde. Erlauben Sie, dass die Mailadresse genannt wird
said-oauth-other = { $vendor } lehnte die Anmeldung ab ({ $code })
said-oauth-over = { $vendor } nimmt diese Anmeldung nicht mehr an; sie wurde zurückgenommen oder das Passwort geändert
said-oauth-server = der Anmeldeserver
said-oauth-cut = sie ist abgebrochen oder kein JSON
said-oauth-empty = sie ist leer oder von anderer Art
said-oauth-endless = sie hat kein Ende
said-oauth-no-code = sie enthält keinen Code
said-oauth-id-token = ihr ID-Token lässt sich nicht lesen
said-oauth-plain-pages = seine Seiten liegen nicht unter https
said-oauth-cut-off = die Verbindung brach ab, bevor die Antwort vollständig war
said-oauth-no-deep-link = { $vendor } leitet nicht zu deskbell://-Adressen weiter; wählen Sie einen Port dieses Rechners
said-oauth-no-api = { $vendor } hat keine API für Mail; wählen Sie IMAP
said-oauth-no-port = für die Antwort des Browsers ist kein Port dieses Rechners frei ({ $why })
said-oauth-redirect = die Rücksprungadresse ist keine
said-oauth-page-unfit = die Seite muss eine Adresse wie https://studio.example/signed-in sein, mit https und ohne #
said-oauth-client-unfit = das ist keine Client-ID; kopieren Sie sie noch einmal, ohne Leerzeichen
said-oauth-address = die Adresse des Anmeldeservers ist keine
said-oauth-unasked = { $host } lässt sich so nicht fragen
said-oauth-issuer = der Aussteller muss eine Adresse wie https://login.example.org sein, mit https
said-oauth-issuer-endless = die Selbstbeschreibung des Ausstellers hat kein Ende; prüfen Sie die Adresse
said-oauth-issuer-none = unter dieser Adresse ist kein OpenID-Connect-Server; prüfen Sie den Aussteller
said-oauth-issuer-other = der Server dort nennt einen anderen Aussteller als diesen; prüfen Sie die Adresse
said-oauth-issuer-missing = geben Sie die Adresse des Anmeldeservers ein, etwa https://login.example.org
said-oauth-client-missing = Deskbell kam ohne Client-ID für diesen Anbieter. Erstellen Sie eine auf der Seite des Anbieters und tragen Sie sie in den Einstellungen ein
said-oauth-unstored = die erneuerte Anmeldung ließ sich nicht speichern: { $why }
said-oauth-unrenewed = die Anmeldung ließ sich nicht erneuern
said-oauth-no-grant = für dieses Konto ist keine Anmeldung gespeichert; melden Sie sich noch einmal an
said-oauth-unread = die gespeicherte Anmeldung lässt sich nicht lesen: { $why }
said-oauth-at-once-refused = der Server nimmt die Anmeldung nicht an, die sein Anbieter gerade gab
said-oauth-imap-missing = der Server mit den Nachrichten muss genannt werden: geben Sie seinen IMAP-Server ein
said-oauth-api-unknown = die API von { $vendor } ist hier nicht bekannt; wählen Sie IMAP
said-oauth-wrong-account = Sie haben sich als { $signed_in } angemeldet, und dieses Konto ist { $account }. Melden Sie sich mit dem richtigen Postfach an; nichts wurde geändert
said-oauth-by-password = { $name } meldet sich mit einem Passwort an, nicht im Browser
said-oauth-no-password = dieses Konto meldet sich im Browser an; es nimmt kein Passwort
said-oauth-own-sending = dieses Konto sendet mit seiner Anmeldung aus dem Browser; ein anderer Server lässt sich nicht wählen
said-oauth-replaced = die Anmeldung wird gerade ersetzt
said-oauth-given-back = diese Anmeldung wurde zurückgegeben; melden Sie sich neu an
said-oauth-port-only = dieser Anbieter antwortet nur an einen Port dieses Rechners; wählen Sie den
said-oauth-forgotten = diese Anmeldung ist nicht mehr bekannt. Beginnen Sie sie noch einmal
said-oauth-closed = Deskbell wurde inzwischen geschlossen. Melden Sie sich noch einmal an
said-profile-closed = das Profil wurde geschlossen
said-token-refused = der Server nimmt diese Anmeldung nicht an; melden Sie sich noch einmal an und prüfen Sie, ob sie zu diesem Postfach gehört
said-no-xoauth2 = dieser Server nimmt keine Anmeldung aus dem Browser; nehmen Sie für ihn ein Passwort
settings-filing = Ablage
settings-rules = Was mit eintreffender Post von selbst geschieht
settings-labels = Eigene Namen für Unterhaltungen
said-gmail-unreadable = die Antwort von Gmail war nicht lesbar; vielleicht wurde sie unterwegs abgeschnitten
said-gmail-sign-in = Google nimmt diese Anmeldung nicht mehr an
said-gmail-permissions = Google wurden nicht alle Rechte erteilt; melden Sie sich neu an und lassen Sie alle Häkchen gesetzt
said-gmail-filtered = etwas zwischen hier und Google hat die Anfrage abgelehnt ({ $status }); Deskbell versucht es wieder
said-gmail-too-large = Die Nachricht ist größer als die 35 MB, die Gmail annimmt; entfernen Sie eine Datei oder senden Sie einen Link
said-gmail-refused = Gmail hat die Nachricht abgelehnt: { $why }
said-gmail-not-erased = Gmail hat kein Recht erhalten, Post endgültig zu löschen; legen Sie sie stattdessen in den Papierkorb
said-graph-no-upload = Microsoft nennt keinen sicheren Ort, an den eine Datei hochgeladen werden kann
said-graph-upload-failed = Microsoft hat eine Datei nicht angenommen
said-graph-closed = das Konto wurde inzwischen geschlossen
said-graph-cut = die Antwort von Microsoft ist abgeschnitten oder kein JSON; versuchen Sie es gleich noch einmal
said-graph-sign-in = Microsoft nimmt diese Anmeldung nicht mehr an; melden Sie sich neu an
said-graph-may-not-read = Microsoft weiß nicht, dass Deskbell dieses Postfach lesen und ändern darf; melden Sie sich neu an und erlauben Sie es
said-graph-may-not-send = Microsoft weiß nicht, dass Deskbell für dieses Postfach senden darf; melden Sie sich neu an und erlauben Sie es
said-graph-filtered = etwas zwischen hier und Microsoft hat die Anfrage abgelehnt (403); Deskbell versucht es wieder
said-graph-closed-folder = Microsoft lässt niemanden diesen Ordner mit einem Programm lesen
said-graph-no-mailbox = dieses Microsoft-Konto hat kein Postfach in der Cloud; fügen Sie es über IMAP hinzu
said-graph-trouble = Microsoft hat gerade selbst Probleme ({ $status }); Deskbell macht von allein weiter
said-graph-elsewhere = Microsoft verweist anderswohin; prüfen Sie die API-Adresse des Kontos
said-graph-full = das Postfach ist voll; schaffen Sie darin Platz
said-graph-no = Microsoft hat abgelehnt ({ $status })
said-graph-drafts-only = Microsoft nimmt nur Kopien von Entwürfen; was es sendet, behält es selbst
said-graph-no-folder = Microsoft hat in diesem Postfach keinen Ordner „{ $name }“
said-graph-no-such-folder = Microsoft hat keinen solchen Ordner
said-graph-folders-endless = die Ordnerliste von Microsoft hat kein Ende
said-graph-foreign-link = die Antwort von Microsoft verweist auf eine fremde Adresse; ihr wurde nicht gefolgt
said-graph-broken-off = die Liste der Änderungen von Microsoft bricht ab und sagt nicht, wo es weitergeht
said-graph-endless = die Antwort nahm kein Ende
said-graph-pause = Microsoft möchte eine Pause
said-graph-send-as = Microsoft lässt dieses Konto nicht als { $sender } senden; wählen Sie einen anderen Absender ({ $words })
said-graph-recipients = Microsoft kann an eine der Adressen nicht senden; prüfen Sie sie ({ $words })
said-graph-too-large = Die Nachricht ist größer, als dieses Postfach senden darf; entfernen Sie eine Datei oder senden Sie einen Link
said-graph-answered = Microsoft antwortete mit { $status }
said-graph-which-mailbox = Microsoft sagt nicht, welches Postfach diese Anmeldung öffnet
said-api-endless = die Antwort von { $host } ist größer als { $size } MB und wurde nicht gelesen
said-api-foreign-link = der Anbieter verweist auf eine fremde Adresse

## Um das Fenster herum: Infobereich und Benachrichtigungen, die der Kern spricht
start-refused = Deskbell kann Ihre Daten nicht öffnen
start-refused-place = Ihre Daten liegen in { $directory }.
browser-done = Zurück zu Deskbell
browser-done-text = Deskbell hat die Antwort. Sie können diese Seite schließen.
browser-foreign = Nicht verwendet
browser-foreign-text = Diese Antwort gehört nicht zu der Anmeldung, auf die Deskbell wartet. Melden Sie sich in Deskbell neu an.
browser-nothing = Hier ist nichts
tray-updating = Ihre Mail wird für diese Version auf den neuesten Stand gebracht.
tray-open = Deskbell öffnen
tray-compose = Nachricht schreiben
tray-sync = Jetzt Post holen
tray-pause = Benachrichtigungen anhalten
tray-pause-hour = Für eine Stunde
tray-pause-tomorrow = Bis morgen früh
tray-pause-off = Nicht angehalten
tray-quit = Deskbell beenden
tray-stays = Deskbell läuft in der Leiste weiter
tray-stays-how = Es holt weiter Post. Zum Beenden wählen Sie „Deskbell beenden“ im Menü seines Symbols.
tray-tooltip-none = Deskbell: nichts ungelesen
tray-tooltip = Deskbell: { $n ->
    [one] { $n } Unterhaltung ungelesen
   *[other] { $n } Unterhaltungen ungelesen
}
news-reply = Antworten
news-archive = Archivieren
news-read = Als gelesen markieren
news-many = { $n ->
    [one] { $n } neue Nachricht
   *[other] { $n } neue Nachrichten
}
news-from = Von { $names }
news-from-more = Von { $names } und { $more ->
    [one] einer weiteren Person
   *[other] { $more } weiteren
}
news-hidden = Eine neue Nachricht ist da
news-no-subject = (kein Betreff)
news-nobody = Jemand ohne Adresse

## Was aus einer Nachricht wurde

outgoing-rest = Gesendet; manche bekommen sie später
outgoing-rest-names = Für { $names } nimmt der Server sie erst später an. Deskbell versucht es in { $left } von selbst wieder.
outgoing-rest-now = Für { $names } nimmt der Server sie erst später an. Deskbell versucht es gerade wieder.
undo-rest = Gesendet { $to }; { $waiting } bekommt sie später
outgoing-lost = Gesendet; bei manchen weiß es niemand
outgoing-lost-names = { $n ->
    [one] Niemand weiß, ob sie { $names } erreicht hat: Die Verbindung brach ab, als sie noch einmal gesendet wurde. Fragen Sie nach, bevor Sie sie erneut senden.
   *[other] Niemand weiß, ob sie { $names } erreicht hat: Die Verbindung brach ab, als sie noch einmal gesendet wurde. Fragen Sie dort nach, bevor Sie sie erneut senden.
}
undo-lost = Gesendet { $to }; niemand weiß, ob sie { $lost } erreicht hat
delivery-lost-some = { $some } von { $n } ungewiss
delivery-one-lost = ungewiss, ob sie ankam
outbox-partly = Gesendet, manche bekommen sie später
delivery-details = Was aus dieser Nachricht wurde
delivery-left = Gesendet
delivery-delivered = Zugestellt
delivery-read = Gelesen
delivery-delivered-some = Zugestellt an { $some } von { $n }
delivery-read-some = Gelesen von { $some } von { $n }
delivery-delayed = Verzögert
delivery-waiting-some = { $some } von { $n } erst später
delivery-some = { $some } von { $n } nicht erreicht
delivery-none = Nicht zugestellt
delivery-one-refused = abgewiesen
delivery-one-failed = zurückgekommen
delivery-one-waiting = bekommt sie später
delivery-one-delayed = unterwegs verzögert
delivery-one-left = gesendet
delivery-one-delivered = zugestellt
delivery-one-read = gelesen
delivery-next = Nächster Versuch: { $when }
delivery-next-now = Wird gerade wieder versucht
delivery-left-at = Hinausgegangen: { $when }.
delivery-via = { " " }Gesendet von { $name }.
delivery-no-reports = { " " }Ob sie ankam, haben die Server nicht gemeldet; die meisten tun das nie.
bounce-no-mailbox = Dieses Postfach gibt es nicht. Prüfen Sie die Adresse.
bounce-no-domain = Die Domain nimmt keine Post an oder es gibt sie nicht. Prüfen Sie den Teil nach dem @.
bounce-bad-address = Der Server kann diese Adresse nicht lesen. Prüfen Sie sie.
bounce-switched-off = Dieses Postfach ist abgeschaltet. Erreichen Sie die Person auf anderem Weg.
bounce-full = Das Postfach ist voll. Versuchen Sie es in ein paar Tagen wieder oder erreichen Sie die Person auf anderem Weg.
bounce-too-large = Die Nachricht ist zu groß für dieses Postfach. Senden Sie sie mit weniger oder kleineren Dateien.
bounce-too-late = Der Server war tagelang nicht zu erreichen, die Nachricht wurde aufgegeben. Senden Sie sie noch einmal oder erreichen Sie die Person auf anderem Weg.
bounce-no-way = Der Server war nicht zu erreichen. Senden Sie sie später noch einmal.
bounce-form = Der Server kann die Nachricht in dieser Form nicht annehmen. Senden Sie sie als reinen Text oder ohne ihre Dateien.
bounce-rules = Die Regeln des Servers lassen diese Nachricht nicht durch. Erreichen Sie die Person auf anderem Weg oder bitten Sie sie, Ihre Adresse zuzulassen.
sending-after = Wann es einspringt
sending-after-note = Wie lange es zuerst auf dem eigenen Weg versucht wird.
sending-after-none = sofort
sending-after-some = nach { $time }

## Export

settings-export = Exportieren
settings-export-note = Alle Post mit Dateien, Etiketten und Regeln in einen Ordner Ihrer Wahl, als mbox und JSON, die andere Programme lesen.
settings-export-begin = Ordner wählen …
settings-export-again = Noch einmal …
settings-export-running = { $done } von { $total } Nachrichten
settings-export-into = Nach { $path }
settings-export-progress = Wie weit der Export ist
settings-export-cancel = Abbrechen
settings-export-cancelling = Wird beendet …
settings-export-done = { $n ->
    [one] Eine Nachricht wurde nach { $path } exportiert.
   *[other] { $shown } Nachrichten wurden nach { $path } exportiert.
}
settings-export-without = { $n ->
    [one] Der Text einer Nachricht ist noch nicht hier; sie ist nur aufgeführt. Exportieren Sie noch einmal, sobald das Konto aktuell ist.
   *[other] Der Text von { $shown } Nachrichten ist noch nicht hier; sie sind nur aufgeführt. Exportieren Sie noch einmal, sobald die Konten aktuell sind.
}
settings-export-show = Ordner zeigen
settings-export-cancelled = Der Export wurde abgebrochen; nichts davon blieb zurück.
settings-export-failed = Der Export blieb stehen.
settings-export-by-bell = Im Terminal leistet dasselbe
said-export-no-room = für { $path } ist kein Platz mehr; schaffen Sie Platz oder wählen Sie einen Ordner auf einem anderen Datenträger
said-export-forbidden = Deskbell darf { $path } nicht schreiben; wählen Sie einen Ordner, der Ihnen gehört
said-export-running = es läuft schon ein Export; warten Sie sein Ende ab, oder brechen Sie ihn ab
said-export-none = seit dem Start von Deskbell wurde nichts exportiert

## Was Server über das Senden sagen

said-send-no-mailbox = dieses Postfach gibt es nicht: { $address }
said-send-no-mailbox-words = dieses Postfach gibt es nicht: { $address } ({ $words })
said-send-no-domain = die Domain von { $address } nimmt keine Post an oder es gibt sie nicht
said-send-no-domain-words = die Domain von { $address } nimmt keine Post an oder es gibt sie nicht ({ $words })
said-send-address-unread = der Server kann die Adresse { $address } nicht lesen
said-send-address-unread-words = der Server kann die Adresse { $address } nicht lesen ({ $words })
said-send-mailbox-full = das Postfach von { $address } ist voll
said-send-mailbox-full-words = das Postfach von { $address } ist voll ({ $words })
said-send-mailbox-off = das Postfach von { $address } ist abgeschaltet
said-send-mailbox-off-words = das Postfach von { $address } ist abgeschaltet ({ $words })
said-send-too-many = der Server nimmt in einer Nachricht nicht mehr Empfänger an; an { $address } geht sie gesondert
said-send-too-many-words = der Server nimmt in einer Nachricht nicht mehr Empfänger an; an { $address } geht sie gesondert ({ $words })
said-send-no-relay = der Server leitet für dieses Konto keine Post an { $address } weiter; prüfen Sie die Anmeldung
said-send-no-relay-words = der Server leitet für dieses Konto keine Post an { $address } weiter; prüfen Sie die Anmeldung ({ $words })
said-send-not-now = { $address } wird gerade nicht angenommen
said-send-not-now-words = { $address } wird gerade nicht angenommen ({ $words })
said-send-address-refused = der Server hat { $address } abgewiesen
said-send-address-refused-words = der Server hat { $address } abgewiesen ({ $words })
said-send-too-large = die Nachricht ist zu groß für diesen Server; entfernen Sie eine Datei oder senden Sie einen Link
said-send-too-large-words = die Nachricht ist zu groß für diesen Server; entfernen Sie eine Datei oder senden Sie einen Link ({ $words })
said-send-not-as = der Server lässt dieses Konto nicht als { $sender } senden; wählen Sie einen anderen Absender
said-send-not-as-words = der Server lässt dieses Konto nicht als { $sender } senden; wählen Sie einen anderen Absender ({ $words })
said-send-wants-sign-in = der Server verlangt zuerst eine Anmeldung; prüfen Sie Benutzernamen und Passwort
said-send-wants-sign-in-words = der Server verlangt zuerst eine Anmeldung; prüfen Sie Benutzernamen und Passwort ({ $words })
said-send-limit = die Grenze des Servers für das Senden ist erreicht
said-send-limit-words = die Grenze des Servers für das Senden ist erreicht ({ $words })
said-send-unwanted = der Server hält die Nachricht für unerwünscht oder schädlich
said-send-unwanted-words = der Server hält die Nachricht für unerwünscht oder schädlich ({ $words })
said-send-rules = die Regeln des Servers erlauben diese Nachricht nicht
said-send-rules-words = die Regeln des Servers erlauben diese Nachricht nicht ({ $words })
said-send-form = der Server kann die Nachricht in dieser Form nicht befördern
said-send-form-words = der Server kann die Nachricht in dieser Form nicht befördern ({ $words })
said-send-message-not-now = der Server nimmt die Nachricht gerade nicht an
said-send-message-not-now-words = der Server nimmt die Nachricht gerade nicht an ({ $words })
said-send-message-refused = der Server hat die Nachricht abgewiesen
said-send-message-refused-words = der Server hat die Nachricht abgewiesen ({ $words })
said-send-larger = die Nachricht hat { $size } und dieser Server nimmt höchstens { $limit }; entfernen Sie eine Datei oder senden Sie einen Link
said-send-letters = dieser Server kann die Buchstaben in { $address } nicht befördern; bitten Sie um eine Adresse in einfachen Buchstaben
said-send-letters-headers = dieser Server kann die Buchstaben in den Kopfzeilen der Nachricht nicht befördern
said-send-its-letters = der Server kann ihre Buchstaben nicht befördern
said-send-ascii = dieser Server befördert nur reines ASCII; die Nachricht muss umgewandelt werden
said-send-no-sender-address = „{ $address }“ ist keine Adresse, von der gesendet werden kann; prüfen Sie den Absender
said-send-no-address = „{ $address }“ ist keine Mailadresse; berichtigen Sie sie
said-send-not-an-address = das ist keine Mailadresse
said-send-nobody = die Nachricht ist an niemanden gerichtet; geben Sie einen Empfänger an
said-send-interrupted = Deskbell wurde beendet, während diese Nachricht gesendet wurde; sie wird gesucht, bevor sie noch einmal gesendet wird
said-send-no-way = kein Konto kann diese Nachricht senden: geben Sie in den Einstellungen des Kontos einen Server für den Versand ein
said-send-file-unread = die Datei „{ $name }“ ist nicht zu lesen: { $why }; hängen Sie sie noch einmal an
said-attachment-missing = eine Datei des Anhangs fehlt: { $why }
said-attachment-damaged = eine Datei des Anhangs wurde verändert oder beschädigt
said-send-sign-in = Senden: die Anmeldung wurde abgelehnt: { $why }
said-send-no-smtp = was der Server sandte, ist kein SMTP
said-send-broke = { $why }, bevor er sagte, ob er die Nachricht angenommen hat

## Wie weit zurück Post hier aufgehoben wird

account-history = Auf diesem Computer aufheben
account-history-all = Alles, was der Anbieter hat, liegt auch hier.
account-history-note = Ältere Post wird hier nicht aufgehoben; beim Anbieter liegt alles.
account-history-forgets = Ältere Post wird auf diesem Computer vergessen, und nur hier: Sie bleibt beim Anbieter, ist hier nicht mehr zu finden und kommt wieder, sobald Sie mehr wählen. Was markiert ist, Entwürfe und noch nicht Gesendetes bleiben.
account-history-fetches = Ältere Post wird vom Anbieter geholt, die neueste zuerst.
history-all = alle Post
history-years = letzte 3 Jahre
history-year = letztes Jahr
history-quarter = letzte 3 Monate
history-month = letzter Monat
history-days = { $n ->
    [one] letzter Tag
   *[other] letzte { $n } Tage
}
health-complete-window = Auf diesem Computer: { $span }.
