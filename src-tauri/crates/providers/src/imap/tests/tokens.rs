//! Signing in by access tokens: one that was turned away is replaced once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens;
use deskbell_domain::secret::Secret;
use deskbell_testbed::{Script, ScriptedServer};

use super::support::{greeting, quick, settings};
use crate::imap::{ImapProvider, Security};
use crate::net::Credential;

/// `token-0`, and the next one for each that was refused.
#[derive(Default)]
struct Counting(AtomicUsize);

#[async_trait]
impl AccessTokens for Counting {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        if refused.is_some() {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
        Ok(Secret::new(format!("token-{}", self.0.load(Ordering::SeqCst))))
    }
}

fn line(token: &str) -> String {
    let user = "studio@testbed.example";
    STANDARD.encode(format!("user={user}\x01auth=Bearer {token}\x01\x01"))
}

fn signing_in(server: &ScriptedServer) -> (ImapProvider, Arc<Counting>) {
    let tokens = Arc::new(Counting::default());
    let credential = Credential::Tokens(tokens.clone());
    let settings = settings(server.port(), Security::None);
    (ImapProvider::with_pace(settings, credential, quick()), tokens)
}

/// A challenge with the reason, the empty line it wants, and the refusal.
fn turned_away(script: Script, tag: &str) -> Script {
    script
        .send("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
        .expect("")
        .send(format!("{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n"))
}

#[tokio::test]
async fn a_token_that_is_turned_away_is_replaced_once() {
    let first = greeting("AUTH=XOAUTH2 SASL-IR")
        .expect(&format!("AUTHENTICATE XOAUTH2 {}", line("token-0")));
    let script = turned_away(first, "D1")
        .expect(&format!("AUTHENTICATE XOAUTH2 {}", line("token-1")))
        .send("{tag} OK [CAPABILITY IMAP4rev1] in\r\n")
        .expect("LIST")
        .send("* LIST () NIL INBOX\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let (account, tokens) = signing_in(&server);
    account.check().await.expect("the fresh one is taken");
    assert_eq!(tokens.0.load(Ordering::SeqCst), 1, "one refresh");
    server.finish().unwrap();
}

#[tokio::test]
async fn a_fresh_token_that_is_turned_away_too_is_for_the_person() {
    let first = greeting("AUTH=XOAUTH2").expect("AUTHENTICATE XOAUTH2").send("+ \r\n");
    let second = turned_away(first.expect(&line("token-0")), "D1")
        .expect("AUTHENTICATE XOAUTH2")
        .send("+ \r\n")
        .expect(&line("token-1"));
    let server = ScriptedServer::start([turned_away(second, "D2").hang()]).unwrap();
    let (account, tokens) = signing_in(&server);
    let error = account.check().await.expect_err("refused twice");
    assert!(matches!(error, ProviderError::Auth(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("token-"), "no token in what is told");
    assert_eq!(tokens.0.load(Ordering::SeqCst), 1, "no loop");
    server.finish().unwrap();
}

#[tokio::test]
async fn a_server_that_knows_passwords_only_is_told_apart() {
    let server = ScriptedServer::start([greeting("AUTH=PLAIN").hang()]).unwrap();
    let (account, _) = signing_in(&server);
    let error = account.check().await.expect_err("no XOAUTH2");
    let ProviderError::Rejected { code, .. } = &error else { panic!("{error:?}") };
    assert_eq!(code, "settings.host", "another server may take it");
}
