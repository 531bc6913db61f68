//! What an answer takes over from the message it answers: whom it goes to, its subject, its place in the thread.
//!
//! Pure. Quoting the text is left to those who can clean it.

use std::collections::HashSet;

use deskbell_domain::outgoing::ComposeKind;
use deskbell_domain::{Address, text};

use super::header::bounded;

/// The message answered or handed on.
#[derive(Clone, Debug, Default)]
pub struct Parent {
    /// Its author.
    pub from: Option<Address>,
    /// Where it wants answers.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Written by the one who answers now.
    pub own: bool,
    /// Subject as written.
    pub subject: String,
    /// Its Message-ID without brackets.
    pub message_id: Option<String>,
    /// Message-IDs of its thread, oldest first.
    pub references: Vec<String>,
}

impl Parent {
    /// To and Cc of an answer. `is_own` knows the addresses of the person: they are left out, unless nobody
    /// else would be left.
    pub fn recipients(
        &self,
        kind: ComposeKind,
        is_own: impl Fn(&str) -> bool,
    ) -> (Vec<Address>, Vec<Address>) {
        if !matches!(kind, ComposeKind::Reply | ComposeKind::ReplyAll | ComposeKind::AutoReply) {
            return (Vec::new(), Vec::new());
        }
        let mut seen = HashSet::new();
        let mut once =
            |person: &&Address| !person.address.trim().is_empty() && seen.insert(person.key());
        let all = kind == ComposeKind::ReplyAll;
        if self.own {
            // Going on with what one wrote oneself: to those it went to.
            let to: Vec<Address> = self.to.iter().filter(&mut once).cloned().collect();
            let cc: Vec<Address> =
                self.cc.iter().filter(|_| all).filter(&mut once).cloned().collect();
            return if to.is_empty() && cc.is_empty() {
                (self.from.iter().cloned().collect(), Vec::new())
            } else {
                (to, cc)
            };
        }
        let authors: Vec<&Address> = if self.reply_to.is_empty() {
            self.from.iter().collect()
        } else {
            self.reply_to.iter().collect()
        };
        let mut to: Vec<Address> = authors
            .iter()
            .copied()
            .filter(|person| !all || !is_own(&person.key()))
            .filter(&mut once)
            .cloned()
            .collect();
        if !all {
            return (to, Vec::new());
        }
        // A list that takes over Reply-To hides the author, who is to hear the answer as well.
        let others = self.from.iter().chain(&self.to).filter(|person| !is_own(&person.key()));
        let listed: Vec<Address> = others.filter(&mut once).cloned().collect();
        let cc: Vec<Address> = self
            .cc
            .iter()
            .filter(|person| !is_own(&person.key()))
            .filter(&mut once)
            .cloned()
            .collect();
        if to.is_empty() && listed.is_empty() && cc.is_empty() {
            to.extend(authors.first().map(|person| (*person).clone()));
        }
        to.extend(listed);
        if to.is_empty() { (cc, Vec::new()) } else { (to, cc) }
    }

    /// The subject of an answer, with one mark in front.
    pub fn subject(&self, kind: ComposeKind) -> String {
        let base = text::base_subject(&self.subject);
        let mark = match kind {
            ComposeKind::New => return base,
            ComposeKind::Forward | ComposeKind::ForwardAttached => "Fwd:",
            _ => "Re:",
        };
        if base.is_empty() { mark.to_owned() } else { format!("{mark} {base}") }
    }

    /// In-Reply-To and References of an answer (RFC 5322, section 3.6.4). What is handed on begins a thread
    /// of its own for its new readers, but names where it comes from.
    pub fn thread(&self, kind: ComposeKind) -> (Option<String>, Vec<String>) {
        let answers =
            matches!(kind, ComposeKind::Reply | ComposeKind::ReplyAll | ComposeKind::AutoReply);
        let mut references = self.references.clone();
        if let Some(own) = &self.message_id {
            references.retain(|id| id != own);
            references.push(own.clone());
        }
        let in_reply_to = self.message_id.clone().filter(|_| answers);
        match kind {
            ComposeKind::New => (None, Vec::new()),
            _ => (in_reply_to, bounded(references)),
        }
    }
}

/// Message-ID and References of a kept source, without brackets; In-Reply-To where there are no References.
pub fn thread_of(source: &[u8]) -> (Option<String>, Vec<String>) {
    let Some(message) = mail_parser::MessageParser::new().parse_headers(source) else {
        return (None, Vec::new());
    };
    let list = |value: &mail_parser::HeaderValue<'_>| -> Vec<String> {
        value.as_text_list().unwrap_or_default().iter().map(|id| id.to_string()).collect()
    };
    let mut references = list(message.references());
    if references.is_empty() {
        references = list(message.in_reply_to());
    }
    (message.message_id().map(str::to_owned), references)
}

/// What a kept source answers by its own word, without brackets. Its References say nothing of that: a message handed
/// on names where it comes from as well.
pub fn answered(source: &[u8]) -> Option<String> {
    let message = mail_parser::MessageParser::new().parse_headers(source)?;
    let ids = message.in_reply_to().as_text_list()?;
    ids.last().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(address: &str) -> Address {
        Address { name: None, address: address.into() }
    }

    fn spelt(people: &[Address]) -> Vec<&str> {
        people.iter().map(|person| person.address.as_str()).collect()
    }

    fn letter() -> Parent {
        Parent {
            from: Some(person("mara@x.example")),
            to: vec![person("Desk@studio.example"), person("ruth@x.example")],
            cc: vec![person("jonas@x.example"), person("RUTH@x.example")],
            subject: "AW: Re: Cut".into(),
            message_id: Some("3@x".into()),
            references: vec!["1@x".into(), "2@x".into()],
            ..Parent::default()
        }
    }

    fn own(address: &str) -> bool {
        address == "desk@studio.example"
    }

    #[test]
    fn an_answer_goes_to_the_author_alone() {
        let (to, cc) = letter().recipients(ComposeKind::Reply, own);
        assert_eq!((spelt(&to), spelt(&cc)), (vec!["mara@x.example"], vec![]));
    }

    #[test]
    fn an_answer_to_all_leaves_out_oneself_and_doubles() {
        let (to, cc) = letter().recipients(ComposeKind::ReplyAll, own);
        assert_eq!(spelt(&to), ["mara@x.example", "ruth@x.example"]);
        assert_eq!(spelt(&cc), ["jonas@x.example"]);
    }

    #[test]
    fn reply_to_takes_the_place_of_the_author() {
        let mut letter = letter();
        letter.reply_to = vec![person("list@x.example")];
        let (to, _) = letter.recipients(ComposeKind::Reply, own);
        assert_eq!(spelt(&to), ["list@x.example"]);
        let (to, _) = letter.recipients(ComposeKind::ReplyAll, own);
        assert_eq!(spelt(&to), ["list@x.example", "mara@x.example", "ruth@x.example"]);
    }

    #[test]
    fn going_on_with_ones_own_message_goes_where_it_went() {
        let mut letter = letter();
        letter.own = true;
        letter.from = Some(person("desk@studio.example"));
        letter.to = vec![person("mara@x.example")];
        let (to, cc) = letter.recipients(ComposeKind::Reply, own);
        assert_eq!((spelt(&to), spelt(&cc)), (vec!["mara@x.example"], vec![]));
        let (_, cc) = letter.recipients(ComposeKind::ReplyAll, own);
        assert_eq!(spelt(&cc), ["jonas@x.example", "RUTH@x.example"]);
    }

    #[test]
    fn a_note_to_oneself_can_be_answered() {
        let note = Parent {
            from: Some(person("desk@studio.example")),
            to: vec![person("desk@studio.example")],
            ..Parent::default()
        };
        let (to, _) = note.recipients(ComposeKind::ReplyAll, own);
        assert_eq!(spelt(&to), ["desk@studio.example"]);
    }

    #[test]
    fn one_mark_and_the_whole_thread() {
        let letter = letter();
        assert_eq!(letter.subject(ComposeKind::Reply), "Re: Cut");
        assert_eq!(letter.subject(ComposeKind::Forward), "Fwd: Cut");
        let (in_reply_to, references) = letter.thread(ComposeKind::Reply);
        assert_eq!(in_reply_to.as_deref(), Some("3@x"));
        assert_eq!(references, ["1@x", "2@x", "3@x"]);
        assert_eq!(letter.thread(ComposeKind::Forward).0, None, "handed on is not answered");
    }
}
