//! What is written here reads back as it was written, by readers that are not ours: the parser other crates
//! use, and Python's `email`.

#[cfg(test)]
mod desk;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod python;
#[cfg(test)]
mod read;

use deskbell_domain::outgoing::ComposeKind;
use deskbell_engine::compose::{ComposeError, build, draft, token};
use mail_parser::{MessageParser, MimeHeaders as _};

use crate::desk::{Desk, NOON, person};
use crate::letters::by_chance;
use crate::read::read_back;

#[test]
fn a_letter_of_any_script_reads_back_as_it_was_written() {
    let desk = Desk::new();
    by_chance(300, |letter| {
        let mail = desk.build(letter).expect("it can be built");
        let message = MessageParser::new().parse(&mail.source[..]).expect("it is a message");
        read_back(&message, letter);
    });
}

#[test]
fn every_line_is_one_any_server_takes() {
    let desk = Desk::new();
    by_chance(100, |letter| {
        let mail = desk.build(letter).expect("it can be built");
        let source = &mail.source[..];
        let written = &letter.composition;
        let shown = [&written.to, &written.cc, &written.reply_to];
        let is_ascii = shown.into_iter().flatten().all(|person| person.address.is_ascii());
        assert!(!is_ascii || source.is_ascii(), "only an address needs more than ASCII");
        for line in source.split(|byte| *byte == b'\n') {
            assert!(line.len() <= 998, "RFC 5322 section 2.1.1");
        }
        let text = String::from_utf8_lossy(source).replace("\r\n", "");
        assert!(!text.contains(['\r', '\n', '\0']), "lines end in CRLF and nothing else");
        assert!(!text.contains("hidden.test"), "nobody reads of those in secret");
        for person in &written.bcc {
            let address = person.address.trim().to_owned();
            assert!(mail.recipients.contains(&address), "and they get it: {address}");
        }
    });
}

#[test]
fn a_hidden_recipient_stays_hidden() {
    let desk = Desk::new();
    let mut row = desk.row();
    row.composition.to = vec![person("Mara", "mara@x.example")];
    row.composition.bcc = vec![person("Ruth", "ruth@hidden.example")];
    row.composition.text = "Hello".into();
    let mail = build(&row, &[], &desk.account, NOON).expect("it can be built");
    assert_eq!(mail.recipients, ["mara@x.example", "ruth@hidden.example"], "both get it");
    let source = String::from_utf8_lossy(&mail.source).into_owned();
    assert!(!source.to_lowercase().contains("ruth"), "and nobody reads of the other: {source}");
    assert!(!source.to_lowercase().contains("bcc"), "not even of the field: {source}");
    let kept = draft(&row, &[], &desk.account, NOON);
    let kept = String::from_utf8_lossy(&kept).into_owned();
    assert!(kept.contains("Bcc: Ruth <ruth@hidden.example>"), "the draft keeps it: {kept}");
}

#[test]
fn hidden_recipients_alone_leave_a_header_servers_take() {
    let desk = Desk::new();
    let mut row = desk.row();
    row.composition.bcc = vec![person("", "ruth@hidden.example")];
    let mail = build(&row, &[], &desk.account, NOON).expect("it can be built");
    let source = String::from_utf8_lossy(&mail.source).into_owned();
    assert!(source.contains("\r\nTo: undisclosed-recipients:;\r\n"), "{source}");
}

#[test]
fn an_address_that_cannot_be_one_is_named() {
    let desk = Desk::new();
    let mut row = desk.row();
    row.composition.to = vec![person("Mara", "mara@x.example\r\nBcc: spy@x.example")];
    let error = build(&row, &[], &desk.account, NOON).expect_err("it is refused");
    assert!(matches!(error, ComposeError::Address { field: "to", .. }), "{error}");
    row.composition.to = Vec::new();
    let error = build(&row, &[], &desk.account, NOON).expect_err("it is refused");
    assert_eq!(error, ComposeError::NoRecipient);
}

#[test]
fn nothing_tells_of_the_machine_or_the_program() {
    let desk = Desk::new();
    let mut row = desk.row();
    row.composition.to = vec![person("", "mara@x.example")];
    row.composition.html = Some("<p>Hi</p><div data-signature=\"7\">Studio</div>".into());
    row.kind = ComposeKind::AutoReply;
    let mail = build(&row, &[], &desk.account, NOON).expect("it can be built");
    let source = String::from_utf8_lossy(&mail.source).into_owned();
    for tell in ["User-Agent", "X-Mailer", "Received", "Deskbell", "data-signature"] {
        assert!(!source.contains(tell), "{tell} is nobody's business: {source}");
    }
    assert!(source.contains("\r\nAuto-Submitted: auto-replied\r\n"), "RFC 3834: {source}");
    assert!(mail.automatic);
}

#[test]
fn tokens_are_unlike_and_name_the_sender_s_domain() {
    let tokens: std::collections::HashSet<String> =
        (0..1_000).map(|_| token("Desk@Studio.Example").expect("randomness")).collect();
    assert_eq!(tokens.len(), 1_000, "no two are alike");
    assert!(tokens.iter().all(|token| token.ends_with("@studio.example")));
    assert!(token("desk@例子.广告").expect("randomness").is_ascii(), "a Message-ID is ASCII");
}

/// Any server carries it then: SMTPUTF8 is needed only for what stands before the `@`.
#[test]
fn a_foreign_domain_stands_in_its_ascii_form_in_the_header() {
    let desk = Desk::new();
    let mut row = desk.row();
    row.composition.to = vec![person("Bob", "bob@bücher.example")];
    let mail = build(&row, &[], &desk.account, NOON).expect("it can be built");
    let source = String::from_utf8_lossy(&mail.source);
    assert!(source.contains("Bob <bob@xn--bcher-kva.example>"), "{source}");
    assert!(source.is_ascii(), "{source}");
}

#[test]
fn a_tab_in_a_subject_is_a_space_whatever_is_beside_it() {
    let desk = Desk::new();
    let mut row = desk.row();
    row.composition.to = vec![person("", "mara@x.example")];
    for (typed, line) in [("a\tb", "a b"), ("\n\ta", " a"), ("a\n\t", "a  "), ("a\t\nb", "a  b")] {
        row.composition.subject = typed.into();
        let mail = build(&row, &[], &desk.account, NOON).expect("it can be built");
        let message = MessageParser::new().parse(&mail.source[..]).expect("it is a message");
        assert_eq!(message.subject(), Some(line), "{typed:?}");
    }
}

#[test]
fn a_message_handed_on_whole_is_a_message() {
    let desk = Desk::new();
    let mut row = desk.row();
    row.composition.to = vec![person("", "mara@x.example")];
    let inner = b"From: a@x.example\nSubject: Inner\n\nHello\n";
    let files = [desk::file("inner.eml", "message/rfc822", None, inner)];
    let mail = build(&row, &files, &desk.account, NOON).expect("it can be built");
    let message = MessageParser::new().parse(&mail.source[..]).expect("it is a message");
    let part = message.attachment(0).expect("the message inside");
    let nested = part.message().expect("is read as one");
    assert_eq!(nested.subject(), Some("Inner"));
    let umlauts = "From: a@x.example\nSubject: x\n\nGrüße\n".as_bytes();
    let files = [desk::file("inner.eml", "message/rfc822", None, umlauts)];
    let mail = build(&row, &files, &desk.account, NOON).expect("it can be built");
    let message = MessageParser::new().parse(&mail.source[..]).expect("it is a message");
    let part = message.attachment(0).expect("the file");
    assert_eq!(part.contents(), umlauts, "byte for byte, as a file");
    assert_eq!(part.attachment_name(), Some("inner.eml"));
}

#[test]
fn an_image_taken_out_of_the_text_stays_behind() {
    let desk = Desk::new();
    let mut row = desk.row();
    row.composition.to = vec![person("", "mara@x.example")];
    row.composition.html = Some("<p><img src=\"cid:one\"></p>".into());
    let files = [
        desk::file("one.png", "image/png", Some("one"), b"\x89PNG one"),
        desk::file("two.png", "image/png", Some("two"), b"\x89PNG two"),
    ];
    let mail = build(&row, &files, &desk.account, NOON).expect("it can be built");
    let source = String::from_utf8_lossy(&mail.source).into_owned();
    assert!(source.contains("one.png") && !source.contains("two.png"), "{source}");
    assert!(source.contains("multipart/related"), "the image travels beside the text");
    let carried: Vec<_> = mail.files.iter().map(|(file, _)| file.content_id.as_deref()).collect();
    assert_eq!(carried, [Some("one")], "nor is it among the files of who builds the message anew");
    row.composition.html = Some("<p>about cid:two <img src=\"cid:twofold\"></p>".into());
    let mail = build(&row, &files, &desk.account, NOON).expect("it can be built");
    assert!(mail.files.is_empty(), "another image whose name begins alike shows neither");
    row.composition.html = None;
    let mail = build(&row, &files, &desk.account, NOON).expect("it can be built");
    let carried: Vec<_> = mail.files.iter().map(|(file, _)| file.content_id.as_deref()).collect();
    assert_eq!(carried, [None, None], "without HTML they are files like any other");
}
