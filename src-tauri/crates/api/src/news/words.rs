//! The words of notifications: who wrote, about what, or only that somebody did.

use deskbell_domain::text::clip;
use deskbell_store::table::message::Message;
use fluent_bundle::FluentValue;

use super::{About, Action, Notification, Tag};
use crate::speech::{Speech, number};

/// Longest name, subject and beginning of a text, in characters.
const NAME: usize = 60;
const SUBJECT: usize = 100;
const PREVIEW: usize = 140;
/// People named when many wrote.
const NAMED: usize = 3;

/// One message.
pub(super) fn one(speech: &Speech, m: &Message, hidden: bool) -> Notification {
    let about =
        About::Message { conversation: m.conversation.to_string(), message: m.id.to_string() };
    let actions = [
        (Action::Reply, "news-reply"),
        (Action::Archive, "news-archive"),
        (Action::Read, "news-read"),
    ];
    let (title, body) = if hidden {
        (speech.say("news-hidden"), String::new())
    } else {
        let subject = match plain(&m.subject, SUBJECT) {
            subject if subject.is_empty() => speech.say("news-no-subject"),
            subject => subject,
        };
        let preview = plain(&m.preview, PREVIEW);
        let body = if preview.is_empty() { subject } else { format!("{subject}\n{preview}") };
        (author(speech, &m.from_name, &m.from_address), body)
    };
    Notification {
        tag: Tag::Conversation(m.conversation),
        title,
        body,
        actions: actions.into_iter().map(|(action, key)| (action, speech.say(key))).collect(),
        about,
    }
}

/// Many messages.
pub(super) fn many(
    speech: &Speech,
    count: usize,
    authors: &[(String, String)],
    hidden: bool,
) -> Notification {
    let body = if hidden || authors.is_empty() {
        String::new()
    } else {
        let named: Vec<String> = authors
            .iter()
            .take(NAMED)
            .map(|(name, address)| author(speech, name, address))
            .collect();
        let more = authors.len() - named.len();
        let names = FluentValue::from(named.join(", "));
        match more {
            0 => speech.put("news-from", &[("names", names)]),
            more => speech.put("news-from-more", &[("names", names), ("more", number(more))]),
        }
    };
    Notification {
        tag: Tag::Many,
        title: speech.count("news-many", count),
        body,
        actions: Vec::new(),
        about: About::Many,
    }
}

fn author(speech: &Speech, name: &str, address: &str) -> String {
    let name = plain(name, NAME);
    let shown = if name.is_empty() { plain(address, NAME) } else { name };
    if shown.is_empty() { speech.say("news-nobody") } else { shown }
}

/// One line, without what could turn it around or make it look like two.
fn plain(text: &str, longest: usize) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    clip(text.trim(), longest)
}

#[cfg(test)]
pub(super) mod tests {
    use deskbell_domain::message::{BodyState, Flags};
    use deskbell_domain::settings::Language;
    use deskbell_domain::{AccountId, ConversationId, MessageId, Places};
    use deskbell_store::table::message::Recipients;

    use super::*;

    /// A message of somebody of this name.
    pub(in crate::news) fn letter(name: &str, subject: &str, preview: &str) -> Message {
        Message {
            id: MessageId(7),
            account: AccountId(1),
            conversation: ConversationId(3),
            sort_key: 0,
            message_id: None,
            date: 0,
            internal_date: 0,
            size: 0,
            subject: subject.into(),
            from_name: name.into(),
            from_address: format!("{}@client.example", name.to_lowercase()),
            recipients: Recipients::default(),
            preview: preview.into(),
            flags: Flags::default(),
            places: Places::NONE,
            own: false,
            bulk: false,
            body_state: BodyState::Full,
            attachments: 0,
            quarantine_reason: None,
        }
    }

    fn english() -> Speech {
        Speech::of(Language::En, None)
    }

    #[test]
    fn a_message_says_who_and_what_and_offers_three_ways_on() {
        let shown = one(&english(), &letter("Mara Voss", "Saturday?", "Could I come"), false);
        assert_eq!(
            (shown.title.as_str(), shown.body.as_str()),
            ("Mara Voss", "Saturday?\nCould I come")
        );
        let words: Vec<&str> = shown.actions.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["Reply", "Archive", "Mark read"]);
        let about = About::Message { conversation: "3".into(), message: "7".into() };
        assert_eq!((shown.tag, shown.about), (Tag::Conversation(ConversationId(3)), about));
    }

    #[test]
    fn hidden_content_says_neither_who_nor_what() {
        let m = letter("Mara Voss", "Saturday?", "Could I come");
        let authors = [("Mara Voss".to_owned(), "mara@client.example".to_owned())];
        for shown in [one(&english(), &m, true), many(&english(), 4, &authors, true)] {
            let said = format!("{} {}", shown.title, shown.body).to_lowercase();
            for secret in ["mara", "voss", "saturday", "come", "client"] {
                assert!(!said.contains(secret), "{said}");
            }
            assert!(!shown.title.is_empty(), "but that there is something");
        }
    }

    #[test]
    fn many_messages_are_counted_and_some_of_their_authors_named() {
        let authors: Vec<(String, String)> = ["Mara", "Ben", "Ida", "Jon", "Eve"]
            .map(|name| (name.to_owned(), format!("{name}@x.example")))
            .to_vec();
        let german = Speech::of(Language::De, None);
        let shown = many(&german, 12, &authors, false);
        assert_eq!(shown.title, "12 neue Nachrichten");
        assert_eq!(shown.body, "Von Mara, Ben, Ida und 2 weiteren");
        assert_eq!(many(&english(), 4, &authors[..2], false).body, "From Mara, Ben");
        assert_eq!(
            many(&english(), 4, &authors[..4], false).body,
            "From Mara, Ben, Ida and one more person"
        );
    }

    #[test]
    fn what_is_missing_is_said_and_what_would_deceive_is_left_out() {
        let mut m = letter("", "", "");
        m.from_address = "mara@client.example".into();
        let shown = one(&english(), &m, false);
        assert_eq!(
            (shown.title.as_str(), shown.body.as_str()),
            ("mara@client.example", "(no subject)")
        );
        m.from_address = String::new();
        assert_eq!(one(&english(), &m, false).title, "Somebody without an address");
        let odd = letter("Your\u{202e}Bank\r\nBen", &"long ".repeat(100), "");
        let shown = one(&english(), &odd, false);
        assert_eq!(shown.title, "YourBank  Ben", "one line, read as written");
        assert!(shown.body.chars().count() <= SUBJECT + 1, "{}", shown.body);
    }
}
