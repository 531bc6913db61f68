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
    ("accounts-order", "Name each account once"),
    ("sender-of-another", "This sender belongs to another account"),
    ("duplicate", "{address} is here already, as “{name}”; the same mail would be here twice"),
];
