//! What the core says about sending: refusals by servers, of one recipient or of all, and what came back.
//!
//! Most come with the server's own words behind them and without.

/// Key and English of every sentence, as in [`super::catalogue`].
pub(super) const SENDING: &[(&str, &str)] = &[
    ("send-no-mailbox", "There is no such mailbox: {address}"),
    ("send-no-mailbox-words", "There is no such mailbox: {address} ({words})"),
    ("send-no-domain", "The domain of {address} takes no mail or does not exist"),
    ("send-no-domain-words", "The domain of {address} takes no mail or does not exist ({words})"),
    ("send-address-unread", "The server cannot read the address {address}"),
    ("send-address-unread-words", "The server cannot read the address {address} ({words})"),
    ("send-mailbox-full", "The mailbox of {address} is full"),
    ("send-mailbox-full-words", "The mailbox of {address} is full ({words})"),
    ("send-mailbox-off", "The mailbox of {address} is switched off"),
    ("send-mailbox-off-words", "The mailbox of {address} is switched off ({words})"),
    (
        "send-too-many",
        "The server takes no more recipients in one message; it goes to {address} separately",
    ),
    (
        "send-too-many-words",
        "The server takes no more recipients in one message; it goes to {address} separately ({words})",
    ),
    (
        "send-no-relay",
        "The server does not hand mail on to {address} for this account; check the sign-in",
    ),
    (
        "send-no-relay-words",
        "The server does not hand mail on to {address} for this account; check the sign-in ({words})",
    ),
    ("send-not-now", "{address} is not taken at the moment"),
    ("send-not-now-words", "{address} is not taken at the moment ({words})"),
    ("send-address-refused", "The server refused {address}"),
    ("send-address-refused-words", "The server refused {address} ({words})"),
    ("send-too-large", "The message is too large for this server; remove a file or send a link"),
    (
        "send-too-large-words",
        "The message is too large for this server; remove a file or send a link ({words})",
    ),
    ("send-not-as", "The server does not let this account send as {sender}; choose another sender"),
    (
        "send-not-as-words",
        "The server does not let this account send as {sender}; choose another sender ({words})",
    ),
    ("send-wants-sign-in", "The server wants a sign-in first; check user name and password"),
    (
        "send-wants-sign-in-words",
        "The server wants a sign-in first; check user name and password ({words})",
    ),
    ("send-limit", "The server's limit for sending is used up"),
    ("send-limit-words", "The server's limit for sending is used up ({words})"),
    ("send-unwanted", "The server takes the message for unwanted or harmful"),
    ("send-unwanted-words", "The server takes the message for unwanted or harmful ({words})"),
    ("send-rules", "The server's rules do not allow this message"),
    ("send-rules-words", "The server's rules do not allow this message ({words})"),
    ("send-form", "The server cannot carry the message in this form"),
    ("send-form-words", "The server cannot carry the message in this form ({words})"),
    ("send-message-not-now", "The server does not take the message at the moment"),
    ("send-message-not-now-words", "The server does not take the message at the moment ({words})"),
    ("send-message-refused", "The server refused the message"),
    ("send-message-refused-words", "The server refused the message ({words})"),
    (
        "send-larger",
        "The message has {size} and this server takes at most {limit}; remove a file or send a link",
    ),
    (
        "send-letters",
        "This server cannot carry the letters in {address}; ask for an address in plain letters",
    ),
    ("send-letters-headers", "This server cannot carry the letters in the message's headers"),
    ("send-its-letters", "the server cannot carry its letters"),
    ("send-ascii", "This server carries plain ASCII only; the message must be encoded"),
    ("send-no-sender-address", "“{address}” is no address to send from; check the sender"),
    ("send-no-address", "“{address}” is no mail address; correct it"),
    ("send-not-an-address", "this is no mail address"),
    ("send-nobody", "The message is for nobody; add a recipient"),
    (
        "send-interrupted",
        "Deskbell ended while this message was being sent; it is looked for before it is sent again",
    ),
    (
        "send-no-way",
        "no account can send this message: enter an outgoing mail server in the account's settings",
    ),
    ("send-file-unread", "the file “{name}” cannot be read: {why}; attach it again"),
    ("send-sign-in", "Sending: the sign-in was refused: {why}"),
    ("send-no-smtp", "the server sent something that is not SMTP"),
    ("send-broke", "{why} before it said whether it took the message"),
];
