//! Whether something typed is a mail address, and what is wrong with it if not (RFC 5321, RFC 6531).

use deskbell_domain::Address;

/// Longest local part and longest address, in bytes.
const LOCAL: usize = 64;
const WHOLE: usize = 254;

/// What keeps a text from being a mail address, in plain words; `None` where nothing does.
///
/// A domain without a dot passes: a server on the own network may know it.
pub fn fault(address: &str) -> Option<&'static str> {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Some("has no @; enter it like mara@example.com");
    };
    if address.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Some("contains a space or a line end");
    }
    if local.is_empty() {
        return Some("has nothing before the @");
    }
    if domain.is_empty() {
        return Some("has nothing behind the @");
    }
    if local.len() > LOCAL || address.len() > WHOLE {
        return Some("is too long");
    }
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    if quoted {
        let inner = local.get(1..local.len() - 1).unwrap_or_default();
        if inner.contains(['"', '\\']) {
            return Some("has quotes that do not fit");
        }
    } else {
        if local.contains(['<', '>', '(', ')', '[', ']', ',', ';', ':', '"', '\\', '@']) {
            return Some("contains a character that no address has");
        }
        if local.split('.').any(str::is_empty) {
            return Some("has a dot too many before the @");
        }
    }
    if let Some(literal) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let number = literal.strip_prefix("IPv6:").unwrap_or(literal);
        return number
            .parse::<std::net::IpAddr>()
            .err()
            .map(|_| "has no valid number between its brackets");
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_' || is_mark(c))
    };
    (!domain.split('.').all(label)).then_some("has a domain that cannot be")
}

/// Marks that letters of some scripts need; they are no letters by themselves.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && !c.is_control() && !c.is_whitespace() && !"（），；：＠．。".contains(c)
}

/// Addresses as a person types or pastes them: separated by commas, semicolons or line ends, with or without
/// names. Nothing is judged here; see [`fault`].
pub fn parse_list(text: &str) -> Vec<Address> {
    let mut people = Vec::new();
    let (mut quoted, mut bracket, mut start) = (false, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '<' if !quoted => bracket = true,
            '>' if !quoted => bracket = false,
            '\n' | '\r' => {
                (quoted, bracket) = (false, false);
                people.extend(parse(text.get(start..at).unwrap_or_default()));
                start = at + c.len_utf8();
            }
            ',' | ';' if !quoted && !bracket => {
                people.extend(parse(text.get(start..at).unwrap_or_default()));
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    people.extend(parse(text.get(start..).unwrap_or_default()));
    people
}

/// One address, `Name <address>` or the address alone.
fn parse(text: &str) -> Option<Address> {
    let text = text.trim().trim_matches(['\u{feff}', '\u{200b}']);
    if text.is_empty() {
        return None;
    }
    if let Some((name, rest)) = text.rsplit_once('<') {
        let address = rest.trim_end().trim_end_matches('>').trim();
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|n| n.strip_suffix('"')).unwrap_or(name);
        let name = name.replace("\\\"", "\"").replace("\\\\", "\\");
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        return Some(Address { name, address: address.to_owned() });
    }
    let address = text.strip_prefix("mailto:").unwrap_or(text);
    Some(Address { name: None, address: address.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_all_scripts_pass_and_slips_are_named() {
        for fine in [
            "mara@example.com",
            "m.voss+studio@sub.example.co.uk",
            "alice@localhost",
            "用户@例子.广告",
            "अजय@डाटा.भारत",
            "\"two..dots\"@example.com",
            "desk@[127.0.0.1]",
            "jörg@müller.example",
        ] {
            assert_eq!(fault(fine), None, "{fine}");
        }
        for slip in [
            "mara",
            "@example.com",
            "mara@",
            "mara voss@example.com",
            "mara..voss@example.com",
            "mara@example..com",
            "mara@-example.com",
            "mara@exam ple.com",
            "mara@example.com\r\nBcc: x@y.example",
            "a@b@example.com",
            "mara,jonas@example.com",
        ] {
            assert!(fault(slip).is_some(), "{slip}");
        }
        assert!(fault(&format!("{}@example.com", "x".repeat(65))).is_some());
    }

    #[test]
    fn a_pasted_list_falls_into_its_people() {
        let list = parse_list(
            "Mara Voss <mara@x.example>, \"Ruth, of course\" <ruth@x.example>; jonas@x.example\nmailto:tom@x.example,,",
        );
        let spelt: Vec<(&str, &str)> = list
            .iter()
            .map(|p| (p.name.as_deref().unwrap_or_default(), p.address.as_str()))
            .collect();
        assert_eq!(
            spelt,
            [
                ("Mara Voss", "mara@x.example"),
                ("Ruth, of course", "ruth@x.example"),
                ("", "jonas@x.example"),
                ("", "tom@x.example")
            ]
        );
    }
}
