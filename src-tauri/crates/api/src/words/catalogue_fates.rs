//! What is said of a message that left and did not arrive.

/// Keys and sentences; see the module above.
pub(super) const FATES: &[(&str, &str)] = &[
    ("fate-returned", "It came back: {why}"),
    ("fate-sent-back", "the recipient's server sent it back"),
    ("fate-not-sent", "Resend could not send it"),
    (
        "fate-suppressed",
        "Resend does not write to this address: mail to it came back before, or was called spam",
    ),
    ("fate-cancelled", "it was cancelled at Resend"),
    ("fate-later", "the recipient's server wants it later"),
    ("fate-spam", "its reader called it spam"),
];
