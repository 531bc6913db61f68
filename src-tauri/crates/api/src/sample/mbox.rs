//! The shipped mbox (mboxrd) taken apart; its own header fields say where a message lies and are left out of it.

use deskbell_domain::{MailboxRole, Millis};

use super::{Mail, dates};

/// Fields that are the mbox's and no part of a message.
const OURS: [&[u8]; 4] = [b"status:", b"x-status:", b"x-deskbell-mailbox:", b"x-deskbell-account:"];

/// A message as it stands in the file.
pub(super) struct Raw<'a> {
    /// With its separator.
    pub(super) text: &'a [u8],
    /// `studio`, `office` or `archive`.
    pub(super) account: String,
}

/// The messages of an mbox.
pub(super) fn mails(mbox: &[u8]) -> Vec<Raw<'_>> {
    let mut starts = vec![];
    let mut at = 0;
    for line in mbox.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"From ") {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([mbox.len()]);
    let texts = starts.iter().zip(ends).filter_map(|(start, end)| mbox.get(*start..end));
    let raw = |text| {
        let mut raw = Raw { text, account: String::new() };
        raw.account = raw.field("x-deskbell-account:").unwrap_or_default();
        raw
    };
    texts.map(raw).collect()
}

impl Raw<'_> {
    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.text.split(|byte| *byte == b'\n').skip(1);
        lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn field(&self, name: &str) -> Option<String> {
        let header = self.lines().take_while(|line| !line.is_empty());
        let mut found = header.filter(|line| begins(line, name.as_bytes()));
        let line = String::from_utf8_lossy(found.next()?).into_owned();
        line.get(name.len()..).map(|value| value.trim().to_owned())
    }

    /// The message, and what the file says of it; `None` for one without a date.
    pub(super) fn read(&self) -> Option<Mail> {
        let status = self.field("status:").unwrap_or_default();
        let marks = self.field("x-status:").unwrap_or_default();
        let place = self.field("x-deskbell-mailbox:").unwrap_or_default();
        Some(Mail {
            source: self.source(),
            at: self.date()?,
            place: MailboxRole::parse(&place).unwrap_or(MailboxRole::Inbox),
            read: status.contains('R'),
            starred: marks.contains('F'),
        })
    }

    fn date(&self) -> Option<Millis> {
        dates::instant(&self.field("date:")?)
    }

    fn source(&self) -> Vec<u8> {
        let mut source = Vec::with_capacity(self.text.len() + self.text.len() / 40);
        let (mut in_header, mut lines) = (true, self.lines().peekable());
        while let Some(line) = lines.next() {
            // What follows the last line end is no line.
            if lines.peek().is_none() && line.is_empty() {
                break;
            }
            if line.is_empty() {
                in_header = false;
            }
            if in_header && OURS.iter().any(|ours| begins(line, ours)) {
                continue;
            }
            let quoted = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
            let more = quoted > 0 && line.get(quoted..).is_some_and(|l| l.starts_with(b"From "));
            source.extend_from_slice(if more { line.get(1..).unwrap_or_default() } else { line });
            source.extend_from_slice(b"\r\n");
        }
        // The empty line before the next separator is the file's.
        while source.ends_with(b"\r\n\r\n\r\n") {
            source.truncate(source.len() - 2);
        }
        source
    }
}

fn begins(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_what_stands_between_two_separators() {
        let file = b"From a@b Fri\nDate: Fri, 20 Nov 2026 09:05:00 +0100\nStatus: RO\nX-Status: F\nX-Deskbell-Mailbox: archive\nX-Deskbell-Account: office\nSubject: Hi\n\n>From the top\n>>From it\n> said\n\nFrom c@d Fri\nStatus: O\n\nx\n";
        let mails = mails(file);
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[0].account, "office");
        let mail = mails[0].read().expect("it has a date");
        let text = String::from_utf8(mail.source).expect("text");
        assert_eq!(
            text,
            "Date: Fri, 20 Nov 2026 09:05:00 +0100\r\nSubject: Hi\r\n\r\nFrom the top\r\n>From it\r\n> said\r\n\r\n"
        );
        assert_eq!((mail.place, mail.read, mail.starred), (MailboxRole::Archive, true, true));
        assert!(mails[1].read().is_none(), "without a date it has no place in time");
    }
}
