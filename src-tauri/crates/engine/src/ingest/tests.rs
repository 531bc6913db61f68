//! Stories of whole messages: damaged ones, hostile ones, and what must never happen to any.

use std::fmt::Write as _;

use bytes::Bytes;
use deskbell_domain::message::Flags;
use deskbell_domain::sync::RemoteKey;
use proptest::prelude::*;

use super::*;

/// Tue, 5 May 2026 12:00:00 +0000.
const ARRIVED: i64 = 1_777_982_400_000;

fn remote(source: RemoteSource, size: usize) -> RemoteMessage {
    RemoteMessage {
        key: RemoteKey::from_uid(1),
        flags: Flags::default(),
        internal_date: ARRIVED,
        size: size as u64,
        role: None,
        thread: None,
        known_by: None,
        source,
    }
}

fn full(source: impl Into<Bytes>) -> IngestedMessage {
    let source = source.into();
    let size = source.len();
    message(remote(RemoteSource::Full(source), size))
}

fn headers_of(source: &[u8]) -> IngestedMessage {
    let end = source.windows(4).position(|w| w == b"\r\n\r\n").map_or(source.len(), |at| at + 4);
    message(remote(RemoteSource::Headers(Bytes::copy_from_slice(&source[..end])), source.len()))
}

fn shown(message: &IngestedMessage) -> String {
    let mut out = String::new();
    let people = |list: &[Address]| {
        let one = |a: &Address| format!("{} <{}>", a.name.as_deref().unwrap_or("-"), a.address);
        list.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let from: Vec<Address> = message.from.iter().cloned().collect();
    writeln!(out, "subject: {}", message.subject).unwrap();
    writeln!(out, "from: {}", people(&from)).unwrap();
    writeln!(out, "to: {}", people(&message.to)).unwrap();
    writeln!(out, "id: {:?}, keys: {}", message.message_id, message.thread.0.len()).unwrap();
    writeln!(out, "date: {}, bulk: {}", message.date, message.bulk).unwrap();
    writeln!(out, "state: {:?} {:?}", message.body_state, message.quarantine_reason).unwrap();
    let Some(body) = &message.body else { return out };
    writeln!(out, "preview: {}", body.preview).unwrap();
    for a in &body.attachments {
        let inline = if a.inline { " inline" } else { "" };
        writeln!(out, "part {}: {} ({}, {} bytes){inline}", a.part, a.name, a.media_type, a.size)
            .unwrap();
    }
    write!(out, "----\n{}", body.text).unwrap();
    out
}

macro_rules! golden {
    ($($name:ident),+ $(,)?) => {$(
        #[test]
        fn $name() {
            let source: &[u8] = include_bytes!(concat!("fixtures/", stringify!($name), ".eml"));
            let whole = full(source);
            insta::with_settings!({ prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(stringify!($name), shown(&whole));
            });
            assert_header_first_gives_the_same(source, &whole);
        }
    )+};
}

golden!(
    attachments,
    broken_structure,
    eight_bit_everywhere,
    forwarded_message,
    invitation,
    mislabelled_charsets,
    newsletter,
    no_empty_line,
    no_ids_future_date,
    reply_with_quotes,
    signed_report,
    split_words,
    truncated,
);

fn assert_header_first_gives_the_same(source: &[u8], whole: &IngestedMessage) {
    let header = headers_of(source);
    assert_eq!(header.fingerprint, whole.fingerprint, "recognised again when its body comes");
    assert_eq!(header.thread, whole.thread, "in the same conversation");
    assert_eq!((&header.subject, &header.from), (&whole.subject, &whole.from), "the same row");
    assert_eq!((header.date, header.bulk), (whole.date, whole.bulk), "the same row");
    assert!(header.body.is_none(), "a header has no body");
}

/// What holds for every input.
fn assert_sound(source: &[u8]) {
    let message = full(Bytes::copy_from_slice(source));
    let body = message.body.as_ref().expect("a body or the raw source");
    assert_eq!(body.source, source, "the source is kept");
    let quarantined = message.body_state == BodyState::Quarantined;
    assert_eq!(quarantined, message.quarantine_reason.is_some(), "with a reason");
    assert!(body.text.len() <= body::MAX_TEXT, "text is bounded");
    assert!(body.preview.chars().count() <= 200, "the preview is short");
    for attachment in &body.attachments {
        assert!(!attachment.name.is_empty(), "every file has a name");
        assert!(!attachment.name.contains(['/', '\\', '\0', '\n', '\u{202e}']), "{attachment:?}");
        let file = file(source, attachment.part).expect("a listed part can be taken out");
        assert_eq!(file.bytes.len() as u64, attachment.size, "as long as it says");
        assert_eq!(file.name, attachment.name);
    }
    if !quarantined {
        assert_eq!(Opened::new(source).attachments(), body.attachments, "opened again");
    }
    let header = message_of_header(source);
    assert_eq!(header.fingerprint, message.fingerprint, "header first or all at once");
}

fn message_of_header(source: &[u8]) -> IngestedMessage {
    message(remote(RemoteSource::Headers(Bytes::copy_from_slice(source)), source.len()))
}

#[test]
fn garbage_is_quarantined_with_a_reason_and_kept() {
    for (source, words) in
        [(&b""[..], "no header"), (b"\x00\xff\xfe", "no header"), (b"hello\nworld\n", "no header")]
    {
        let message = full(source);
        assert_eq!(message.body_state, BodyState::Quarantined);
        let reason = message.quarantine_reason.unwrap_or_default();
        assert!(reason.contains(words), "{reason}");
        assert_eq!(message.body.map(|body| body.source), Some(Bytes::from_static(source)));
    }
}

#[test]
fn a_message_of_sixty_megabytes_is_read() {
    let mut source =
        b"Subject: big\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nsee file\n--b\n\
        Content-Type: application/zip; name=big.zip\nContent-Transfer-Encoding: base64\n\n"
            .to_vec();
    let line = [b"QUJD".repeat(19).as_slice(), b"\n"].concat();
    source.extend(line.repeat(60 * 1024 * 1024 / line.len()));
    source.extend(b"--b--\n");
    let message = full(source);
    let body = message.body.unwrap();
    assert_eq!(body.preview, "see file");
    assert!(body.attachments[0].size > 44_000_000, "{:?}", body.attachments);
}

#[test]
fn ten_thousand_nested_parts_are_read() {
    let mut multiparts = b"Subject: deep\n".to_vec();
    for level in 0..10_000 {
        multiparts.extend(
            format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n").bytes(),
        );
    }
    multiparts.extend(b"\nthe bottom\n");
    assert_eq!(full(multiparts.clone()).body.unwrap().text, "the bottom");
    assert_sound(&multiparts);

    let messages =
        [b"Subject: x\n".as_slice(), &b"Content-Type: message/rfc822\n\n".repeat(10_000), b"\nend"]
            .concat();
    assert_eq!(
        full(messages.clone()).body.unwrap().attachments.len(),
        1,
        "the outermost is the file"
    );
    assert_sound(&messages);

    let same = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(10_000);
    assert_sound(&same);
    let siblings = [
        b"Content-Type: multipart/mixed; boundary=b\n\n".as_slice(),
        &b"--b\nContent-Type: multipart/mixed; boundary=none\n\nx\n".repeat(20_000),
    ]
    .concat();
    assert_sound(&siblings);
}

#[test]
fn a_header_of_a_megabyte_is_read() {
    let folded =
        [b"Subject: long\nTo: ".as_slice(), &b"a@x.example,\n ".repeat(75_000), b"b@x\n\nbody"]
            .concat();
    let message = full(folded);
    assert_eq!(message.subject, "long");
    assert!(!message.to.is_empty() && message.to.len() <= 2_000, "recipients are bounded");
    let fields =
        [b"From: a@x\n".as_slice(), &b"X: =?utf-8?q?\n".repeat(75_000), b"Subject: last\n\nbody"]
            .concat();
    let read = full(fields);
    assert_eq!(read.subject, "last", "what follows a thousand fields is read");
    assert_eq!(read.body.unwrap().text, "body");
    let endless = [b"X: ".as_slice(), &b"x".repeat(1_300_000), b"\nSubject: last\n\nbody"].concat();
    assert_eq!(full(endless).subject, "last", "what follows an endless field is read");
    let words =
        [b"Subject: ".as_slice(), &b"=?utf-8?q?x".repeat(100_000), b"?=\nFrom: a@x\n\nbody"]
            .concat();
    assert_sound(&words);
    let comments =
        [b"From: ".as_slice(), &b"((((\"<".repeat(170_000), b"\nSubject: x\n\nbody"].concat();
    assert_sound(&comments);
}

#[test]
fn deep_html_does_not_overflow_the_stack() {
    let html = [
        b"Subject: x\nContent-Type: text/html\n\n".as_slice(),
        &b"<div><blockquote><table>".repeat(50_000),
        b"end",
    ]
    .concat();
    assert_eq!(full(html).body.unwrap().preview, "end");
}

#[test]
fn html_that_is_shown_keeps_its_pictures_and_files_apart() {
    let source: &[u8] = include_bytes!("fixtures/attachments.eml");
    let opened = Opened::new(source);
    let pieces = opened.pieces(true);
    let [Piece::Html(html)] = pieces.as_slice() else { panic!("not HTML: {pieces:?}") };
    assert!(html.contains("cid:photo@x"), "the sender's HTML");
    let attachments = opened.attachments();
    let photo = attachments.iter().find(|file| file.inline).unwrap();
    assert_eq!(file(source, photo.part).unwrap().bytes, b"\x89PNG\r\n\x1a\n");
    assert_eq!(file(source, 999), None, "no such part");
    assert_eq!(file(source, 0), None, "a collection of parts is no file");
}

#[test]
fn two_machines_mails_without_ids_stay_two() {
    let one = full(&b"From: root\nSubject: a\n\nx"[..]);
    let two = full(&b"From: root\nSubject: b\n\nx"[..]);
    assert_ne!(one.fingerprint, two.fingerprint, "told apart by their headers");
    assert_ne!(one.thread, two.thread, "two conversations");
}

/// A real mail, damaged: bytes replaced, removed, doubled.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let fixtures: Vec<&'static [u8]> = vec![
        include_bytes!("fixtures/attachments.eml"),
        include_bytes!("fixtures/forwarded_message.eml"),
        include_bytes!("fixtures/newsletter.eml"),
        include_bytes!("fixtures/split_words.eml"),
        include_bytes!("fixtures/mislabelled_charsets.eml"),
    ];
    let cut = (any::<prop::sample::Index>(), 0..4_u8, any::<u8>(), 1..40_usize);
    (prop::sample::select(fixtures), prop::collection::vec(cut, 1..12)).prop_map(|(mail, cuts)| {
        let mut mail = mail.to_vec();
        for (at, kind, byte, length) in cuts {
            let from = at.index(mail.len().max(1));
            let to = (from + length).min(mail.len());
            match kind {
                0 => mail.splice(from..to, []).for_each(drop),
                1 => mail.splice(from..from, [byte; 3]).for_each(drop),
                2 => {
                    let again = mail[from..to].to_vec();
                    mail.splice(from..from, again).for_each(drop);
                }
                _ => mail.splice(from..to, [b'\r', b'\n', b'\r', b'\n']).for_each(drop),
            }
        }
        mail
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_message(source in prop::collection::vec(any::<u8>(), 0..600)) {
        assert_sound(&source);
    }

    #[test]
    fn anything_like_a_header_gives_a_message(source in "((Subject|From|To|Content-Type|Date|Message-ID|References): ?[ -~é=?<>,;:\"()\\[\\]]{0,60}\r?\n){1,8}\r?\n.{0,80}") {
        assert_sound(source.as_bytes());
    }

    #[test]
    fn a_damaged_mail_gives_a_message(source in damaged()) {
        assert_sound(&source);
    }

    #[test]
    fn any_html_gives_text(html in "(<[a-z/!]{1,10}[ -~]{0,9}>?|&[a-z#0-9]{0,8};?|[ -~ü]{0,9}){0,40}") {
        let text = html::text(&html, 1_000);
        prop_assert!(text.len() <= 1_000 + html.len(), "bounded");
    }
}

#[test]
fn the_beginning_of_a_message_is_set_aside_with_its_true_size() {
    let source = Bytes::from_static(b"Subject: film\r\n\r\nA long one");
    let message = message(remote(RemoteSource::Cut(source.clone()), 131 << 20));
    assert_eq!(message.body_state, BodyState::Quarantined);
    assert_eq!(message.subject, "film", "it is found by its header");
    assert!(message.quarantine_reason.unwrap().contains("131 MB"), "and names its size");
    assert_eq!(message.body.unwrap().source, source, "what was read is kept");
}
