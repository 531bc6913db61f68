//! What the core says about Gmail.

/// Key and English of every sentence, as in [`super::catalogue`].
pub(super) const GMAIL: &[(&str, &str)] = &[
    ("gmail-unreadable", "Gmail's answer could not be read; it may have been cut short"),
    ("gmail-sign-in", "Google does not accept this sign-in any more"),
    (
        "gmail-permissions",
        "Google was not given every permission; sign in again and leave all boxes ticked",
    ),
    (
        "gmail-filtered",
        "something between here and Google refused the request ({status}); Deskbell tries again",
    ),
    (
        "gmail-too-large",
        "The message is larger than the 35 MB Gmail takes; remove a file or send a link",
    ),
    ("gmail-refused", "Gmail refused the message: {why}"),
    (
        "gmail-not-erased",
        "Gmail was not given the permission to erase mail for good; move it to the trash instead",
    ),
];
