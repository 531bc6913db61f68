//! Links from outside: `deskbell://…` and `mailto:…`, as any page or program on the machine may make them.
//!
//! Invariant: a link only ever asks for something to be shown; nothing is sent, attached, opened or changed by one.
//! What it says is bounded, decoded to plain text, and looked at by the person before it leaves. Whether an answer to a
//! sign-in is wanted is `handlers::sign_in`'s.
//!
//! RFC 6068 is how `mailto:` is read; `deskbell://compose` takes the same fields.

use percent_encoding::percent_decode_str;

use crate::dto::Wish;

/// Longest link that is looked at, in bytes; browsers stop far earlier.
const LONGEST: usize = 64 * 1024;
/// Recipients of one link, in one field.
const MOST_RECIPIENTS: usize = 100;
/// Longest address or name with address, and subject, in characters.
const LONGEST_LINE: usize = 500;
/// Longest text, in characters.
const LONGEST_TEXT: usize = 20_000;

/// What a link asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Something to be shown.
    Wish(Wish),
    /// The answer to a sign-in: the whole link, for whoever waits for it.
    SignIn(String),
}

/// Why a link is not followed. Holds nothing of the link itself, which may be personal and may be forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLink {
    /// Another scheme, or none.
    #[error("its scheme is not one of ours")]
    Scheme,
    /// A place there is none of.
    #[error("it names nothing that Deskbell has")]
    Place,
    /// Too long to be meant.
    #[error("it is longer than a link can be")]
    Long,
}

/// Whether a word on the command line is meant as a link; files and options are not.
pub fn looks_like_link(word: &str) -> bool {
    let scheme =
        |name: &str| word.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name));
    scheme("deskbell:") || scheme("mailto:")
}

/// Reads a link.
pub fn read(text: &str) -> Result<Link, NoLink> {
    if text.len() > LONGEST {
        return Err(NoLink::Long);
    }
    let text = text.trim();
    let (scheme, rest) = text.split_once(':').ok_or(NoLink::Scheme)?;
    if scheme.eq_ignore_ascii_case("mailto") {
        let (to, query) = split_query(rest);
        return Ok(Link::Wish(compose(to, query)));
    }
    if !scheme.eq_ignore_ascii_case("deskbell") {
        return Err(NoLink::Scheme);
    }
    let (path, query) = split_query(rest.strip_prefix("//").ok_or(NoLink::Place)?);
    let (place, below) = match path.split_once('/') {
        Some((place, below)) => (place, below.strip_suffix('/').unwrap_or(below)),
        None => (path, ""),
    };
    match place.to_ascii_lowercase().as_str() {
        "conversation" => match below.parse::<i64>() {
            Ok(id) if id > 0 && below.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Link::Wish(Wish::Conversation { id: id.to_string() }))
            }
            _ => Err(NoLink::Place),
        },
        "compose" if below.is_empty() => Ok(Link::Wish(compose("", query))),
        "oauth" => Ok(Link::SignIn(text.to_owned())),
        _ => Err(NoLink::Place),
    }
}

/// What stands before the question mark and behind it; a fragment is nobody's.
fn split_query(text: &str) -> (&str, &str) {
    let text = text.split_once('#').map_or(text, |(text, _)| text);
    text.split_once('?').unwrap_or((text, ""))
}

/// A message to begin with. Fields other than these five are not taken over: a link may neither attach a file nor say
/// who writes.
fn compose(path: &str, query: &str) -> Wish {
    let (mut to, mut cc, mut bcc) = (addresses(path), Vec::new(), Vec::new());
    let (mut subject, mut body) = (None, None);
    for field in query.split('&') {
        // Links copied out of HTML often keep its escaping.
        let field = field.strip_prefix("amp;").unwrap_or(field);
        let Some((name, value)) = field.split_once('=') else { continue };
        match decoded(name).to_ascii_lowercase().as_str() {
            "to" => to.extend(addresses(value)),
            "cc" => cc.extend(addresses(value)),
            "bcc" => bcc.extend(addresses(value)),
            "subject" => subject = subject.or_else(|| line(value)),
            "body" => body = body.or_else(|| lines(value)),
            _ => {}
        }
    }
    for list in [&mut to, &mut cc, &mut bcc] {
        list.truncate(MOST_RECIPIENTS);
    }
    Wish::Compose { to, cc, bcc, subject, body }
}

/// Addresses between commas; a comma within one is escaped.
fn addresses(list: &str) -> Vec<String> {
    list.split(',').take(MOST_RECIPIENTS).filter_map(line).collect()
}

/// One line without control characters; nothing for an empty one.
fn line(value: &str) -> Option<String> {
    let text: String = decoded(value)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !turns_text(*c))
        .take(LONGEST_LINE)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Lines without control characters but tabs; nothing for none.
fn lines(value: &str) -> Option<String> {
    let text: String = decoded(value)
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
        .filter(|c| !turns_text(*c))
        .take(LONGEST_TEXT)
        .collect();
    (!text.trim().is_empty()).then_some(text)
}

/// Characters that show an address in another order than it is read.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// A plus sign is itself here, unlike in the forms of web pages.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> (Vec<String>, Vec<String>, Vec<String>, String, String) {
        match read(text) {
            Ok(Link::Wish(Wish::Compose { to, cc, bcc, subject, body })) => {
                (to, cc, bcc, subject.unwrap_or_default(), body.unwrap_or_default())
            }
            other => panic!("{text} asks to write: {other:?}"),
        }
    }

    /// The examples of RFC 6068, section 6.
    #[test]
    fn the_examples_of_the_standard_are_read() {
        let to = |text: &str| written(text).0;
        assert_eq!(to("mailto:chris@example.com"), ["chris@example.com"]);
        assert_eq!(
            to("mailto:addr1@an.example,addr2@an.example"),
            ["addr1@an.example", "addr2@an.example"]
        );
        assert_eq!(to("mailto:?to=addr1@an.example,addr2@an.example").len(), 2);
        assert_eq!(to("mailto:addr1@an.example?to=addr2@an.example").len(), 2);
        assert_eq!(to("mailto:%22not%40me%22@example.org"), ["\"not@me\"@example.org"]);
        assert_eq!(to("mailto:gorby%25kremvax@example.com"), ["gorby%kremvax@example.com"]);
        assert_eq!(to("mailto:Mike%26family@example.org"), ["Mike&family@example.org"]);
        let (_, _, _, subject, body) = written(
            "mailto:infobot@example.com?subject=current-issue&body=send%20current-issue%0D%0Asend%20index",
        );
        assert_eq!(
            (subject.as_str(), body.as_str()),
            ("current-issue", "send current-issue\nsend index")
        );
        let (_, cc, _, _, body) = written("mailto:joe@example.com?cc=bob@example.com&body=hello");
        assert_eq!((cc, body.as_str()), (vec!["bob@example.com".to_owned()], "hello"));
        assert_eq!(written("mailto:user@example.org?subject=caf%C3%A9").3, "café");
        assert_eq!(written("mailto:a@example.org?subject=1+1").3, "1+1", "a plus is a plus");
    }

    #[test]
    fn a_link_can_neither_attach_a_file_nor_add_a_header() {
        let nothing = written("mailto:a@example.org");
        for forged in [
            "mailto:a@example.org?attach=/etc/passwd",
            "mailto:a@example.org?attachment=%2Fetc%2Fpasswd",
            "mailto:a@example.org?From=boss@example.org",
            "mailto:a@example.org?In-Reply-To=%3C1@x%3E&X-Evil=1",
            "mailto:a@example.org?Reply-To=x@evil.example&Sender=x@evil.example",
        ] {
            assert_eq!(written(forged), nothing, "{forged}");
        }
        let (to, _, _, subject, _) = written(
            "mailto:a@example.org%0ABcc:x@evil.example?subject=hi%0D%0ABcc:%20x@evil.example",
        );
        assert_eq!(to, ["a@example.org Bcc:x@evil.example"], "one line, refused as an address");
        assert_eq!(subject, "hi  Bcc: x@evil.example", "one line");
    }

    #[test]
    fn links_of_our_own_lead_where_they_say() {
        assert_eq!(
            read("deskbell://conversation/42"),
            Ok(Link::Wish(Wish::Conversation { id: "42".into() }))
        );
        assert_eq!(read("DeskBell://Conversation/42/"), read("deskbell://conversation/42"));
        assert_eq!(
            written("deskbell://compose?to=mara@example.com&subject=Hello").0,
            ["mara@example.com"]
        );
        assert_eq!(written("deskbell://compose/?to=mara@example.com&amp;subject=Hello").3, "Hello");
        let answer = "deskbell://oauth/google?state=x&code=y";
        assert_eq!(read(answer), Ok(Link::SignIn(answer.into())), "handed on whole");
    }

    #[test]
    fn what_is_unknown_is_no_link() {
        for (text, why) in [
            ("", NoLink::Scheme),
            ("deskbell", NoLink::Scheme),
            ("https://example.com", NoLink::Scheme),
            ("javascript:alert(1)", NoLink::Scheme),
            ("file:///etc/passwd", NoLink::Scheme),
            ("deskbell:", NoLink::Place),
            ("deskbell://", NoLink::Place),
            ("deskbell:conversation/1", NoLink::Place),
            ("deskbell://conversation", NoLink::Place),
            ("deskbell://conversation/", NoLink::Place),
            ("deskbell://conversation/-1", NoLink::Place),
            ("deskbell://conversation/+1", NoLink::Place),
            ("deskbell://conversation/0", NoLink::Place),
            ("deskbell://conversation/1/2", NoLink::Place),
            ("deskbell://conversation/99999999999999999999", NoLink::Place),
            ("deskbell://conversation/../../etc", NoLink::Place),
            ("deskbell://compose/x", NoLink::Place),
            ("deskbell://erase/all", NoLink::Place),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
        assert_eq!(read(&format!("mailto:{}", "a".repeat(LONGEST))), Err(NoLink::Long));
    }

    #[test]
    fn only_links_are_taken_for_links_on_the_command_line() {
        assert!(
            looks_like_link("mailto:")
                && looks_like_link("MAILTO:a@b")
                && looks_like_link("deskbell://x")
        );
        for word in ["--hidden", "deskbell", "/tmp/mail.eml", "mail", "é", ""] {
            assert!(!looks_like_link(word), "{word}");
        }
    }

    proptest! {
        #[test]
        fn no_link_breaks_anything_and_what_is_read_is_bounded(text in "(mailto|deskbell|DESKBELL):(//)?(conversation|compose|oauth)?/?[ -~é\u{202e}]{0,200}") {
            if let Ok(Link::Wish(Wish::Compose { to, cc, bcc, subject, body })) = read(&text) {
                for one in to.iter().chain(&cc).chain(&bcc).chain(&subject) {
                    prop_assert!(!one.chars().any(|c| c.is_control() || turns_text(c)), "{one:?}");
                    prop_assert!(one.chars().count() <= LONGEST_LINE);
                }
                prop_assert!(to.len().max(cc.len()).max(bcc.len()) <= MOST_RECIPIENTS);
                prop_assert!(body.unwrap_or_default().chars().count() <= LONGEST_TEXT);
            }
        }

        #[test]
        fn bytes_of_any_kind_are_survived(text in any::<String>()) {
            let _ = read(&text);
            let _ = read(&format!("mailto:{text}"));
            let _ = read(&format!("deskbell://compose?{text}"));
        }

        #[test]
        fn what_is_escaped_comes_back_as_it_was(subject in "[a-zA-Z0-9 äöü&?=%+#,;/]{1,80}") {
            let escaped = percent_encoding::utf8_percent_encode(&subject, percent_encoding::NON_ALPHANUMERIC);
            let read = written(&format!("mailto:a@b.example?subject={escaped}")).3;
            prop_assert_eq!(read, subject.trim());
        }
    }
}
