//! Marks of `bell mark`, as typed: `read`, `snoozed=tomorrow_morning`, `label=VIP`.

use std::str::FromStr;

use deskbell_api::dto::Edit;

/// What to do to a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An edit of its messages.
    Edit(Edit),
    /// Put off: until a time as typed, or until somebody answers.
    Snoozed(Option<String>),
    /// Brought back before its time.
    Awake,
    /// Given the label with this name (true), or relieved of it.
    Label(String, bool),
}

const KNOWN: &str = "read, unread, starred, unstarred, archived, inbox, deleted, spam, snoozed, \
                     snoozed=TIME, awake, label=NAME, unlabel=NAME";

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let edit = |edit| Ok(Self::Edit(edit));
        if let Some((word, value)) = text.split_once('=') {
            let value = value.trim();
            if value.is_empty() {
                return Err(format!("write something behind “{word}=”"));
            }
            return match word {
                "snoozed" => Ok(Self::Snoozed(Some(value.to_owned()))),
                "label" => Ok(Self::Label(value.to_owned(), true)),
                "unlabel" => Ok(Self::Label(value.to_owned(), false)),
                _ => Err(format!("there is no mark “{word}=”; there are {KNOWN}")),
            };
        }
        match text {
            "read" => edit(Edit::Read),
            "unread" => edit(Edit::Unread),
            "starred" => edit(Edit::Star),
            "unstarred" => edit(Edit::Unstar),
            "archived" => edit(Edit::Archive),
            "inbox" => edit(Edit::Inbox),
            "deleted" => edit(Edit::Trash),
            "spam" => edit(Edit::Spam),
            "snoozed" => Ok(Self::Snoozed(None)),
            "awake" => Ok(Self::Awake),
            _ => Err(format!("there is no mark “{text}”; there are {KNOWN}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_typed_and_a_wrong_one_names_those_there_are() {
        assert_eq!("read".parse(), Ok(Mark::Edit(Edit::Read)));
        assert_eq!("snoozed".parse(), Ok(Mark::Snoozed(None)));
        assert_eq!("label=To call".parse(), Ok(Mark::Label("To call".into(), true)));
        assert_eq!(
            "snoozed=2026-11-23 08:00".parse(),
            Ok(Mark::Snoozed(Some("2026-11-23 08:00".into())))
        );
        let wrong = "purple".parse::<Mark>().expect_err("no mark");
        assert!(wrong.contains("label=NAME"), "{wrong}");
        assert!("label=".parse::<Mark>().is_err());
    }
}
