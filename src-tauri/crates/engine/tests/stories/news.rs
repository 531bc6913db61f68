//! News: told once, of what is new, unread, somebody else's and in the inbox; and not where quiet is wanted.

use deskbell_domain::MailboxRole;
use deskbell_domain::rule::{Action, Condition, Field, Group, How, Quantifier, Rule};
use deskbell_engine::{Engine, EngineEvent, News, STALE};
use deskbell_store::Origin;
use deskbell_store::table::{rule, setting};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;
use crate::server::Server;

/// Noon, when the account was added.
const NOON: i64 = 1_795_176_000_000;
const LATER: i64 = NOON + 60_000;

async fn shop() -> Desk {
    let server = Server::with_mailboxes(&[
        ("INBOX", MailboxRole::Inbox),
        ("Archive", MailboxRole::Archive),
        ("Sent", MailboxRole::Sent),
        ("Spam", MailboxRole::Spam),
    ]);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk
}

fn letter(subject: &str, from: &str) -> String {
    format!(
        "Message-ID: <{subject}@client.example>\r\nFrom: {from}\r\nTo: desk@shop.example\r\n\
         Subject: {subject}\r\nDate: Fri, 20 Nov 2026 13:00:00 +0000\r\n\r\nThe words.\r\n"
    )
}

impl Desk {
    /// What a sync by an engine of its own, as after a new start, had to tell.
    async fn news(&self) -> Vec<News> {
        let engine = self.idle();
        self.news_from(&engine).await
    }

    async fn news_from(&self, engine: &Engine) -> Vec<News> {
        let mut events = engine.events();
        engine.sync_once(self.account, &CancellationToken::new()).await.expect("a sync");
        let mut told = Vec::new();
        while let Ok(event) = events.try_recv() {
            if let EngineEvent::News(news) = event {
                told.extend(news);
            }
        }
        told
    }

    async fn set(&self, key: &'static str, value: Value) {
        let put = move |w: &mut deskbell_store::Write<'_>| setting::put(w, key, Some(value));
        let put = self.store.write(Origin::Local, NOON, put).await.expect("it is written");
        put.expect("the setting is taken");
    }

    async fn rule(&self, word: &str, action: Action) {
        let says =
            Condition::Text { field: Field::Subject, how: How::Contains, value: word.into() };
        let when = Group { quantifier: Quantifier::All, of: vec![says] };
        let name = "a rule".to_owned();
        let rule = Rule { name, enabled: true, stop: false, when, actions: vec![action] };
        let insert = move |w: &mut deskbell_store::Write<'_>| rule::insert(w, &rule);
        self.store.write(Origin::Local, NOON, insert).await.expect("it is written");
    }
}

#[tokio::test]
async fn new_mail_is_told_once_whatever_is_synced_again() {
    let desk = shop().await;
    desk.server.receive("INBOX", &letter("hello", "mara@client.example"), LATER);
    let told = desk.news().await;
    assert_eq!(told.len(), 1, "it is told");
    assert_eq!(told[0].message, desk.message("hello").await);
    assert!(!told[0].asked, "nobody asked");
    assert_eq!(desk.news().await, [], "not after a restart");
    desk.server.renumber("INBOX");
    assert_eq!(desk.news().await, [], "not when the mailbox is listed again");
}

#[tokio::test]
async fn history_and_old_mail_are_no_news() {
    let server = Server::with_mailboxes(&[("INBOX", MailboxRole::Inbox)]);
    let desk = Desk::new(server).await;
    desk.server.receive("INBOX", &letter("of old", "mara@client.example"), NOON - 60_000);
    assert_eq!(desk.news().await, [], "a first sync tells nothing");
    desk.server.receive("INBOX", &letter("late", "mara@client.example"), LATER);
    desk.clock.advance(STALE + 120_000);
    assert_eq!(desk.news().await, [], "nor what came while nobody was here for a day");
}

#[tokio::test]
async fn own_read_and_unwanted_mail_is_no_news() {
    let desk = shop().await;
    desk.server.receive("Sent", &letter("sent", "desk@shop.example"), LATER);
    desk.server.receive("INBOX", &letter("to myself", "desk@shop.example"), LATER);
    desk.server.receive("Spam", &letter("win", "x@spam.example"), LATER);
    desk.server.receive("Archive", &letter("filed", "mara@client.example"), LATER);
    let uid = desk.server.receive("INBOX", &letter("read", "mara@client.example"), LATER);
    desk.server.set_seen("INBOX", uid, true);
    assert_eq!(desk.news().await, []);
}

#[tokio::test]
async fn rules_take_news_away_and_ask_for_it() {
    let desk = shop().await;
    desk.rule("invoice", Action::Archive).await;
    desk.rule("deposit", Action::Notify).await;
    desk.set(
        "notification_rules",
        json!([{ "account_id": "1", "channel": null, "announce": "nothing" }]),
    )
    .await;
    for subject in ["invoice", "deposit", "hello"] {
        desk.server.receive("INBOX", &letter(subject, "mara@client.example"), LATER);
    }
    let told = desk.news().await;
    assert_eq!(told.len(), 1, "what a rule asks for is told where nothing else is");
    assert_eq!((told[0].message, told[0].asked), (desk.message("deposit").await, true));
    desk.set("notification_rules", json!([])).await;
    for subject in ["invoice 2", "hello 2"] {
        desk.server.receive("INBOX", &letter(subject, "mara@client.example"), LATER);
    }
    let told: Vec<_> = desk.news().await.iter().map(|news| news.message).collect();
    assert_eq!(told, [desk.message("hello 2").await], "what a rule files away is no news");
}

#[tokio::test]
async fn what_came_in_quiet_times_is_not_told_afterwards() {
    let desk = shop().await;
    desk.set("notifications_paused_until", json!(NOON + 3_600_000)).await;
    desk.server.receive("INBOX", &letter("quiet", "mara@client.example"), LATER);
    assert_eq!(desk.news().await, [], "quiet is quiet");
    desk.clock.advance(3_600_000);
    desk.server.receive("INBOX", &letter("loud", "mara@client.example"), LATER + 3_600_000);
    let told: Vec<_> = desk.news().await.iter().map(|news| news.message).collect();
    assert_eq!(told, [desk.message("loud").await], "only what comes from then on");
}

#[tokio::test]
async fn what_comes_together_is_told_together() {
    let desk = shop().await;
    for n in 0..40 {
        let letter = letter(&format!("order {n}"), "mara@client.example");
        desk.server.receive("INBOX", &letter, LATER);
    }
    let engine = desk.idle();
    let mut events = engine.events();
    engine.sync_once(desk.account, &CancellationToken::new()).await.expect("a sync");
    let mut sizes = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let EngineEvent::News(news) = event {
            sizes.push(news.len());
        }
    }
    assert_eq!(sizes.iter().sum::<usize>(), 40, "all of it");
    assert!(sizes.len() < 10, "in as many pieces as there were pages: {sizes:?}");
}
