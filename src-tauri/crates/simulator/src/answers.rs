//! Those who have no mailbox here: some of them write back a while after they were written to.

use serde::{Deserialize, Serialize};

use crate::google::raw;
use crate::kept::bytes;
use crate::microsoft::http_date;
use crate::world::World;

/// Whether and how people answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Answers {
    /// After so many milliseconds; `None` where nobody does.
    pub after: Option<i64>,
    /// What they write, one after the other and then from the beginning.
    pub texts: Vec<String>,
    pub(crate) written: usize,
    pub(crate) under_way: Vec<UnderWay>,
}

/// An answer that has not arrived.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct UnderWay {
    at: i64,
    to: String,
    #[serde(with = "bytes")]
    source: Vec<u8>,
}

impl World {
    /// Whether an address has a mailbox here, at whichever provider.
    pub(crate) fn lives_here(&self, address: &str) -> bool {
        let is = |known: &String| known.eq_ignore_ascii_case(address);
        self.google.mailboxes.keys().any(is) || self.microsoft.mailboxes.keys().any(is)
    }

    /// The post brings a message to whoever of these has a mailbox here, and lets one of the others think.
    pub(crate) fn carry(&mut self, from: &str, to: &[String], source: &[u8]) {
        for address in to {
            self.bring(address, source);
        }
        let stranger = to.iter().find(|address| !self.lives_here(address)).cloned();
        let (Some(after), Some(stranger)) = (self.answers.after, stranger) else { return };
        let answers = &mut self.answers;
        let text = answers.texts.get(answers.written % answers.texts.len().max(1));
        let Some(text) = text.cloned() else { return };
        answers.written += 1;
        let at = self.now + after;
        let source = answer((&stranger, from), source, &text, (self.answers.written, at));
        self.answers.under_way.push(UnderWay { at, to: from.to_owned(), source });
    }

    fn bring(&mut self, address: &str, source: &[u8]) {
        let now = self.now;
        let google = &mut self.google.mailboxes;
        if let Some((_, mailbox)) =
            google.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(address))
        {
            mailbox.deliver(source, now);
        }
        let microsoft = &mut self.microsoft.mailboxes;
        let found = microsoft.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(address));
        if let Some((_, mailbox)) = found {
            mailbox.deliver("inbox", source, now);
        }
    }

    /// Brings the answers that are due; whether there were any.
    pub(crate) fn bring_answers(&mut self) -> bool {
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.answers.under_way).into_iter().partition(|one| one.at <= now);
        self.answers.under_way = later;
        for one in &due {
            self.bring(&one.to, &one.source);
        }
        !due.is_empty()
    }
}

fn answer(
    (author, to): (&str, &str),
    source: &[u8],
    text: &str,
    (number, at): (usize, i64),
) -> Vec<u8> {
    let subject = raw::field(source, "subject").unwrap_or_default();
    let begins = subject.get(..3).is_some_and(|mark| mark.eq_ignore_ascii_case("re:"));
    let mark = if begins { "" } else { "Re: " };
    let named = raw::people(source, "to").into_iter().find(|(_, known)| known == author);
    let author = match named {
        Some((name, _)) if !name.is_empty() => format!("{name} <{author}>"),
        _ => author.to_owned(),
    };
    let domain = author.trim_end_matches('>').rsplit('@').next().unwrap_or("answer.example");
    let mut head = format!(
        "Message-ID: <answer-{number}-{at}@{domain}>\r\nDate: {}\r\nFrom: {author}\r\nTo: {to}\r\nSubject: {mark}{subject}\r\n",
        http_date(at)
    );
    if let Some(id) = raw::message_id(source) {
        head.push_str(&format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n"));
    }
    format!("{head}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n")
        .into_bytes()
}
