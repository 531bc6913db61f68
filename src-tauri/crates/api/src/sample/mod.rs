//! The sample workspace: the mail of an invented studio, shared out among two mailboxes and an archive, with its
//! dates moved to the present.
//!
//! Owns what the sample holds and where it lies; who plays the providers of its mailboxes is the composition
//! root's to say. Invariant: the same on every machine and every day, but for the dates.

mod dates;
mod mbox;

use std::path::{Path, PathBuf};

use deskbell_domain::{MailboxRole, Millis};

const MAILBOX: &[u8] = include_bytes!("../../../../sample/studio.mbox");
/// The folder of a profile in which everything of the sample lies.
const FOLDER: &str = "sample";

/// Everything the sample holds.
#[derive(Clone, Debug)]
pub struct Studio {
    /// The mailboxes it has at providers.
    pub mailboxes: Vec<Mailbox>,
    /// Older mail, which is imported: an mbox.
    pub archive: Vec<u8>,
}

/// By whom a mailbox of the sample is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Gmail, by its API.
    Google,
    /// Microsoft Graph.
    Microsoft,
}

/// A mailbox of the sample.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Who holds it.
    pub holder: Holder,
    /// Its address.
    pub address: &'static str,
    /// What its account is called.
    pub name: &'static str,
    /// What lies in it, oldest first.
    pub mails: Vec<Mail>,
}

/// A message of the sample.
#[derive(Clone, Debug)]
pub struct Mail {
    /// RFC 5322, lines end in CRLF.
    pub source: Vec<u8>,
    /// When it came, ms UTC.
    pub at: Millis,
    /// Where it lies.
    pub place: MailboxRole,
    /// It was read.
    pub read: bool,
    /// It was starred.
    pub starred: bool,
}

/// What the imported mail is called, and whose it is.
pub const ARCHIVE: (&str, &str) = ("Inkwell, older mail", "studio@inkwell.example");

/// What people of the sample answer when they are written to.
pub const ANSWERS: [&str; 4] = [
    "Thank you, that suits me very well. See you then!",
    "Oh, that was quick. I will think about it over the weekend and write again.",
    "Perfect, thanks a lot. Is there anything I should bring along?",
    "Got it. I have put it into my calendar.",
];

/// The sample as it is today.
///
/// # Errors
/// Where the clock names no day.
pub fn studio(now: Millis) -> Result<Studio, String> {
    let days = dates::days(now).map_err(|error| error.to_string())?;
    let shifted = dates::shift(MAILBOX, days);
    let mails = mbox::mails(&shifted);
    let of = |account: &str| {
        let mine = mails.iter().filter(|mail| mail.account == account);
        mine.filter_map(mbox::Raw::read).collect::<Vec<_>>()
    };
    let archive = mails.iter().filter(|mail| mail.account == "archive");
    Ok(Studio {
        mailboxes: vec![
            Mailbox {
                holder: Holder::Google,
                address: "studio@inkwell.example",
                name: "Inkwell Studio",
                mails: of("studio"),
            },
            Mailbox {
                holder: Holder::Microsoft,
                address: "office@inkwell.example",
                name: "Inkwell Office",
                mails: of("office"),
            },
        ],
        archive: archive.flat_map(|mail| mail.text).copied().collect(),
    })
}

/// Where everything of the sample lies in a profile.
pub fn folder(profile: &Path) -> PathBuf {
    profile.join(FOLDER)
}

/// Whether an account's settings say that it belongs to the sample.
pub fn is_sample(settings: &str) -> bool {
    let settings: Option<serde_json::Value> = serde_json::from_str(settings).ok();
    settings.and_then(|settings| settings.get("sample")?.as_bool()).unwrap_or(false)
}

/// Says in an account's settings that it belongs to the sample.
pub(crate) fn marked(settings: &str) -> String {
    match serde_json::from_str(settings) {
        Ok(serde_json::Value::Object(mut fields)) => {
            fields.insert("sample".into(), true.into());
            serde_json::Value::Object(fields).to_string()
        }
        _ => settings.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day in 2027.
    const LATER: Millis = 1_800_000_000_000;

    #[test]
    fn every_message_of_the_mbox_has_its_place_and_none_has_two() {
        let studio = studio(LATER).expect("a day");
        let separators = |text: &[u8]| {
            text.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"From ")).count()
        };
        let archived = separators(&studio.archive);
        let held: usize = studio.mailboxes.iter().map(|mailbox| mailbox.mails.len()).sum();
        assert_eq!(held + archived, separators(MAILBOX), "nothing is lost, nothing is doubled");
        for mailbox in &studio.mailboxes {
            assert!(mailbox.mails.len() > 50, "{} looks lived in", mailbox.name);
            assert!(mailbox.mails.iter().any(|mail| !mail.read), "{} has news", mailbox.name);
            for mail in &mailbox.mails {
                let text = String::from_utf8_lossy(&mail.source);
                let (head, _) = text.split_once("\r\n\r\n").expect("a header");
                for mark in ["X-Deskbell", "\nStatus:", "\nX-Status:"] {
                    assert!(!head.contains(mark), "our marks stay here: {head}");
                }
                let others = studio.mailboxes.iter().filter(|one| one.address != mailbox.address);
                for other in others {
                    assert!(!head.contains(other.address), "it is this mailbox's: {head}");
                }
            }
        }
    }

    #[test]
    fn the_newest_message_is_of_today_and_none_is_of_tomorrow() {
        let studio = studio(LATER).expect("a day");
        let newest = studio.mailboxes.iter().flat_map(|m| &m.mails).map(|mail| mail.at).max();
        let age = LATER - newest.expect("messages");
        assert!((-86_400_000..86_400_000).contains(&age), "the newest is {age} ms old");
    }

    #[test]
    fn settings_tell_whether_they_are_the_samples() {
        assert!(is_sample(&marked(r#"{"path":"/tmp/x"}"#)));
        assert!(!is_sample(r#"{"path":"/tmp/sample"}"#));
        assert!(!is_sample("no settings"));
    }
}
