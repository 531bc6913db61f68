//! Mail: its structure, its HTML, reports about what was sent.

use bytes::Bytes;
use deskbell_api::render::{self, RemoteImages, RenderOptions, Theme, Words};
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::sync::{RemoteKey, RemoteMessage, RemoteSource};
use deskbell_engine::{compose, ingest};

fn remote(source: RemoteSource, size: usize) -> RemoteMessage {
    RemoteMessage {
        key: RemoteKey::from_uid(1),
        flags: Flags::default(),
        internal_date: 1_795_176_000_000,
        size: size as u64,
        role: None,
        thread: None,
        known_by: None,
        source,
    }
}

/// A whole message. Its header alone gives the same conversation and the same name; a body that is read is
/// read twice alike.
pub(crate) fn mime(bytes: &[u8]) {
    let source = Bytes::copy_from_slice(bytes);
    let whole = ingest::message(remote(RemoteSource::Full(source.clone()), bytes.len()));
    let header = ingest::message(remote(RemoteSource::Headers(source), bytes.len()));
    assert_eq!(whole.fingerprint, header.fingerprint, "a message is known again by its header");
    assert_eq!(whole.subject, header.subject, "and says the same");
    assert_ne!(whole.body_state, BodyState::Missing, "what is here whole is not missing");
    let kept = whole.body.as_ref().map(|body| body.source.as_ref());
    assert_eq!(kept, Some(bytes), "no byte of the source is lost");
    if let Some(body) = &whole.body {
        assert!(body.preview.chars().count() < 2_000, "a preview is short");
        for file in &body.attachments {
            assert!(!file.name.contains(['/', '\\', '\0']), "a file's name is no path");
            let _ = ingest::file(bytes, file.part);
        }
    }
    let _ = ingest::header_fields(bytes);
    let _ = ingest::automatic(bytes);
    let _ = compose::parse(bytes);
}

/// HTML as the text of a mail: shown in its frame, and taken over into an answer. Nothing in it can run.
pub(crate) fn html(bytes: &[u8]) {
    let mut source =
        b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            .to_vec();
    source.extend_from_slice(bytes);
    let options = RenderOptions {
        theme: Theme::Light,
        remote_images: RemoteImages::Blocked,
        words: Words { show_quoted: "Quoted".into(), cut: "Cut".into() },
    };
    let rendered = render::render(&source, &options);
    harmless(&rendered.document);
    let _ = render::remote_images(&source);
    let _ = render::plain(&source);
    let text = String::from_utf8_lossy(bytes);
    let clean = compose::clean(&text);
    harmless(&clean);
    let _ = compose::text_of(&clean);
}

/// Fails where a document holds what can run or reach out. Text cannot: `<` is written `&lt;` there.
fn harmless(document: &str) {
    let lower = document.to_ascii_lowercase();
    for opening in
        ["<script", "<iframe", "<object", "<embed", "<form", "<base", "<svg", "<math", "<link"]
    {
        assert!(!lower.contains(opening), "{opening} is let through");
    }
}

/// A report about a message that was sent.
pub(crate) fn report(bytes: &[u8]) {
    let mut source = b"From: mailer@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n".to_vec();
    source.extend_from_slice(bytes);
    for source in [source, bytes.to_vec()] {
        let body = ingest::body(source.into());
        if let Err(why) = &body {
            assert!(!why.starts_with("Its structure"), "a reader broke: {why}");
        }
    }
}
