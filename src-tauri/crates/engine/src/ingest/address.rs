//! Address headers to addresses, names decoded, the usual damage repaired.
//!
//! Invariant: an address is never empty and never carries brackets, quotes or white space around it.

use deskbell_domain::{Address, text};
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, HeaderValue};

use super::word;

/// At most this many recipients of one header are kept; the source keeps them all.
const MAX_ADDRESSES: usize = 2_000;
/// Longest name kept, in characters.
const MAX_NAME: usize = 200;

/// The author, of the From header's value.
///
/// A comma in an unquoted name (`Voss, Mara <mara@x.example>`) does not make two authors, and a bare
/// account name (`root`), as local mail has it, is an author too.
pub(super) fn author(value: &[u8], hint: Option<&str>) -> Option<Address> {
    let parsed = parse(value, hint);
    let mut before = String::new();
    for addr in &parsed {
        if let Some(mut address) = address(addr) {
            if !before.is_empty() {
                let own = address.name.take().unwrap_or_default();
                address.name = name(&format!("{before}, {own}"), &address.address);
            }
            return Some(address);
        }
        if let Some(part) = addr.name.as_deref() {
            if !before.is_empty() {
                before.push_str(", ");
            }
            before.push_str(part);
        }
    }
    let bare = clean(&before);
    let one_word = !bare.is_empty() && !bare.contains(char::is_whitespace);
    one_word.then_some(Address { name: None, address: bare })
}

/// Every address of a recipients header; groups are opened, names without an address fall away.
pub(super) fn list(value: &[u8], hint: Option<&str>) -> Vec<Address> {
    parse(value, hint).iter().filter_map(address).take(MAX_ADDRESSES).collect()
}

fn parse(value: &[u8], hint: Option<&str>) -> Vec<Addr<'static>> {
    if value.is_empty() {
        return Vec::new();
    }
    let mut text = word::normalise(value, hint);
    text.push('\n');
    match MessageStream::new(text.as_bytes()).parse_address() {
        HeaderValue::Address(addresses) => {
            addresses.iter().cloned().map(Addr::into_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn address(addr: &Addr<'_>) -> Option<Address> {
    // Without brackets a lone address may have been taken for a name.
    let spelt = addr.address.as_deref().or(addr
        .name
        .as_deref()
        .filter(|name| name.contains('@') && !name.trim().contains(char::is_whitespace)))?;
    // Without brackets the name may have been taken for a part of the address.
    let spelt = text::fold(spelt);
    let (beside, spelt) = match spelt.split(' ').find(|word| word.contains('@')) {
        Some(word) if word.len() < spelt.len() => (spelt.replace(word, " "), word),
        _ => (String::new(), spelt.as_str()),
    };
    let address = clean(spelt);
    if address.is_empty() || address.contains(char::is_whitespace) {
        return None;
    }
    let name = addr.name.as_deref().unwrap_or(&beside);
    Some(Address { name: self::name(name, &address), address })
}

fn clean(spelt: &str) -> String {
    let folded = text::fold(spelt);
    let bare = folded.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | ',' | ';' | '(' | ')' | '[' | ']')
    });
    let bare = match bare.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => bare.get(7..).unwrap_or(bare),
        _ => bare,
    };
    text::clip(bare, 320)
}

/// The display name; `None` where it only repeats the address.
fn name(spelt: &str, address: &str) -> Option<String> {
    let folded = text::fold(spelt);
    let bare = folded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ','));
    let repeats = clean(bare).eq_ignore_ascii_case(address);
    (!bare.is_empty() && !repeats).then(|| text::clip(bare, MAX_NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(address: &Address) -> String {
        format!("{}|{}", address.name.as_deref().unwrap_or(""), address.address)
    }

    #[test]
    fn authors_are_found_however_the_line_is_broken() {
        let cases: [(&[u8], &str); 11] = [
            (b"Mara Voss <mara@x.example>", "Mara Voss|mara@x.example"),
            (b"\"Voss, Mara\" <mara@x.example>", "Voss, Mara|mara@x.example"),
            (b"Voss, Mara <mara@x.example>", "Voss, Mara|mara@x.example"),
            (b"=?utf-8?Q?Vo=C3=9F=2C_Mara?= <mara@x.example>", "Voß, Mara|mara@x.example"),
            (b"\"=?iso-8859-1?Q?J=FCrg?=\" <j@x.example>", "Jürg|j@x.example"),
            (b"M\xfcller <m@x.example>", "Müller|m@x.example"),
            (b"mara@x.example (Mara)", "Mara|mara@x.example"),
            (b"mara@x.example <mara@x.example>", "|mara@x.example"),
            (b"Mara mara@x.example", "Mara|mara@x.example"),
            (b"<mailto:mara@x.example>", "|mara@x.example"),
            (b"root", "|root"),
        ];
        for (value, expected) in cases {
            let author = author(value, None).map(|author| shown(&author));
            assert_eq!(author.as_deref(), Some(expected), "{}", value.escape_ascii());
        }
        assert_eq!(author(b"\"\" <>", None), None, "an empty author is none");
    }

    #[test]
    fn groups_are_opened_and_empty_ones_vanish() {
        let value =
            b"Team: Mara <m@x.example>, b@x.example;, c@x.example, undisclosed-recipients:;";
        let list: Vec<String> = list(value, None).iter().map(shown).collect();
        assert_eq!(list, ["Mara|m@x.example", "|b@x.example", "|c@x.example"]);
    }
}
