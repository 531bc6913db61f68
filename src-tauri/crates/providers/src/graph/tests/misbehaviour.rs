//! Bad answers: each a plain sentence, none believed, none asked for again without end.

use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::Cursor;
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_simulator::{Fault, Strike};

use super::super::GraphProvider;
use super::support::{OWN, Purse, SCOPES, TOKEN, account, deliver, scope, simulator, with_tokens};
use crate::conformance::mirror::{ALL, Mirror};

const DELTA: &str = "GET /v1.0/me/mailFolders";

async fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> ProviderError {
    let simulator = simulator();
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let before = simulator.world().journal.len();
    for _ in 0..3 {
        simulator.fault(Fault::refused(DELTA, status, headers, body));
    }
    let outcome = account.pull(&inbox, None, ALL).await;
    let asked = simulator.world().journal.len() - before;
    assert!(
        asked <= 2,
        "{status}: asked {asked} times: what is refused is not asked for in a loop"
    );
    outcome.expect_err("no answer")
}

fn refusal(code: &str) -> String {
    format!(
        r#"{{"error":{{"code":"{code}","message":"words","innerError":{{"request-id":"x"}}}}}}"#
    )
}

#[tokio::test]
async fn every_refusal_is_what_it_means() {
    let error = answered(429, &[("retry-after", "12")], &refusal("ApplicationThrottled")).await;
    let twelve = Some(std::time::Duration::from_secs(12));
    assert!(matches!(error, ProviderError::RateLimited { after } if after == twelve), "{error:?}");
    let error = answered(503, &[("retry-after", "12")], &refusal("serviceNotAvailable")).await;
    assert!(matches!(error, ProviderError::RateLimited { after } if after == twelve), "{error:?}");
    for (headers, code) in [
        (&[("retry-after", "12")][..], "ErrorAccessDenied"),
        (&[], "ApplicationThrottled"),
        (&[], "activityLimitReached"),
    ] {
        let error = answered(403, headers, &refusal(code)).await;
        assert!(
            matches!(error, ProviderError::RateLimited { .. }),
            "a 403 that is a rate limit asks nobody to sign in again: {code}: {error:?}"
        );
    }
    let error = answered(500, &[], &refusal("generalException")).await;
    assert!(matches!(error, ProviderError::Offline(_)), "{error:?}");
    let error = answered(403, &[], &refusal("ErrorAccessDenied")).await;
    assert!(
        matches!(&error, ProviderError::Auth(words) if words.contains("sign in again and allow it")),
        "a missing permission is the person's to give: {error:?}"
    );
    let error = answered(404, &[], &refusal("MailboxNotEnabledForRESTAPI")).await;
    assert!(
        matches!(&error, ProviderError::Rejected { message, .. } if message.contains("IMAP")),
        "{error:?}"
    );
    for code in ["syncStateNotFound", "SyncStateInvalid", "resyncRequired"] {
        let error = answered(400, &[], &refusal(code)).await;
        assert!(matches!(error, ProviderError::CursorLost(_)), "{code}: {error:?}");
    }
}

#[tokio::test]
async fn a_403_that_says_nothing_signs_nobody_out() {
    for (kind, words) in [
        ("text/plain", "Forbidden by the web filter of this office"),
        ("application/json", r#"{"reason":"policy"}"#),
        ("text/plain", ""),
    ] {
        let error = answered(403, &[("content-type", kind)], words).await;
        assert!(matches!(error, ProviderError::Protocol(_)), "{words}: {error:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_closed_is_passed_over_and_the_account_goes_on() {
    let simulator = simulator();
    deliver(&simulator, "one");
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    simulator.fault(Fault::refused(DELTA, 403, &[], &refusal("ErrorAccessDenied")));
    let error = account.pull(&inbox, None, ALL).await.expect_err("it is closed");
    assert!(
        matches!(&error, ProviderError::Rejected { code, .. } if code == "ErrorAccessDenied"),
        "the rest of the mailbox may be read: {error:?}"
    );
    assert_eq!(inbox_of(&account).await.expect("open again"), 1);
}

#[tokio::test]
async fn a_page_for_people_is_told_as_one() {
    let portal = "<!doctype html><title>Welcome to the hotel</title>";
    for (status, headers) in [(200, [("content-type", "text/html")]), (302, [("location", "/")])] {
        let error = answered(status, &headers, portal).await;
        assert!(
            matches!(&error, ProviderError::Protocol(words) if words.contains("web page")),
            "{status}: {error:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_or_endless_is_not_believed() {
    let error = answered(200, &[], r#"{"value":[{"id":"AAk"#).await;
    assert!(
        matches!(&error, ProviderError::Protocol(words) if words.contains("cut off")),
        "{error:?}"
    );
    let filler = "x".repeat(17 * 1024 * 1024);
    let error = answered(200, &[], &format!(r#"{{"value":[],"filler":"{filler}"}}"#)).await;
    assert!(
        matches!(&error, ProviderError::Protocol(words) if words.contains("larger than 16 MB")),
        "{error:?}"
    );
    let simulator = simulator();
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    simulator.fault(Fault { at: DELTA.into(), carried_out: true, strike: Strike::Cut(20) });
    let outcome = account.pull(&inbox, None, ALL).await;
    assert!(matches!(outcome, Err(ProviderError::Offline(_))), "{outcome:?}");
}

#[tokio::test]
async fn json_of_somebody_else_is_not_taken_for_a_mailbox_without_folders() {
    let simulator = simulator();
    let account = account(&simulator);
    account.scopes().await.expect("the folders");
    for answer in ["{}", r#"{"value":[]}"#, r#"{"status":"please sign in to this network"}"#] {
        let folders = "GET /v1.0/me/mailFolders/delta";
        simulator.fault(Fault::refused(folders, 200, &[], answer));
        let outcome = account.scopes().await;
        assert!(
            matches!(&outcome, Err(ProviderError::Protocol(words)) if words.contains("breaks off")),
            "{answer}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn five_megabytes_of_changes_are_read() {
    let simulator = simulator();
    for number in 0..100 {
        let long = format!("X-Long: {}\r\n", "x".repeat(60_000));
        let source = [long.as_bytes(), &super::support::letter(&format!("m {number}"))].concat();
        super::support::elsewhere(&simulator, |mailbox, now| {
            mailbox.deliver("inbox", &source, now)
        });
    }
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let page = account.pull(&inbox, None, ALL).await.expect("a page of six megabytes");
    assert!(!page.more);
}

#[tokio::test]
async fn a_link_to_a_foreign_host_is_not_followed() {
    let elsewhere =
        r#"{"value":[],"@odata.nextLink":"https://graph.microsoft.com.evil.example/v1.0/me?x"}"#;
    let error = answered(200, &[], elsewhere).await;
    assert!(
        matches!(&error, ProviderError::Protocol(words) if words.contains("not its own")),
        "{error:?}"
    );
    let simulator = simulator();
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let before = simulator.world().journal.len();
    let foreign =
        Cursor(r#"{"link":"http://127.0.0.1:9/v1.0/me","listed":null,"newest":0}"#.into());
    let outcome = account.pull(&inbox, Some(&foreign), ALL).await;
    assert!(matches!(outcome, Err(ProviderError::CursorLost(_))), "{outcome:?}");
    assert_eq!(simulator.world().journal.len(), before, "nobody was asked");
}

async fn inbox_of(account: &GraphProvider) -> Result<usize, ProviderError> {
    let scopes = account.scopes().await?;
    let inbox = scopes.iter().find(|scope| scope.role == MailboxRole::Inbox).expect("an inbox");
    let page = account.pull(inbox, None, ALL).await?;
    let mut mirror = Mirror::default();
    mirror.apply(page);
    Ok(mirror.held.len())
}

#[tokio::test]
async fn a_token_that_ran_out_heals_and_one_that_was_revoked_says_so() {
    let simulator = simulator();
    deliver(&simulator, "one");
    let account = with_tokens(&simulator, Purse::of(&["eyJ0-old", TOKEN]));
    assert_eq!(inbox_of(&account).await.expect("healed"), 1, "a fresh token was fetched");
    simulator.world().microsoft.revoke(TOKEN);
    let before = simulator.world().journal.len();
    let outcome = inbox_of(&account).await;
    assert!(matches!(outcome, Err(ProviderError::Auth(_))), "{outcome:?}");
    let asked = simulator.world().journal.len() - before;
    assert!(asked <= 7, "each request is made once, not over and over: {asked}");
    simulator.world().microsoft.sign_in(TOKEN, OWN, &SCOPES);
    assert_eq!(inbox_of(&account).await.expect("signed in again"), 1);
    assert_eq!(account.names().await.expect("a mailbox"), [OWN]);
}
