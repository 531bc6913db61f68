//! The add-account form: what is wrong is said, with the field and the remedy.

use deskbell_domain::ProviderError;
use deskbell_domain::secret::Secret;
use deskbell_testbed::{Script, ScriptedServer};
use tokio::net::TcpSocket;

use super::support::{
    account, dovecot, greeting, hasty, quick, rungs, scripted, settings, signed_in,
};
use crate::imap::pace::Pace;
use crate::imap::{ImapProvider, ImapSettings, Security};

async fn refusal(settings: ImapSettings, password: &str) -> ProviderError {
    refusal_at(quick(), settings, password).await
}

async fn refusal_at(pace: Pace, settings: ImapSettings, password: &str) -> ProviderError {
    ImapProvider::with_pace(settings, Secret::new(password), pace)
        .check()
        .await
        .expect_err("these settings cannot work")
}

#[tokio::test]
async fn a_wrong_password_is_told_from_everything_else() {
    let options = deskbell_testbed::DovecotOptions {
        users: vec![("studio@testbed.example".into(), "p\u{e4}ss \"w\\ord".into())],
        ..Default::default()
    };
    let started =
        deskbell_testbed::unless_missing(deskbell_testbed::Dovecot::start(options)).unwrap();
    let Some(server) = started else { return };
    account(&server).check().await.expect("the right password, with all its odd characters");
    let wrong = ImapProvider::new(
        settings(server.imap_port(), Security::None),
        Secret::new("planted-secret-77"),
    );
    let error = wrong.check().await.expect_err("a wrong password");
    assert!(matches!(error, ProviderError::Auth(_)), "{error:?}");
    let told = format!("{error} {error:?}");
    assert!(!told.contains("planted-secret-77") && !told.contains("studio@"), "{told}");
}

#[tokio::test]
async fn a_wrong_port_or_host_is_named() {
    // Taken, so that nobody else begins to listen there.
    let deaf = TcpSocket::new_v4().unwrap();
    deaf.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = deaf.local_addr().unwrap().port();
    let error = refusal(settings(port, Security::None), "x").await;
    assert!(
        matches!(&error, ProviderError::Offline(text) if text.contains("refused")),
        "{error:?}"
    );
    let mut unknown = settings(993, Security::Tls);
    unknown.host = "imap.no-such-host.invalid".into();
    let error = refusal(unknown, "x").await;
    assert!(
        matches!(&error, ProviderError::Offline(text) if text.contains("unknown host")),
        "{error:?}"
    );
}

#[tokio::test]
async fn plain_text_to_a_public_host_is_refused_before_any_connection() {
    let mut public = settings(143, Security::None);
    public.host = "imap.example.org".into();
    let error = refusal(public, "x").await;
    assert!(
        matches!(&error, ProviderError::Rejected { code, .. } if code == "settings.security"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_imap_is_recognised() {
    for greeting in
        ["220 mail.example ESMTP\r\n", "SSH-2.0-OpenSSH_9\r\n", "\0\0\0\r\n", "* FROB\r\n"]
    {
        let server = ScriptedServer::start([Script::new().send(greeting).hang()]).unwrap();
        let error = refusal_at(hasty(), settings(server.port(), Security::None), "x").await;
        assert!(
            matches!(&error, ProviderError::Protocol(text) if text.contains("does not speak IMAP")),
            "{greeting:?}: {error:?}"
        );
    }
    for security in [Security::None, Security::Tls] {
        let script = || Script::new().send("220 mail.example ESMTP\r\n").hang();
        let server = ScriptedServer::start([script(), script()]).unwrap();
        let told = refusal_at(hasty(), settings(server.port(), security), "x").await.to_string();
        let said = format!("port {} does not speak IMAP; IMAP is usually on 993", server.port());
        assert!(told.starts_with(&said), "{security:?}: what it is comes first: {told}");
    }
    let silent = ScriptedServer::start([Script::new().hang(), Script::new()]).unwrap();
    let error = refusal_at(hasty(), settings(silent.port(), Security::None), "x").await;
    assert!(matches!(&error, ProviderError::Protocol(text) if text.contains("993")), "{error:?}");
}

#[tokio::test]
async fn tls_on_a_plain_port_and_plain_on_a_tls_port_are_recognised() {
    let Some(server) = dovecot(rungs()[0].clone()) else { return };
    for (port, security, pace, words) in [
        (server.imap_port(), Security::Tls, quick(), "choose STARTTLS"),
        (server.imaps_port(), Security::None, hasty(), "choose TLS"),
        (server.imaps_port(), Security::StartTls, hasty(), "choose TLS"),
    ] {
        let error = refusal_at(pace, settings(port, security), "x").await;
        assert!(
            matches!(&error, ProviderError::Rejected { code, message }
                if code == "settings.security" && message.contains(words)),
            "{security:?}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_greeting_may_end_or_skip_the_sign_in() {
    let busy =
        ScriptedServer::start([Script::new().send("* BYE [UNAVAILABLE] full house\r\n")]).unwrap();
    let error = refusal(settings(busy.port(), Security::None), "x").await;
    assert!(matches!(error, ProviderError::RateLimited { .. }), "{error:?}");

    let open = Script::new()
        .send("* PREAUTH [CAPABILITY IMAP4rev1] you are known\r\n")
        .expect("CAPABILITY")
        .send("* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n")
        .expect("LIST")
        .send("* LIST () \"/\" INBOX\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([open]).unwrap();
    let check = scripted(&server).check().await.expect("no sign-in is needed");
    assert_eq!(check.scopes.len(), 1);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_throttled_sign_in_is_no_wrong_password() {
    for (answer, wrong_password) in [
        ("NO [AUTHENTICATIONFAILED] no\r\n", true),
        ("NO go away\r\n", true),
        ("NO [UNAVAILABLE] later\r\n", false),
        ("NO [LIMIT] later\r\n", false),
        ("NO [INUSE] later\r\n", false),
    ] {
        let script = Script::new()
            .send("* OK [CAPABILITY IMAP4rev1] hi\r\n")
            .expect("LOGIN")
            .send(format!("{{tag}} {answer}"));
        let server = ScriptedServer::start([script]).unwrap();
        let error = refusal(settings(server.port(), Security::None), "x").await;
        assert_eq!(matches!(error, ProviderError::Auth(_)), wrong_password, "{answer}: {error:?}");
        assert_eq!(
            matches!(error, ProviderError::RateLimited { .. }),
            !wrong_password,
            "{answer}: {error:?}"
        );
    }
}

#[tokio::test]
async fn plain_goes_with_or_without_an_initial_response_and_login_is_the_last_resort() {
    let token = "AHN0dWRpb0B0ZXN0YmVkLmV4YW1wbGUAcGVuY2ls";
    let list = "* LIST () NIL INBOX\r\n{tag} OK\r\n";
    let done = "{tag} OK [CAPABILITY IMAP4rev1] in\r\n";
    let scripts = [
        greeting("AUTH=PLAIN SASL-IR").expect(&format!("AUTHENTICATE PLAIN {token}")).send(done),
        greeting("AUTH=PLAIN")
            .expect("AUTHENTICATE PLAIN")
            .send("+ \r\n")
            .expect(token)
            .send("D1 OK [CAPABILITY IMAP4rev1] in\r\n"),
        greeting("").expect("LOGIN \"studio@testbed.example\" \"pencil\"").send(done),
    ];
    for script in scripts {
        let server = ScriptedServer::start([script.expect("LIST").send(list).hang()]).unwrap();
        scripted(&server).check().await.expect("signed in");
        server.finish().unwrap();
    }
    let disabled = ScriptedServer::start([greeting("LOGINDISABLED").hang()]).unwrap();
    let error = refusal(settings(disabled.port(), Security::None), "x").await;
    assert!(matches!(error, ProviderError::Rejected { .. }), "{error:?}");
    assert!(disabled.received().is_empty(), "no password is sent where LOGIN is disabled");
}

#[tokio::test]
async fn a_server_that_asks_who_is_there_is_told_and_one_that_does_not_is_not() {
    let list = "* LIST () NIL INBOX\r\n{tag} OK\r\n";
    for answer in ["* ID NIL\r\n{tag} OK\r\n", "{tag} NO not now\r\n", "{tag} BAD what\r\n"] {
        let script =
            signed_in("ID").expect("ID (\"name\" \"Deskbell\" \"version\" \"").send(answer);
        let server = ScriptedServer::start([script.expect("LIST").send(list).hang()]).unwrap();
        scripted(&server).check().await.expect("whatever it says");
        server.finish().unwrap();
    }
    let script = signed_in("").expect("LIST").send(list).hang();
    let server = ScriptedServer::start([script]).unwrap();
    scripted(&server).check().await.expect("signed in");
    server.finish().unwrap();
}

#[tokio::test]
async fn a_password_beyond_ascii_travels_as_a_literal() {
    let script = Script::new()
        .send("* OK [CAPABILITY IMAP4rev1] hi\r\n")
        .expect("LOGIN \"studio@testbed.example\" {5}")
        .send("+ go\r\n")
        .expect("p\u{e4}ss")
        .send("D1 OK [CAPABILITY IMAP4rev1] in\r\n")
        .expect("LIST")
        .send("* LIST () NIL INBOX\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = settings(server.port(), Security::None);
    ImapProvider::with_pace(account, Secret::new("p\u{e4}ss"), quick())
        .check()
        .await
        .expect("signed in");
    server.finish().unwrap();
}

#[tokio::test]
async fn mailbox_names_in_any_spelling_are_listed() {
    let script = signed_in("")
        .expect("LIST")
        .send("* LIST (\\HasNoChildren) \".\" {4}\r\nWork\r\n")
        .send(b"* LIST () \".\" \"caf\xe9\"\r\n* LIST () \".\" \"caf\xc3\xa9\"\r\n".as_slice())
        .send("* LIST (\\Noselect) NIL \"\"\r\n* LIST (\\NonExistent) \".\" Ghost\r\n* LIST () \".\" Papierkorb\r\n")
        .send("* LIST () \".\" \"a\\\"b\\\\c\"\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let check = scripted(&server).check().await.expect("listed");
    let of = |key: &str| {
        check.scopes.iter().find(|scope| scope.key == key).map(|scope| scope.selectable)
    };
    assert_eq!(of("INBOX"), Some(true), "INBOX is always there");
    assert_eq!(of("Work"), Some(true));
    assert_eq!(of("café"), Some(true), "UTF-8 is taken as it comes");
    assert_eq!(of("caf\u{fffd}"), Some(false), "a name that cannot be sent back cannot be opened");
    assert_eq!(of("Ghost"), Some(false));
    assert_eq!(of("a\"b\\c"), Some(true));
    server.finish().unwrap();
}
