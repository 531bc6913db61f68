//! Words that a person typed, or a page made them press: addresses, searches, links.

use deskbell_engine::compose;
use deskbell_store::queries::search;
use jiff::tz::TimeZone;

/// A list of addresses as it is typed or pasted.
pub(crate) fn address(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for one in compose::parse_list(&text) {
        let _ = compose::fault(&one.address);
        assert!(!one.address.contains(['\r', '\n']), "an address is one line");
        assert!(!one.key().chars().any(char::is_uppercase) || !one.address.is_ascii());
    }
}

/// A search as it is typed, letter by letter; SQLite must take what it becomes.
pub(crate) fn search(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for typing in [false, true] {
        let query = search::parse(&text, typing, &TimeZone::UTC);
        assert!(
            !query.expression.unwrap_or_default().contains('\0'),
            "SQLite takes a NUL for the end"
        );
    }
}

/// A link from outside.
pub(crate) fn link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if deskbell_api::link::read(&text).is_ok() {
        assert!(
            deskbell_api::link::looks_like_link(text.trim()),
            "what is followed looks like a link"
        );
    }
}
