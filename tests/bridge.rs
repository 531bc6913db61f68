//! A mail server on this machine that signs its own certificate, as Proton Mail Bridge does: it is trusted by
//! its fingerprint, by a person, and no other certificate in its place.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use deskbell_testbed::{Certificate, Dovecot, DovecotOptions, unless_missing};
use serde_json::Value;

use support::bell::{Bell, Said};
use support::mail;

fn bridge() -> Option<Dovecot> {
    let options = DovecotOptions { certificate: Certificate::SelfSigned, ..Default::default() };
    unless_missing(Dovecot::start(options)).unwrap()
}

/// Adds the account; with the fingerprint to trust, if any.
fn add(bell: &Bell, json: bool, host: &str, port: u16, security: &str, pin: Option<&str>) -> Said {
    let port = port.to_string();
    let mut arguments = if json { vec!["--json"] } else { Vec::new() };
    arguments.extend(["account", "add", "imap", "--address", "studio@testbed.example"]);
    arguments.extend(["--host", host, "--port", &port, "--security", security, "--password-stdin"]);
    arguments.extend(pin.iter().flat_map(|pin| ["--pin-certificate", pin]));
    bell.fed(&arguments, "pencil")
}

/// The code, the message, and what is said of the certificate.
#[track_caller]
fn refusal(said: &Said, exit: i32) -> (String, String, String) {
    assert_eq!(said.code, Some(exit), "{said:?}");
    let error = &said.json()["error"];
    assert_eq!(error["fields"][0]["field"], "pin_certificate", "{error:#}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&error["code"]), text(&error["message"]), text(&error["fields"][0]["message"]))
}

#[test]
fn a_certificate_of_its_own_making_is_trusted_by_its_fingerprint() {
    for security in ["tls", "starttls"] {
        let Some(server) = bridge() else { return };
        server.deliver(server.user(), &mail("one", "one", "plain words")).unwrap();
        let port = if security == "tls" { server.imaps_port() } else { server.imap_port() };
        let bell = Bell::new();
        let said = add(&bell, true, "127.0.0.1", port, security, None);
        let (code, message, fingerprint) = refusal(&said, 1);
        assert_eq!(code, "certificate");
        assert!(message.contains("certificate"), "{message}");
        assert_eq!(fingerprint.len(), 32 * 3 - 1, "SHA-256 in pairs: {fingerprint}");
        assert!(!server.log().contains("Login: user"), "the password was not sent");

        let said = add(&bell, false, "127.0.0.1", port, security, None);
        let command = format!("--pin-certificate {fingerprint}");
        assert!(said.err.contains(&command), "what to type is said: {}", said.err);

        let other = fingerprint.replace(['A', '1'], "C");
        let (code, message, _) =
            refusal(&add(&bell, true, "127.0.0.1", port, security, Some(&other)), 2);
        assert_eq!(code, "invalid");
        assert!(message.contains("another certificate") && message.contains(&fingerprint));
        let nonsense = add(&bell, true, "127.0.0.1", port, security, Some("trust me"));
        let (_, message, _) = refusal(&nonsense, 2);
        assert!(message.contains("64 hexadecimal digits"), "{message}");
        assert!(!server.log().contains("Login: user"), "the password was still not sent");
        let accounts = bell.json(&["account", "list"]);
        assert_eq!(accounts["accounts"], Value::Array(Vec::new()), "nothing was kept");

        let typed = fingerprint.to_lowercase().replace(':', "");
        add(&bell, true, "localhost", port, security, Some(&typed)).done();
        assert_eq!(bell.sync()["added"], 1, "{security}");
    }
}

#[test]
fn a_certificate_that_changed_is_refused_until_a_person_trusts_the_new_one() {
    let (Some(mut server), Some(other)) = (bridge(), bridge()) else { return };
    let bell = Bell::new();
    let fingerprint =
        refusal(&add(&bell, true, "127.0.0.1", server.imaps_port(), "tls", None), 1).2;
    add(&bell, true, "127.0.0.1", server.imaps_port(), "tls", Some(&fingerprint)).done();
    bell.sync();

    let (own, others) = (server.ca_pem_path(), other.ca_pem_path());
    for file in ["server.pem", "server.key"] {
        std::fs::copy(others.with_file_name(file), own.with_file_name(file)).unwrap();
    }
    server.restart().unwrap();
    let logins = || server.log().matches("Login: user").count();
    let before = logins();
    let said = bell.run(&["--json", "sync"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let error = &said.json()["accounts"][0]["error"];
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("another certificate than the one you trust"), "{error:#}");

    // Somebody who only knows the password cannot bring the new certificate in.
    let said = bell.fed(&["--json", "account", "sign-in", "1"], "pencil");
    let (code, message, new) = refusal(&said, 1);
    assert_eq!(code, "certificate");
    assert!(message.contains("another certificate"), "{message}");
    assert_ne!(new, fingerprint);
    assert_eq!(logins(), before, "no password was sent to whoever is there now");

    let arguments = ["--json", "account", "sign-in", "1", "--pin-certificate", &new];
    bell.fed(&arguments, "pencil").done();
    bell.sync();
}

/// The password is still the right one, so nobody has to type it again.
#[test]
fn a_new_certificate_is_trusted_with_the_password_that_is_kept() {
    let (Some(mut server), Some(other)) = (bridge(), bridge()) else { return };
    let bell = Bell::new();
    let fingerprint =
        refusal(&add(&bell, true, "127.0.0.1", server.imaps_port(), "tls", None), 1).2;
    add(&bell, true, "127.0.0.1", server.imaps_port(), "tls", Some(&fingerprint)).done();
    bell.run(&["account", "trust", "1"]).done();

    let (own, others) = (server.ca_pem_path(), other.ca_pem_path());
    for file in ["server.pem", "server.key"] {
        std::fs::copy(others.with_file_name(file), own.with_file_name(file)).unwrap();
    }
    server.restart().unwrap();
    let said = bell.run(&["--json", "account", "trust", "1"]);
    let (code, _, new) = refusal(&said, 1);
    assert_eq!(code, "certificate", "asked without a fingerprint it only says which one there is");
    assert_ne!(new, fingerprint);
    let said = bell.run(&["--json", "account", "trust", "1", "--pin-certificate", &fingerprint]);
    let (code, message, _) = refusal(&said, 2);
    assert_eq!(code, "invalid", "the old one is not what the server shows");
    assert!(message.contains(&new), "{message}");
    assert_eq!(bell.run(&["--json", "sync"]).code, Some(1), "nothing is trusted yet");

    bell.run(&["account", "trust", "1", "--pin-certificate", &new]).done();
    bell.sync();
}

#[test]
fn a_certificate_is_pinned_on_this_machine_only() {
    let bell = Bell::new();
    let pin = "3A".repeat(32);
    for security in ["tls", "starttls"] {
        let said = add(&bell, true, "192.0.2.1", 993, security, Some(&pin));
        let (code, message, _) = refusal(&said, 2);
        assert_eq!(code, "invalid");
        assert!(message.contains("this machine") && message.contains("192.0.2.1"), "{message}");
    }
}
