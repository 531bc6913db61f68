//! What a draft says, by what a person would see: two programs never write the same bytes.

use deskbell_domain::Address;
use deskbell_domain::outgoing::Composition;

use crate::compose;

/// Elements that lay a text out and say nothing of how it looks.
const LAID_OUT: [&str; 7] = ["p", "div", "br", "html", "body", "head", "span"];

/// Two drafts of which this is equal say the same.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gist {
    subject: String,
    text: String,
    formatted: String,
    /// To, Cc and Bcc, each in an order of its own.
    people: [Vec<String>; 3],
    /// Bytes of each file, in order.
    files: Vec<u64>,
}

impl Gist {
    /// Of what was written, with files of these sizes.
    pub(super) fn of(written: &Composition, files: impl Iterator<Item = u64>) -> Self {
        let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let keys = |list: &[Address]| {
            let mut keys: Vec<String> = list.iter().map(Address::key).collect();
            keys.sort();
            keys
        };
        let mut files: Vec<u64> = files.collect();
        files.sort_unstable();
        Self {
            subject: folded(&written.subject),
            text: folded(&written.text),
            formatted: formatted(written),
            people: [keys(&written.to), keys(&written.cc), keys(&written.bcc)],
            files,
        }
    }

    /// A short name of all of it, to know it again by.
    pub(super) fn fingerprint(&self) -> String {
        let mut hash = blake3::Hasher::new();
        let people = self.people.iter().map(|list| list.join(","));
        let files = self.files.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let parts = [self.subject.clone(), self.text.clone(), self.formatted.clone(), files];
        for part in parts.into_iter().chain(people) {
            // With its length before it, so that no two drafts run together into the same bytes.
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().to_hex().to_string()
    }
}

/// A text with its formatting, without what every program writes in its own way: the blocks a text is laid in, and
/// white space.
fn formatted(written: &Composition) -> String {
    let markup = match &written.html {
        Some(html) => compose::clean(html),
        None => written.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
    };
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup.as_str();
    while let Some((before, behind)) = rest.split_once('<') {
        out.push_str(before);
        let (tag, after) = behind.split_once('>').unwrap_or((behind, ""));
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if LAID_OUT.contains(&name) {
            out.push(' ');
        } else {
            out.push('<');
            out.push_str(tag);
            out.push('>');
        }
        rest = after;
    }
    out.push_str(rest);
    out.replace("&nbsp;", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
