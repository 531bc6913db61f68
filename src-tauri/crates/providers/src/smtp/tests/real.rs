//! A real mail server in front of real mailboxes.
//!
//! `SSL_CERT_FILE` belongs to a process, so each connection by TLS is made in a child of this test.

use std::process::Command;

use deskbell_domain::secret::Secret;
use deskbell_testbed::{Dovecot, DovecotOptions, Exim, unless_missing};

use super::support::{accepted, send, settings, with_source};
use crate::smtp::pace::Pace;
use crate::smtp::{Security, SmtpProvider, SmtpSettings};

const SETTINGS: &str = "DESKBELL_TEST_SMTP_SETTINGS";
const PASSWORD: &str = "DESKBELL_TEST_SMTP_PASSWORD";

fn servers() -> Option<(Dovecot, Exim)> {
    let dovecot =
        unless_missing(Dovecot::start(DovecotOptions::default())).expect("Dovecot starts")?;
    let exim = unless_missing(Exim::start(&dovecot)).expect("Exim starts")?;
    Some((dovecot, exim))
}

fn in_a_process_that_trusts_it(exim: &Exim, dovecot: &Dovecot, settings: &SmtpSettings) -> String {
    let child = Command::new(std::env::current_exe().expect("this test's program"))
        .args(["--exact", "smtp::tests::real::one_send", "--ignored", "--nocapture"])
        .env("SSL_CERT_FILE", exim.ca_pem_path())
        .env(SETTINGS, serde_json::to_string(settings).expect("JSON"))
        .env(PASSWORD, dovecot.password())
        .output()
        .expect("the child runs");
    let text = String::from_utf8_lossy(&child.stdout).into_owned();
    let told =
        text.lines().find_map(|line| line.split_once("TOLD: ")).map(|(_, told)| told.to_owned());
    told.unwrap_or_else(|| panic!("the child told nothing: {text}"))
}

fn patient() -> Pace {
    Pace { connect: Pace::default().connect, ..Pace::default() }
}

#[tokio::test]
#[ignore = "run as a child of the other tests here"]
async fn one_send() {
    let settings = std::env::var(SETTINGS).expect("the settings to send with");
    let settings: SmtpSettings = serde_json::from_str(&settings).expect("settings");
    let secret = Secret::new(std::env::var(PASSWORD).expect("the password"));
    let sender = SmtpProvider::with_pace(settings, Some(secret.into()), None, patient());
    let body = "Grüße\r\n.\r\nvon Ada\r\n";
    let outcome = send(&sender, &with_source("real@x", &["bob@testbed.example"], body)).await;
    println!("TOLD: {outcome:?}");
}

#[test]
fn a_message_reaches_a_real_mailbox_by_tls_and_by_starttls() {
    let Some((dovecot, exim)) = servers() else { return };
    for (port, security) in
        [(exim.submissions_port(), Security::Tls), (exim.submission_port(), Security::StartTls)]
    {
        let settings =
            SmtpSettings { security, user: "ada@testbed.example".into(), ..settings(port) };
        let told = in_a_process_that_trusts_it(&exim, &dovecot, &settings);
        assert!(told.starts_with("Accepted"), "{security:?}: {told}\n{}", exim.log());
    }
    let untrusting = SmtpSettings { security: Security::Tls, ..settings(exim.submissions_port()) };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = runtime.block_on(
        SmtpProvider::with_pace(untrusting, Some(Secret::new("x").into()), None, patient()).check(),
    );
    assert!(matches!(refused, Err(deskbell_domain::ProviderError::Tls(_))), "{refused:?}");
}

#[tokio::test]
async fn a_real_server_refuses_one_of_two_and_takes_the_other() {
    let Some((dovecot, exim)) = servers() else { return };
    let settings =
        SmtpSettings { user: "ada@testbed.example".into(), ..settings(exim.submission_port()) };
    let secret = Some(Secret::new(dovecot.password()));
    let sender = SmtpProvider::with_pace(settings, secret.map(Into::into), None, patient());
    let to = ["bob@testbed.example", "nobody-here@testbed.example"];
    let outcome = send(&sender, &with_source("two@x", &to, "Hi\r\n")).await;
    assert!(accepted(&outcome), "{outcome:?}\n{}", exim.log());
    let deskbell_domain::outgoing::SendOutcome::Accepted { refused, .. } = outcome else { return };
    assert_eq!(refused.len(), 1);
    assert!(refused[0].reason.starts_with("There is no such mailbox"), "{refused:?}");
    use deskbell_domain::port::MessageSink as _;
    assert_eq!(sender.limits().bytes, Some(20_000_000));
}
