//! What the header of a kept message says to those who would answer it by themselves (RFC 3834).
//!
//! Invariant: where there is any sign of a list or a machine, it is one; a person left without an automatic
//! answer is a smaller harm than two machines that answer each other.

use super::header;

/// What the header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Automatic {
    /// The list it came through: its List-Id, without brackets and words around them.
    pub list: Option<String>,
    /// It answers another message.
    pub reply: bool,
    /// A list or a machine sent it, or asks for no answers of machines.
    pub machine: bool,
    /// Where answers of machines go (Return-Path); empty for nowhere, `None` where it is not said.
    pub return_path: Option<String>,
}

/// Reads the header of a source.
pub fn automatic(source: &[u8]) -> Automatic {
    let mut said = Automatic::default();
    for field in header::fields(header::split(source).0) {
        let name = field.name.to_ascii_lowercase();
        let value = String::from_utf8_lossy(field.value.get(..2_000).unwrap_or(field.value));
        let value = value.trim();
        match name.as_slice() {
            b"in-reply-to" | b"references" => said.reply |= value.contains('@'),
            b"list-id" => {
                said.machine = true;
                said.list.get_or_insert_with(|| list_name(value));
            }
            b"return-path" => {
                let address =
                    value.trim_matches(|c: char| matches!(c, '<' | '>') || c.is_whitespace());
                said.return_path.get_or_insert_with(|| address.to_owned());
            }
            b"auto-submitted" => {
                let word = value.split(';').next().unwrap_or_default().trim();
                said.machine |= !word.eq_ignore_ascii_case("no");
            }
            b"precedence" => {
                let word = value.to_ascii_lowercase();
                said.machine |= matches!(word.as_str(), "bulk" | "list" | "junk" | "auto_reply");
            }
            b"x-auto-response-suppress" => {
                let none = |word: &str| word.trim().eq_ignore_ascii_case("none");
                said.machine |= !value.split(',').all(none);
            }
            b"content-type" => {
                said.machine |= value.to_ascii_lowercase().starts_with("multipart/report");
            }
            b"x-autoreply" | b"x-autorespond" | b"x-autoreply-from" | b"x-failed-recipients" => {
                said.machine = true;
            }
            name => said.machine |= name.starts_with(b"list-"),
        }
    }
    said.machine |= said.return_path.as_deref() == Some("");
    said
}

/// The part in brackets, or all of it where there are none.
fn list_name(value: &str) -> String {
    let inside = value.rsplit_once('<').map_or(value, |(_, inside)| inside);
    inside.split('>').next().unwrap_or_default().trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Automatic {
        automatic(format!("From: a@b.example\r\n{header}\r\n\r\nHello.\r\n").as_bytes())
    }

    #[test]
    fn every_sign_of_a_machine_is_taken_for_one() {
        for header in [
            "Auto-Submitted: auto-replied; owner-email=\"x@y.example\"",
            "auto-submitted: auto-generated",
            "Precedence: Bulk",
            "X-Auto-Response-Suppress: DR, OOF, AutoReply",
            "List-Unsubscribe: <mailto:x@y.example>",
            "List-Post: NO",
            "Return-Path: <>",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
            "X-Autoreply: yes",
        ] {
            assert!(read(header).machine, "{header}");
        }
    }

    #[test]
    fn a_person_is_a_person() {
        let said = read(
            "Auto-Submitted: no\r\nPrecedence: normal\r\nReturn-Path: <mara@x.example>\r\nX-Auto-Response-Suppress: None",
        );
        assert!(!said.machine, "{said:?}");
        assert_eq!(said.return_path.as_deref(), Some("mara@x.example"));
        assert!(!said.reply && said.list.is_none());
    }

    #[test]
    fn a_list_is_known_by_its_id_and_an_answer_by_what_it_answers() {
        let said =
            read("List-Id: Ink lovers\r\n <ink.Lists.example>\r\nIn-Reply-To: <1@x.example>");
        assert_eq!(said.list.as_deref(), Some("ink.lists.example"));
        assert!(said.reply);
        assert!(!read("In-Reply-To: your mail").reply, "no message is named");
    }
}
