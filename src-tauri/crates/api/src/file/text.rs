//! Files that can be read in the window: plain texts, and mails within mails as text.

use bytes::Bytes;

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{RemoteKey, RemoteMessage, RemoteSource};
use deskbell_domain::text::clip;
use deskbell_engine::ingest;

use crate::dto::{FileKind, FileText, MailHead};
use crate::{present, render};

/// Characters shown; a longer text is for a program of its own.
const SHOWN: usize = 200_000;
/// Stands for a date the mail does not have; later than any it could.
const NOWHERE: i64 = i64::MAX;

/// Reads a part as text; `None` where it is no file or none that can be read.
pub(crate) fn text(source: &[u8], part: u32, kind: FileKind) -> Option<FileText> {
    match kind {
        FileKind::Mail => Some(mail(ingest::file(source, part)?.bytes)),
        FileKind::Text => Some(shown(&ingest::file_text(source, part)?, None)),
        _ => None,
    }
}

/// A whole mail as text.
fn mail(source: Vec<u8>) -> FileText {
    let text = render::plain(&source);
    shown(&text, Some(head(source)))
}

fn shown(text: &str, mail: Option<MailHead>) -> FileText {
    let text = text.replace("\r\n", "\n").replace('\0', "");
    let cut = text.chars().nth(SHOWN).is_some();
    FileText { text: if cut { clip(&text, SHOWN) } else { text }, cut, mail }
}

fn head(source: Vec<u8>) -> MailHead {
    let read = ingest::message(RemoteMessage {
        key: RemoteKey(String::new()),
        flags: Flags::default(),
        internal_date: NOWHERE,
        size: 0,
        role: None,
        thread: None,
        known_by: None,
        source: RemoteSource::Headers(Bytes::from(source)),
    });
    MailHead {
        from: read.from.map(present::person),
        to: read.to.into_iter().map(present::person).collect(),
        subject: read.subject,
        date: (read.date != NOWHERE).then_some(read.date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "Subject: Files\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n\
        --cut\r\nContent-Type: text/plain\r\n\r\nSee the files.\r\n\
        --cut\r\nContent-Type: text/csv; charset=iso-8859-1\r\nContent-Disposition: attachment; filename=\"list.csv\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ngr=FC=DFe\r\n\
        --cut\r\nContent-Type: message/rfc822\r\n\r\nFrom: Mara <mara@x.example>\r\nSubject: Inner\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\n\r\ninner text\r\n--cut--\r\n";

    #[test]
    fn a_text_is_read_in_its_own_charset() {
        let read = text(SOURCE.as_bytes(), 2, FileKind::Text).expect("the list");
        assert_eq!((read.text.trim_end(), read.cut), ("grüße", false));
    }

    #[test]
    fn a_mail_within_a_mail_says_who_wrote_it() {
        let read = text(SOURCE.as_bytes(), 3, FileKind::Mail).expect("the mail");
        let mail = read.mail.expect("its head");
        assert_eq!(mail.subject, "Inner");
        assert_eq!(mail.from.expect("its author").address, "mara@x.example");
        assert_eq!(mail.date, Some(1_795_248_000_000));
        assert_eq!(read.text.trim(), "inner text");
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let long = format!(
            "Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\n{}",
            "word ".repeat(60_000)
        );
        let read = text(long.as_bytes(), 0, FileKind::Text).expect("the text");
        assert!(read.cut && read.text.chars().count() <= SHOWN);
    }
}
