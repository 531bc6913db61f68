//! Links: which targets are kept, and which links say one place and lead to another.
//!
//! The check errs towards a warning: a newsletter that counts clicks behind a spelled-out address is warned about too,
//! since it does lead elsewhere.

use ammonia::url::{Host, Url};

/// A link of the message, in order of appearance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it says, one line, at most 200 characters.
    pub text: String,
    /// Where it leads: http, https, mailto or tel.
    pub href: String,
    /// What it says is not where it leads, or the target is made to be misread.
    pub suspicious: bool,
}

/// The target as it may stand in the frame; `None` for anything but http, https, mailto and tel.
pub(super) fn safe_target(href: &str) -> Option<Url> {
    let href = href.trim();
    let url = if href.starts_with("//") {
        Url::parse(&format!("https:{href}"))
    } else {
        Url::parse(href)
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https" | "mailto" | "tel"))
}

/// True where the link's words or the target itself would mislead a reader.
pub(super) fn is_suspicious(text: &str, target: &Url) -> bool {
    // Marks that turn the reading direction can show "moc.knab" as "bank.com".
    if text.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        return true;
    }
    match target.scheme() {
        "http" | "https" => {
            is_odd_target(target)
                || said_host(text)
                    .is_some_and(|said| !same_site(&said, target.host_str().unwrap_or_default()))
        }
        "mailto" => {
            let said = text.trim().trim_start_matches("mailto:");
            let aimed = target.path().split(',').next().unwrap_or_default();
            said.contains('@')
                && !said.contains(char::is_whitespace)
                && !said.eq_ignore_ascii_case(aimed)
        }
        _ => false,
    }
}

/// Addresses in figures, look-alike alphabets (always punycode once parsed) and a name before an `@`.
fn is_odd_target(target: &Url) -> bool {
    if !target.username().is_empty() || target.password().is_some() {
        return true;
    }
    match target.host() {
        Some(Host::Domain(name)) => name.split('.').any(|label| label.starts_with("xn--")),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => true,
    }
}

/// The host a link's text names, where the text looks like an address.
fn said_host(text: &str) -> Option<String> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{2060}' | '\u{feff}'))
        .collect();
    let text = text.trim().trim_matches(['<', '>', '(', ')', '[', ']', '"', '\'', '.', ',', '…']);
    if text.contains(char::is_whitespace) || text.contains('@') && !text.contains("://") {
        return None;
    }
    let lower = text.to_lowercase();
    let url = if lower.starts_with("http://") || lower.starts_with("https://") {
        Url::parse(text).ok()?
    } else {
        let name = lower.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let (_, zone) = name.rsplit_once('.')?;
        let looks_like_zone = zone.chars().count() >= 2 && zone.chars().all(char::is_alphabetic);
        // "report.pdf" is a file's name, not a host.
        if !looks_like_zone || !lower.starts_with("www.") && FILE_ENDINGS.contains(&zone) {
            return None;
        }
        Url::parse(&format!("https://{text}")).ok()?
    };
    url.host_str().map(str::to_owned)
}

const FILE_ENDINGS: &[&str] = &[
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "csv", "zip", "png", "jpg", "jpeg",
    "gif", "html", "htm", "ics", "eml", "odt", "ods",
];

fn same_site(said: &str, aimed: &str) -> bool {
    let bare =
        |host: &str| host.trim_end_matches('.').trim_start_matches("www.").to_ascii_lowercase();
    let (said, aimed) = (bare(said), bare(aimed));
    let below =
        |host: &str, zone: &str| host.strip_suffix(zone).is_some_and(|rest| rest.ends_with('.'));
    said == aimed || below(&aimed, &said) || below(&said, &aimed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_names_another_place_is_suspicious() {
        for (text, href, expected) in [
            ("our price list", "https://studio.example/prices", false),
            ("studio.example", "https://www.studio.example/prices", false),
            ("https://studio.example/prices", "https://shop.studio.example/", false),
            ("https://bank.example/login", "https://evil.test/", true),
            ("www.bank.example", "https://bank.example.evil.test/", true),
            ("bank.example", "https://bank.example@evil.test/", true),
            ("open", "https://192.168.1.7/x", true),
            ("open", "https://[2001:db8::1]/", true),
            ("open", "https://xn--bnk-0na.example/", true),
            ("раyраl.example", "https://paypal.example/", true),
            ("offer.pdf", "https://files.example/offer", false),
            ("mara@studio.example", "mailto:mara@studio.example?subject=Hi", false),
            ("mara@studio.example", "mailto:other@evil.test", true),
            ("elpmaxe.knab\u{202e}", "https://evil.test/", true),
            ("+49 30 1234", "tel:+49301234", false),
        ] {
            let target = safe_target(href).expect("a target that is kept");
            assert_eq!(is_suspicious(text, &target), expected, "{text} -> {href}");
        }
    }

    #[test]
    fn only_four_schemes_are_targets() {
        for href in [
            "javascript:alert(1)",
            " java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "#top",
            "/x",
            "ftp://a.example/",
            "blob:https://a.example/1",
            "about:blank",
        ] {
            assert!(safe_target(href).is_none(), "{href} must not be a target");
        }
    }
}
