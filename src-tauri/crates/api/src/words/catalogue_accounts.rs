//! What the core says about accounts: finding their settings, signing in, their life here.

/// Key and English of every sentence, as in [`super::catalogue`].
pub(super) const ACCOUNTS: &[(&str, &str)] = &[
    ("usual-password", "Use the password of this mailbox"),
    (
        "imap-off",
        "Use the password of this mailbox. IMAP must be switched on first in the settings of {name}",
    ),
    (
        "app-password",
        "{name} takes no usual password from mail programs: make an app password on its page and paste it. 2-step verification must be on there",
    ),
    (
        "paid-app-password",
        "{name} takes no usual password from mail programs: make an app password on its page and paste it; 2-step verification must be on there. IMAP must be switched on first in the settings of {name}, and its free plan has none",
    ),
    ("second-password", "{name} has a password of its own for mail programs; set it on its page"),
    (
        "bridge-password",
        "Proton Mail Bridge must run on this machine; use the user name and the password it shows",
    ),
    ("account-name", "Enter a name of one line and at most 100 characters"),
    (
        "schedule-unread",
        "the schedule \"{expression}\" is no cron expression: {reason}; write five fields such as \"*/15 * * * *\"",
    ),
    ("history-days", "Choose from 1 to 36500 days, or 0 to keep everything"),
    (
        "history-whole",
        "This account fetches no mail from a server, so all of its mail is kept here",
    ),
    ("accounts-order", "Name each account once"),
    ("sender-of-another", "This sender belongs to another account"),
    ("duplicate", "{address} is here already, as “{name}”; the same mail would be here twice"),
    (
        "oauth-denied",
        "nothing was allowed on the page in the browser, so nothing was signed in. Sign in again and allow what Deskbell asks for",
    ),
    (
        "oauth-expired",
        "the sign-in in the browser was not finished within ten minutes. Sign in again",
    ),
    ("oauth-used", "this answer of the browser has been used already. Sign in again"),
    (
        "oauth-foreign",
        "an answer came that does not belong to this sign-in; it was not used. Sign in again",
    ),
    (
        "oauth-no-answer",
        "this is not the address the browser ended on: it must hold “code=” and “state=”. Copy the whole address line, or all of what the page shows",
    ),
    (
        "oauth-code-refused",
        "{vendor} did not accept the answer of the browser; it may be too old, or of another sign-in. Sign in again",
    ),
    (
        "oauth-missing-scope",
        "{vendor} was not allowed to give Deskbell all it needs for mail ({missing}). Sign in again and tick everything",
    ),
    (
        "oauth-not-lasting",
        "{vendor} gave no lasting sign-in; it would end within the hour. Sign in again and allow access while you are away",
    ),
    (
        "oauth-blocked",
        "your organisation lets only its administrator allow Deskbell. Send the administrator the page to do so",
    ),
    (
        "oauth-blocked-page",
        "your organisation lets only its administrator allow Deskbell. Send the administrator the page to do so: {page}",
    ),
    (
        "oauth-clock",
        "this machine's clock is {minutes} minutes off, so the sign-in looks outdated. Set the clock, then sign in again",
    ),
    (
        "oauth-client",
        "{vendor} does not accept Deskbell's client id ({code}). Check the client id, its secret and its redirect addresses",
    ),
    ("oauth-busy", "{vendor} has trouble of its own at the moment. Sign in again later"),
    ("oauth-nonsense", "{vendor} sent an answer that makes no sense ({what}). Sign in again later"),
    (
        "oauth-nobody",
        "{vendor} does not say which mailbox signed in. Allow it to tell the mail address",
    ),
    ("oauth-other", "{vendor} refused the sign-in ({code})"),
    (
        "oauth-over",
        "{vendor} no longer accepts this sign-in; it was taken back, or the password was changed",
    ),
    ("oauth-server", "the sign-in server"),
    ("oauth-cut", "it is broken off or no JSON"),
    ("oauth-empty", "it is empty or of another kind"),
    ("oauth-endless", "it has no end"),
    ("oauth-no-code", "it holds no code"),
    ("oauth-id-token", "its ID token cannot be read"),
    ("oauth-plain-pages", "its pages are not under https"),
    ("oauth-cut-off", "the connection broke before the answer was complete"),
    (
        "oauth-no-deep-link",
        "{vendor} does not redirect to deskbell:// addresses; choose a port of this machine",
    ),
    ("oauth-no-api", "{vendor} has no API for mail; choose IMAP"),
    ("oauth-no-port", "no port of this machine is free for the browser's answer ({why})"),
    ("oauth-redirect", "the redirect address is none"),
    (
        "oauth-page-unfit",
        "the page must be an address such as https://studio.example/signed-in, with https and without #",
    ),
    ("oauth-client-unfit", "this is no client id; copy it again, without spaces"),
    ("oauth-address", "the sign-in server's address is none"),
    ("oauth-unasked", "{host} cannot be asked this"),
    ("oauth-issuer", "the issuer must be an address such as https://login.example.org, with https"),
    ("oauth-issuer-endless", "the issuer's description of itself has no end; check the address"),
    ("oauth-issuer-none", "there is no OpenID Connect server at this address; check the issuer"),
    (
        "oauth-issuer-other",
        "the server there names another issuer than this one; check the address",
    ),
    (
        "oauth-issuer-missing",
        "enter the address of the sign-in server, such as https://login.example.org",
    ),
    (
        "oauth-client-missing",
        "Deskbell came without a client id for this provider. Make one on the provider's page and enter it in the settings",
    ),
    ("oauth-unstored", "the renewed sign-in could not be stored: {why}"),
    ("oauth-unrenewed", "the sign-in could not be renewed"),
    ("oauth-no-grant", "no sign-in is stored for this account; sign in again"),
    ("oauth-unread", "the stored sign-in cannot be read: {why}"),
    (
        "oauth-at-once-refused",
        "the server does not take the sign-in that its provider has just given",
    ),
    ("oauth-imap-missing", "the server that holds the mail must be named: enter its IMAP server"),
    ("oauth-api-unknown", "the API of {vendor} is not known here; choose IMAP"),
    (
        "oauth-wrong-account",
        "You signed in as {signed_in}, and this account is {account}. Sign in again with the right mailbox; nothing was changed",
    ),
    ("oauth-by-password", "{name} signs in with a password, not in the browser"),
    ("oauth-no-password", "This account signs in in the browser; it takes no password"),
    (
        "oauth-own-sending",
        "This account sends with its sign-in of the browser; there is no other server to choose",
    ),
    ("oauth-replaced", "the sign-in is being replaced"),
    ("oauth-given-back", "this sign-in was given back; sign in again"),
    ("oauth-port-only", "This provider answers to a port of this machine only; choose that"),
    ("oauth-forgotten", "This sign-in is no longer known. Begin it again"),
    ("oauth-closed", "Deskbell was closed meanwhile. Sign in again"),
    ("profile-closed", "the profile was closed"),
    (
        "token-refused",
        "the server does not take this sign-in; sign in again, and check that it is for this mailbox",
    ),
    ("no-xoauth2", "this server does not take a sign-in of the browser; use a password for it"),
];
