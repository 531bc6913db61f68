//! TLS against a real server: trusted, and each way of not being trusted.
//!
//! `SSL_CERT_FILE` belongs to a process, so each story runs in a child of this test.

use std::process::Command;

use deskbell_domain::secret::Secret;
use deskbell_testbed::{Certificate, Dovecot, DovecotOptions, unless_missing};

use super::support::settings;
use crate::imap::{ImapProvider, ImapSettings, Security};

const SETTINGS: &str = "DESKBELL_TEST_IMAP_SETTINGS";

fn served(certificate: Certificate) -> Option<Dovecot> {
    unless_missing(Dovecot::start(DovecotOptions { certificate, ..Default::default() }))
        .expect("Dovecot starts")
}

/// What a check says in a process that trusts the server's authority.
fn told_to_a_process_that_trusts_it(server: &Dovecot, settings: &ImapSettings) -> String {
    let child = Command::new(std::env::current_exe().expect("this test's program"))
        .args(["--exact", "imap::tests::certificates::one_check", "--ignored", "--nocapture"])
        .env("SSL_CERT_FILE", server.ca_pem_path())
        .env(SETTINGS, serde_json::to_string(settings).expect("JSON"))
        .output()
        .expect("the child runs");
    let text = String::from_utf8_lossy(&child.stdout).into_owned();
    let told =
        text.lines().find_map(|line| line.split_once("TOLD: ")).map(|(_, told)| told.to_owned());
    told.unwrap_or_else(|| panic!("the child told nothing: {text}"))
}

#[tokio::test]
#[ignore = "run as a child of the other tests here"]
async fn one_check() {
    let settings = std::env::var(SETTINGS).expect("the settings to check");
    let settings: ImapSettings = serde_json::from_str(&settings).expect("settings");
    match ImapProvider::new(settings, Secret::new("pencil")).check().await {
        Ok(check) => println!("TOLD: {} mailboxes", check.scopes.len()),
        Err(error) => println!("TOLD: {error:?}"),
    }
}

#[test]
fn a_trusted_server_is_reached_by_tls_and_by_starttls() {
    let Some(server) = served(Certificate::Valid) else { return };
    for (port, security) in
        [(server.imaps_port(), Security::Tls), (server.imap_port(), Security::StartTls)]
    {
        let told = told_to_a_process_that_trusts_it(&server, &settings(port, security));
        assert!(told.ends_with("mailboxes"), "{security:?}: {told}");
    }
}

#[test]
fn each_untrustworthy_certificate_is_told_apart() {
    for (certificate, words) in
        [(Certificate::Expired, "has expired"), (Certificate::WrongName, "another name")]
    {
        let Some(server) = served(certificate) else { return };
        let told = told_to_a_process_that_trusts_it(
            &server,
            &settings(server.imaps_port(), Security::Tls),
        );
        assert!(told.starts_with("Tls(") && told.contains(words), "{certificate:?}: {told}");
    }
}

#[tokio::test]
async fn an_unknown_issuer_is_refused_and_can_be_pinned_on_this_machine() {
    let Some(server) = served(Certificate::SelfSigned) else { return };
    for (port, security) in
        [(server.imaps_port(), Security::Tls), (server.imap_port(), Security::StartTls)]
    {
        let mut settings = settings(port, security);
        let refused = ImapProvider::new(settings.clone(), Secret::new("pencil")).check().await;
        let told = format!("{:?}", refused.expect_err("nobody vouches for it"));
        assert!(told.starts_with("Tls(") && told.contains("signed by nobody"), "{told}");
        let shown = ImapProvider::certificate_to_pin(&settings).await.expect("its certificate");
        settings.pinned_certificate = Some(shown.to_pin());
        ImapProvider::new(settings, Secret::new("pencil")).check().await.expect("pinned");
    }
}

#[tokio::test]
async fn a_pinned_certificate_admits_no_other() {
    let (Some(bridge), Some(other)) =
        (served(Certificate::SelfSigned), served(Certificate::SelfSigned))
    else {
        return;
    };
    let own = settings(bridge.imaps_port(), Security::Tls);
    let pinned = ImapProvider::certificate_to_pin(&own).await.expect("it shows its certificate");
    let mut elsewhere = settings(other.imaps_port(), Security::Tls);
    elsewhere.pinned_certificate = Some(pinned.to_pin());
    let told = ImapProvider::new(elsewhere, Secret::new("pencil"))
        .check()
        .await
        .expect_err("another certificate");
    assert!(format!("{told:?}").contains("another certificate than the one you trust"), "{told:?}");
}
