//! What the core says about mailboxes behind Microsoft Graph.

/// Key and English of every sentence, as in [`super::catalogue`].
pub(super) const GRAPH: &[(&str, &str)] = &[
    ("graph-no-upload", "Microsoft gives no safe place to upload a file to"),
    ("graph-upload-failed", "Microsoft did not take a file over"),
    ("graph-closed", "the account was closed meanwhile"),
    ("graph-cut", "Microsoft's answer is cut off or no JSON; try again in a moment"),
    ("graph-sign-in", "Microsoft does not accept this sign-in any more; sign in again"),
    (
        "graph-may-not-read",
        "Microsoft was not told that Deskbell may read and change this mailbox; sign in again and allow it",
    ),
    (
        "graph-may-not-send",
        "Microsoft was not told that Deskbell may send for this mailbox; sign in again and allow it",
    ),
    (
        "graph-filtered",
        "something between here and Microsoft refused the request (403); Deskbell tries again",
    ),
    ("graph-closed-folder", "Microsoft lets nobody read this folder by a program"),
    (
        "graph-no-mailbox",
        "this Microsoft account has no mailbox in the cloud; add it by IMAP instead",
    ),
    ("graph-trouble", "Microsoft has trouble of its own ({status}); Deskbell goes on by itself"),
    ("graph-elsewhere", "Microsoft pointed somewhere else; check the account's address of the API"),
    ("graph-full", "the mailbox is full; make room in it"),
    ("graph-no", "Microsoft said no ({status})"),
    (
        "graph-drafts-only",
        "Microsoft takes copies of drafts only; what it sends it keeps by itself",
    ),
    ("graph-no-folder", "Microsoft has no folder “{name}” in this mailbox"),
    ("graph-no-such-folder", "Microsoft has no such folder"),
    ("graph-folders-endless", "Microsoft's list of folders has no end"),
    (
        "graph-foreign-link",
        "Microsoft's answer points to an address that is not its own; it was not followed",
    ),
    ("graph-broken-off", "Microsoft's list of changes breaks off without a place to go on from"),
    ("graph-endless", "the answer was endless"),
    ("graph-pause", "Microsoft wants a pause"),
    (
        "graph-send-as",
        "Microsoft does not let this account send as {sender}; choose another sender ({words})",
    ),
    ("graph-recipients", "Microsoft cannot send to one of the addresses; check them ({words})"),
    (
        "graph-too-large",
        "The message is larger than this mailbox may send; remove a file or send a link",
    ),
    ("graph-answered", "Microsoft answered {status}"),
    ("graph-which-mailbox", "Microsoft does not say which mailbox this sign-in opens"),
    ("api-endless", "the answer of {host} is larger than {size} MB and was not read"),
    ("api-foreign-link", "the provider pointed to an address that is not its own"),
];
