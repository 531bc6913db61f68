//! Reading what a person typed into the search box.
//!
//! Nothing a person types is an error: what is not understood as an operator is searched for as words, and
//! `problem` says so.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::types::Value;

use deskbell_domain::address::identity_key;
use deskbell_domain::label;
use deskbell_domain::text::{is_unspaced, separate};
use deskbell_domain::{MailboxRole, Millis, Places};

use super::pieces::{FIELDS, Piece, pieces};
use crate::table::message::sort_key;

/// A query, understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What the full-text index is asked; `None` when only filters were given.
    pub expression: Option<String>,
    /// Conditions beside the words.
    pub filters: Vec<Filter>,
    /// Words to highlight, folded, and whether their beginning is enough.
    pub marks: Vec<Mark>,
    /// What could not be understood, in words.
    pub problem: Option<String>,
    /// The last word where it is a short beginning, and what is asked beside it.
    pub(crate) open: Option<Open>,
}

/// A beginning so short that the index would first gather everything that begins so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// Folded: lower case, no diacritics.
    pub(crate) word: String,
    /// The column it must stand in.
    pub(crate) column: Option<&'static str>,
    /// What the index is asked beside it.
    pub(crate) rest: Option<String>,
}

/// Letters up to which a beginning is short.
const SHORT: usize = 4;

/// A word to highlight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Folded: lower case, no diacritics.
    pub word: String,
    /// Its beginning is enough.
    pub prefix: bool,
}

/// A condition beside the words.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Has, or has no, attached file.
    Attachment(bool),
    /// Unread (true) or read.
    Unread(bool),
    /// Starred, or not.
    Starred(bool),
    /// Lies in a mailbox of this role, or does not.
    In(MailboxRole, bool),
    /// Everywhere, spam and trash included.
    Anywhere,
    /// Written before this instant.
    Before(Millis),
    /// Written at or after this instant.
    After(Millis),
    /// Carries the label with this name, or does not.
    Label(String, bool),
    /// Put off, or not.
    Snoozed(bool),
    /// Of the account with this name or address.
    Account(String, bool),
    /// Written by this address, in its comparable form, or not.
    Author(String, bool),
    /// Has none of these words; an expression for the index.
    Without(String),
    /// Can match nothing: a channel there is no account of.
    Nothing,
}

/// The bits of spam and trash.
pub(crate) fn discarded() -> i64 {
    Places::of(MailboxRole::Spam).with(MailboxRole::Trash).0
}

impl Filter {
    /// Whether it says where to look, so that spam and trash are not left out by default.
    pub(crate) fn names_a_place(&self) -> bool {
        matches!(self, Self::In(_, true) | Self::Anywhere)
    }

    pub(crate) fn condition(&self, key: &str, bind: &mut impl FnMut(Value) -> String) -> String {
        let not = |yes: &bool| if *yes { "" } else { "NOT " };
        match self {
            Self::Attachment(yes) => format!("{}(m.attachments > 0)", not(yes)),
            Self::Unread(yes) => format!("{}(m.flags & 1 = 0)", not(yes)),
            Self::Starred(yes) => format!("{}(m.flags & 2 <> 0)", not(yes)),
            Self::In(role, yes) => {
                format!("{}(m.places & {} <> 0)", not(yes), bind(Places::of(*role).0.into()))
            }
            Self::Label(name, yes) => format!(
                "{}(m.conversation_id IN (SELECT b.conversation_id FROM label n JOIN conversation_label b ON b.label_id = n.id
                   WHERE n.name_key = {} AND n.removed = 0))",
                not(yes),
                bind(name.clone().into())
            ),
            Self::Snoozed(yes) => format!(
                "{}(m.conversation_id IN (SELECT conversation_id FROM snooze WHERE returned_at IS NULL))",
                not(yes)
            ),
            Self::Anywhere => "1".into(),
            Self::Before(at) => format!("{key} < {}", bind(sort_key(*at).into())),
            Self::After(at) => format!("{key} >= {}", bind(sort_key(*at).into())),
            Self::Account(name, yes) => {
                let (a, b) = (bind(name.clone().into()), bind(name.clone().into()));
                format!(
                    "m.account_id {}IN (SELECT id FROM account WHERE instr(lower(name), {a}) OR instr(lower(address), {b}))",
                    not(yes)
                )
            }
            Self::Author(address, yes) => {
                let by = if *yes { "=" } else { "<>" };
                format!("m.from_address {by} {}", bind(address.clone().into()))
            }
            Self::Without(expression) => format!(
                "m.sort_key NOT IN (SELECT rowid FROM message_text WHERE message_text MATCH {})",
                bind(expression.clone().into())
            ),
            Self::Nothing => "0".into(),
        }
    }
}

/// Understands a query. With `typing` the last word matches by its beginning.
pub fn parse(text: &str, typing: bool, zone: &TimeZone) -> Query {
    // SQLite would take a NUL for the end of the expression.
    let text = &text.replace('\0', " ");
    let pieces = pieces(text);
    let mut query = Query::default();
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    let open_end = typing && !text.ends_with([' ', '"']);
    let count = pieces.len();
    for (index, piece) in pieces.into_iter().enumerate() {
        let last = index + 1 == count;
        let complete = !(piece.text.ends_with('*') || open_end && last);
        let column = match understand(&piece, complete, zone, &mut query) {
            Meaning::Filter(filter) => {
                query.filters.push(filter);
                continue;
            }
            Meaning::Nothing => continue,
            Meaning::Words(column) => column,
        };
        let prefix = !piece.quoted && (piece.text.ends_with('*') || (open_end && last));
        let words = piece.text.trim_end_matches('*');
        let tokens = super::highlight::tokens(words);
        if tokens.is_empty() {
            continue;
        }
        let phrase = format!(
            "{}\"{}\"{}",
            column.map_or(String::new(), |column| format!("{column} : ")),
            separate(words).trim().replace('"', "\"\""),
            if prefix { "*" } else { "" }
        );
        if piece.negated {
            unwanted.push(phrase);
        } else {
            if let [word] = tokens.as_slice()
                && prefix
                && word.chars().count() <= SHORT
                && !word.chars().any(is_unspaced)
            {
                let rest = (!wanted.is_empty()).then(|| wanted.join(" AND "));
                query.open = Some(Open { word: word.clone(), column, rest });
            } else {
                query.open = None;
            }
            wanted.push(phrase);
            let last_token = tokens.len() - 1;
            query.marks.extend(
                tokens
                    .into_iter()
                    .enumerate()
                    .map(|(n, token)| Mark { word: token, prefix: prefix && n == last_token }),
            );
        }
    }
    if !unwanted.is_empty() {
        query.open = None;
    }
    if wanted.is_empty() {
        if !unwanted.is_empty() {
            query.filters.push(Filter::Without(unwanted.join(" OR ")));
        }
    } else {
        let mut expression = wanted.join(" AND ");
        if !unwanted.is_empty() {
            expression = format!("({expression}) NOT ({})", unwanted.join(" OR "));
        }
        query.expression = Some(expression);
    }
    query
}

enum Meaning {
    /// Words for the index, in one of its columns or in all.
    Words(Option<&'static str>),
    Filter(Filter),
    Nothing,
}

fn understand(piece: &Piece, complete: bool, zone: &TimeZone, query: &mut Query) -> Meaning {
    let Some(field) = piece.field.as_deref() else {
        if let Some((head, _)) = piece.text.split_once(':').filter(|_| !piece.quoted)
            && FOREIGN.contains(&head.to_lowercase().as_str())
        {
            query.problem = Some(format!(
                "“{head}:” is not a search operator here and was searched for as a word; there are {}:",
                FIELDS.join(": ")
            ));
        }
        return Meaning::Words(None);
    };
    let yes = !piece.negated;
    let value = piece.text.to_lowercase();
    let mut unknown = |what: &str| {
        query.problem = Some(format!("“{field}:{}” is not understood; {what}", piece.text));
        Meaning::Nothing
    };
    match field {
        // A whole address is looked up as one; its parts are in too many mails to be quick.
        "from" if complete && is_address(&value) => {
            Meaning::Filter(Filter::Author(identity_key(&value), yes))
        }
        "from" => Meaning::Words(Some("sender")),
        "to" | "cc" => Meaning::Words(Some("recipients")),
        "subject" => Meaning::Words(Some("subject")),
        "file" | "filename" => Meaning::Words(Some("files")),
        "has" => match value.as_str() {
            "attachment" | "attachments" | "file" => Meaning::Filter(Filter::Attachment(yes)),
            _ => unknown("try has:attachment."),
        },
        "is" => match value.as_str() {
            "unread" => Meaning::Filter(Filter::Unread(yes)),
            "read" => Meaning::Filter(Filter::Unread(!yes)),
            "starred" => Meaning::Filter(Filter::Starred(yes)),
            "snoozed" => Meaning::Filter(Filter::Snoozed(yes)),
            _ => unknown("try is:unread, is:read, is:starred or is:snoozed."),
        },
        "in" => match value.as_str() {
            "anywhere" | "all" => Meaning::Filter(Filter::Anywhere),
            "archived" => Meaning::Filter(Filter::In(MailboxRole::Archive, yes)),
            word => match MailboxRole::parse(word) {
                Some(role) => Meaning::Filter(Filter::In(role, yes)),
                None => {
                    unknown("try in:inbox, in:sent, in:archive, in:spam, in:trash or in:anywhere.")
                }
            },
        },
        "label" => Meaning::Filter(Filter::Label(label::name_key(&piece.text), yes)),
        "account" => Meaning::Filter(Filter::Account(value, yes)),
        "channel" => match deskbell_domain::Channel::parse(&value) {
            Some(_) => Meaning::Nothing,
            None => Meaning::Filter(Filter::Nothing),
        },
        "before" | "after" => match day(&value, zone) {
            Some(at) if (field == "before") == yes => Meaning::Filter(Filter::Before(at)),
            Some(at) => Meaning::Filter(Filter::After(at)),
            None => unknown("write a day as 2026-11-20."),
        },
        _ => Meaning::Words(None),
    }
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(user, host)| {
        !user.is_empty()
            && host.split('.').count() > 1
            && !host.split('.').any(str::is_empty)
            && !text.contains(char::is_whitespace)
    })
}

/// The first instant of a day.
fn day(text: &str, zone: &TimeZone) -> Option<Millis> {
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

/// Fields of other programs, and of what is still to come: typed as an operator, they are said not to be one.
const FOREIGN: [&str; 18] = [
    "assigned",
    "assignee",
    "bcc",
    "body",
    "category",
    "date",
    "deliveredto",
    "flag",
    "folder",
    "larger",
    "list",
    "newer",
    "older",
    "sender",
    "size",
    "smaller",
    "status",
    "tag",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(text: &str) -> String {
        parse(text, false, &TimeZone::UTC).expression.unwrap_or_default()
    }

    #[test]
    fn words_phrases_prefixes_and_exclusions_become_one_expression() {
        assert_eq!(expression("fern tattoo"), "\"fern\" AND \"tattoo\"");
        assert_eq!(expression("\"left forearm\" fer*"), "\"left forearm\" AND \"fer\"*");
        assert_eq!(expression("fern -invoice"), "(\"fern\") NOT (\"invoice\")");
        assert_eq!(
            expression("from:mara subject:\"new design\""),
            "sender : \"mara\" AND subject : \"new design\""
        );
    }

    #[test]
    fn what_a_person_types_is_never_index_syntax() {
        assert_eq!(expression("a\"b OR NEAR(x"), "\"a\"\"b\" AND \"OR\" AND \"NEAR(x\"");
        assert_eq!(expression("16:30"), "\"16:30\"", "a time is not an operator");
        assert_eq!(expression("* - \" ()"), "", "marks alone search for nothing");
    }

    #[test]
    fn an_operator_there_is_not_is_said_and_searched_for_as_a_word() {
        for typed in ["assigned:me", "invoice Assigned:mara", "-tag:vip", "older:2d"] {
            let query = parse(typed, false, &TimeZone::UTC);
            let problem = query.problem.unwrap_or_default();
            assert!(problem.contains("not a search operator"), "{typed}: {problem}");
            assert!(
                problem.contains("from: ") && problem.ends_with("label:"),
                "{typed}: {problem}"
            );
        }
        for typed in
            ["16:30", "https://client.example", "re:invoice", "\"assigned:me\"", "label:vip"]
        {
            assert_eq!(parse(typed, false, &TimeZone::UTC).problem, None, "{typed}");
        }
        assert_eq!(expression("assigned:me"), "\"assigned:me\"", "nothing is lost");
    }

    #[test]
    fn words_to_leave_out_need_no_word_to_look_for() {
        let query = parse("is:unread -ruth", false, &TimeZone::UTC);
        assert_eq!(query.filters, [Filter::Unread(true), Filter::Without("\"ruth\"".into())]);
        assert_eq!(query.problem, None);
    }

    #[test]
    fn days_are_days_of_the_persons_zone() {
        let berlin = TimeZone::get("Europe/Berlin").expect("bundled zone");
        let query = parse("before:2026-11-20", false, &berlin);
        assert_eq!(query.filters, [Filter::Before(1_795_129_200_000)], "midnight in Berlin");
        let query = parse("after:yesterday", false, &berlin);
        assert!(query.problem.is_some(), "an unreadable day is said");
    }
}
