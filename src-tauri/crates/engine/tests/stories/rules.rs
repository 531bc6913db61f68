//! Rules at work: what arrives is acted on once, history never, and nobody is answered who should not be.

use deskbell_domain::conversation::View;
use deskbell_domain::rule::{Action, Condition, Field, Group, How, Quantifier, Rule};
use deskbell_domain::{AccountId, LabelId, MailboxRole, RuleId, TemplateId};
use deskbell_engine::rules::{Trial, dry_run};
use deskbell_engine::{EngineEvent, RoundError};
use deskbell_store::table::{label, message, rule, template};
use deskbell_store::{Connection, Origin, StoreError, Write};

use crate::desk::Desk;
use crate::server::Server;

/// After the account was added, which is at noon.
const LATER: i64 = 1_795_176_000_000 + 3_600_000;

async fn shop() -> Desk {
    let server = Server::with_mailboxes(&[
        ("INBOX", MailboxRole::Inbox),
        ("Archive", MailboxRole::Archive),
        ("Trash", MailboxRole::Trash),
    ]);
    Desk::new(server).await
}

fn says(field: Field, value: &str) -> Condition {
    Condition::Text { field, how: How::Contains, value: value.into() }
}

fn rule_of(of: Vec<Condition>, actions: Vec<Action>) -> Rule {
    let when = Group { quantifier: Quantifier::All, of };
    Rule { name: "a rule".into(), enabled: true, stop: false, when, actions }
}

impl Desk {
    async fn job<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write(Origin::Local, LATER, job).await.expect("it is written")
    }

    async fn add_rule(&self, rule: Rule) -> RuleId {
        self.job(move |w| rule::insert(w, &rule)).await
    }

    async fn matched(&self, id: RuleId) -> i64 {
        self.store.read(move |c: &Connection| rule::get(c, id)).await.expect("the rule").matched
    }

    async fn template(&self) -> TemplateId {
        self.template_of("<p>Thank you, {{contact.first_name}}.</p>").await
    }

    async fn template_of(&self, html: &str) -> TemplateId {
        let form = template::TemplateForm {
            name: "Away".into(),
            shortcut: String::new(),
            subject: String::new(),
            html: html.into(),
        };
        self.job(move |w| template::put(w, None, &form)).await
    }

    async fn answers(&self) -> i64 {
        self.number("SELECT count(*) FROM outgoing WHERE kind = 'auto_reply' AND state <> 'draft'")
            .await
    }

    async fn views(&self, subject: &'static str) -> Vec<View> {
        self.conversation(subject).await.views
    }

    async fn conversation(
        &self,
        subject: &'static str,
    ) -> deskbell_store::table::conversation::Conversation {
        let id = self.message(subject).await;
        let read = move |c: &Connection| {
            let m = message::get(c, id)?;
            deskbell_store::table::conversation::get(c, m.conversation)
        };
        self.store.read(read).await.expect("the conversation")
    }
}

/// A letter to the desk, with header fields of its own.
fn letter(id: &str, from: &str, extra: &str) -> String {
    format!(
        "{extra}Message-ID: <{id}@client.example>\r\nFrom: {from}\r\nTo: desk@shop.example\r\n\
         Subject: {id}\r\nDate: Fri, 20 Nov 2026 13:00:00 +0000\r\n\r\nThe words of {id}.\r\n"
    )
}

#[tokio::test]
async fn a_rule_acts_once_on_what_arrives_and_never_on_history() {
    let desk = shop().await;
    desk.server.deliver("INBOX", "invoice of old");
    let vip: LabelId = desk.job(|w| label::insert(w, "To pay", None)).await;
    let actions = vec![Action::Archive, Action::Label { label: vip }, Action::Star];
    let id = desk.add_rule(rule_of(vec![says(Field::Subject, "invoice")], actions)).await;
    desk.sync().await.expect("the first sync");
    assert_eq!(desk.views("invoice of old").await, [View::Inbox, View::Unread, View::All]);

    let uid =
        desk.server.receive("INBOX", &letter("invoice 7", "Mara <m@client.example>", ""), LATER);
    desk.server.receive("INBOX", &letter("hello", "Mara <m@client.example>", ""), LATER);
    for _ in 0..3 {
        desk.sync().await.expect("a sync");
    }
    assert_eq!(desk.matched(id).await, 1, "one message, looked at once");
    let row = desk.conversation("invoice 7").await;
    assert_eq!(
        (row.views.as_slice(), &row.labels),
        ([View::Starred, View::Archived, View::All].as_slice(), &vec![vip])
    );
    assert_eq!(desk.views("hello").await, [View::Inbox, View::Unread, View::All], "others stay");
    assert!(desk.server.keywords("INBOX", uid).is_empty(), "it is no longer there");
    let there = desk.server.uids("Archive");
    assert_eq!(desk.server.keywords("Archive", there[0]), ["To_pay"], "the label was written back");
    assert_eq!(desk.number("SELECT count(*) FROM rule_due").await, 0, "nothing waits");
}

#[tokio::test]
async fn a_disk_that_fills_up_while_rules_act_makes_them_act_once_all_the_same() {
    let desk = shop().await;
    desk.sync().await.expect("the first sync");
    let id = desk.add_rule(rule_of(vec![says(Field::Body, "words of")], vec![Action::Star])).await;
    let template = desk.template().await;
    let answering = rule_of(vec![says(Field::From, "mara")], vec![Action::AutoReply { template }]);
    desk.add_rule(answering).await;
    let long =
        letter("big", "Mara <m@client.example>", "") + &"more and more words\r\n".repeat(40_000);
    desk.server.receive("INBOX", &long, LATER);
    desk.limit_disk(Some(1)).await;
    let full = desk.sync().await.expect_err("there is no room");
    assert!(matches!(full, RoundError::Store(_)), "{full:?}");
    assert_eq!((desk.matched(id).await, desk.answers().await), (0, 0), "nothing was half done");
    desk.limit_disk(None).await;
    for _ in 0..2 {
        desk.sync().await.expect("there is room again");
    }
    assert_eq!(
        (desk.matched(id).await, desk.answers().await),
        (1, 1),
        "neither skipped nor repeated"
    );
}

#[tokio::test]
async fn a_message_too_large_to_come_by_itself_is_looked_at_by_its_header() {
    let desk = shop().await;
    desk.sync().await.expect("the first sync");
    let id = desk.add_rule(rule_of(vec![says(Field::Subject, "plans")], vec![Action::Star])).await;
    desk.job(|w| Ok(w.execute("UPDATE account SET created_at = 0", [])?)).await;
    desk.server.deliver_large("INBOX", "plans", Some(200_000_000));
    for _ in 0..2 {
        desk.sync().await.expect("a sync");
    }
    assert_eq!(desk.matched(id).await, 1);
}

#[tokio::test]
async fn a_person_is_answered_once_a_day_and_a_machine_never() {
    let desk = shop().await;
    desk.sync().await.expect("the first sync");
    let template = desk.template().await;
    let everyone = Condition::Attachment { value: false };
    desk.add_rule(rule_of(vec![everyone], vec![Action::AutoReply { template }])).await;
    for (id, from, extra) in [
        ("list", "a@x.example", "List-Id: <ink.x.example>\r\n"),
        ("bulk", "b@x.example", "Precedence: bulk\r\n"),
        ("auto", "c@x.example", "Auto-Submitted: auto-replied\r\n"),
        ("suppressed", "d@x.example", "X-Auto-Response-Suppress: All\r\n"),
        ("bounce", "e@x.example", "Return-Path: <>\r\n"),
        ("unread", "no-reply@x.example", ""),
        ("ourselves", "desk@shop.example", ""),
    ] {
        desk.server.receive("INBOX", &letter(id, from, extra), LATER);
    }
    let hidden =
        letter("hidden", "f@x.example", "").replace("To: desk@shop.example", "To: all@x.example");
    desk.server.receive("INBOX", &hidden, LATER);
    desk.sync().await.expect("a sync");
    assert_eq!(desk.answers().await, 0, "none of these wants an answer");

    let mara = "Mara Voss <mara@client.example>";
    for id in ["one", "two", "three"] {
        desk.server.receive(
            "INBOX",
            // Some senders' mail comes back to another address each time.
            &letter(id, mara, &format!("Return-Path: <back+{id}@client.example>\r\n")),
            LATER,
        );
        desk.sync().await.expect("a sync");
    }
    assert_eq!(desk.answers().await, 1, "once, however often she writes");
    let read = |c: &Connection| {
        let sql = "SELECT composition FROM outgoing";
        Ok(c.query_row(sql, [], |row| row.get::<_, String>(0))?)
    };
    let written = desk.store.read(read).await.expect("the answer");
    assert!(written.contains("Thank you, Mara."), "{written}");
    assert!(written.contains("\"in_reply_to\":\"one@client.example\""), "{written}");
    assert!(written.contains("Auto: one"), "{written}");

    desk.clock.advance(25 * 3_600_000);
    desk.server.receive("INBOX", &letter("next day", mara, ""), LATER + 25 * 3_600_000);
    desk.sync().await.expect("a sync");
    assert_eq!(desk.answers().await, 2, "and once the next day");
}

#[tokio::test]
async fn an_answer_with_a_gap_waits_for_a_person() {
    let desk = shop().await;
    desk.sync().await.expect("the first sync");
    let template = desk.template_of("<p>See you on {{appointment.start}}.</p>").await;
    let everyone = Condition::Attachment { value: false };
    desk.add_rule(rule_of(vec![everyone], vec![Action::AutoReply { template }])).await;
    desk.server.receive("INBOX", &letter("gap", "mara@client.example", ""), LATER);
    desk.sync().await.expect("a sync");
    assert_eq!(desk.answers().await, 0, "no placeholder leaves");
    let drafts = desk.number("SELECT count(*) FROM outgoing WHERE state = 'draft'").await;
    assert_eq!(drafts, 1, "it stands among the drafts");
}

#[tokio::test]
async fn a_rule_that_notifies_is_heard_once_it_is_stored() {
    let desk = shop().await;
    desk.sync().await.expect("the first sync");
    desk.add_rule(rule_of(vec![says(Field::From, "mara")], vec![Action::Notify])).await;
    desk.server.receive("INBOX", &letter("hi", "mara@client.example", ""), LATER);
    let engine = desk.idle();
    let mut events = engine.events();
    let token = tokio_util::sync::CancellationToken::new();
    engine.sync_once(desk.account, &token).await.expect("a sync");
    let mut notices = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let EngineEvent::Notice(notice) = event {
            notices.push(notice.message);
        }
    }
    assert_eq!(notices, [desk.message("hi").await]);
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let desk = shop().await;
    for n in 0..30 {
        desk.server.receive(
            "INBOX",
            &letter(&format!("order {n}"), "mara@client.example", ""),
            LATER,
        );
    }
    desk.server.receive("INBOX", &letter("hello", "jon@client.example", ""), LATER);
    desk.sync().await.expect("the first sync");
    let before = desk.number("SELECT count(*) FROM change").await;
    let template = desk.template().await;
    let tried = vec![
        rule_of(
            vec![says(Field::Subject, "order")],
            vec![Action::Trash, Action::AutoReply { template }],
        ),
        rule_of(vec![says(Field::From, "nobody")], vec![Action::Star]),
    ];
    let packer = desk.store.packer();
    let run = desk
        .store
        .read(move |c: &Connection| dry_run(c, &packer, &Trial::new(tried), 0, None))
        .await
        .expect("a dry run");
    assert_eq!((run.looked_at, run.touched.len(), run.next), (31, 30, None));
    let answered = run
        .touched
        .iter()
        .filter(|one| one.actions.iter().any(|a| matches!(a, Action::AutoReply { .. })));
    assert_eq!(answered.count(), 1, "one person, one day, one answer");
    // The template is the one thing that was written.
    assert_eq!(desk.number("SELECT count(*) FROM change").await, before + 1, "nothing was changed");
    assert_eq!(desk.number("SELECT count(*) FROM outbox").await, 0);
    assert_eq!(desk.account, AccountId(1));
}

/// A letter written and received at an hour after all others.
fn at_hour(desk: &Desk, id: &str, from: &str, extra: &str, hour: i64) {
    let at = LATER + hour * 3_600_000;
    let date = jiff::Timestamp::from_millisecond(at).expect("an instant");
    let date = date.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let mail = letter(id, from, extra).replace("Fri, 20 Nov 2026 13:00:00 +0000", &date);
    desk.server.receive("INBOX", &mail, at);
}

/// The subjects a dry run of one rule would touch, over all of its steps.
async fn tried(desk: &Desk, rule: Rule) -> (u64, Vec<String>) {
    let (mut looked_at, mut subjects, mut position) = (0, Vec::new(), None);
    loop {
        let (trial, packer) = (Trial::new(vec![rule.clone()]), desk.store.packer());
        let step = desk
            .store
            .read(move |c: &Connection| dry_run(c, &packer, &trial, 0, position))
            .await
            .expect("a step");
        looked_at += step.looked_at;
        subjects.extend(step.touched.into_iter().map(|one| one.message.subject));
        position = step.next;
        if position.is_none() {
            return (looked_at, subjects);
        }
    }
}

#[tokio::test]
async fn a_message_that_must_not_be_answered_is_not_counted_as_touched() {
    let desk = shop().await;
    at_hour(&desk, "a question", "mara@client.example", "", 0);
    at_hour(&desk, "a list", "list@client.example", "List-Id: <l.client.example>\r\n", 1);
    at_hour(&desk, "a machine", "bot@client.example", "Auto-Submitted: auto-generated\r\n", 2);
    desk.sync().await.expect("the first sync");
    let template = desk.template().await;
    let answer = Action::AutoReply { template };
    let only = rule_of(vec![says(Field::From, "client")], vec![answer.clone()]);
    assert_eq!(tried(&desk, only).await, (3, vec!["a question".to_owned()]));
    let too = rule_of(vec![says(Field::From, "client")], vec![answer, Action::Star]);
    assert_eq!(tried(&desk, too).await.1.len(), 3, "something else is done to the others");
}

#[tokio::test]
async fn a_person_is_answered_once_in_24_hours_in_a_dry_run_of_many_steps() {
    let desk = shop().await;
    // By the days of the calendar the second would be answered, and by steps the third.
    for (id, hour) in [("first", 0), ("20 hours later", 20), ("5 more", 25), ("20 more", 45)] {
        at_hour(&desk, id, "mara@client.example", "", hour);
    }
    for n in 0..1_100 {
        at_hour(
            &desk,
            &format!("order {n}"),
            "jon@other.example",
            "",
            if n < 600 { 1 } else { 21 },
        );
    }
    desk.sync().await.expect("the first sync");
    let template = desk.template().await;
    let rule = rule_of(vec![says(Field::From, "mara")], vec![Action::AutoReply { template }]);
    let (looked_at, subjects) = tried(&desk, rule).await;
    assert_eq!(looked_at, 1_104, "in more than one step");
    assert_eq!(subjects, ["first", "5 more"]);
}

/// Both accounts ask the same server, so that whatever comes is mail to each of them.
#[tokio::test]
async fn a_person_who_writes_to_two_addresses_of_ours_is_answered_once_a_day() {
    let desk = shop().await;
    let second = desk.add_account("second@shop.example").await;
    let token = tokio_util::sync::CancellationToken::new();
    let both = async || {
        desk.sync().await.expect("a sync");
        desk.idle().sync_once(second, &token).await.expect("a sync of the second account");
    };
    both().await;
    let template = desk.template().await;
    let rule = rule_of(vec![says(Field::From, "mara")], vec![Action::AutoReply { template }]);
    let id = desk.add_rule(rule.clone()).await;
    at_hour(&desk, "to both", "mara@client.example", "", 0);
    both().await;
    assert_eq!(desk.matched(id).await, 2, "it came to each of them");
    assert_eq!(desk.answers().await, 1, "one person, one answer");
    desk.clock.advance(25 * 3_600_000);
    at_hour(&desk, "next day", "mara@client.example", "", 25);
    both().await;
    assert_eq!((desk.matched(id).await, desk.answers().await), (4, 2), "and one the next day");

    let (looked_at, subjects) = tried(&desk, rule).await;
    assert_eq!(looked_at, 4, "two letters to each of them");
    assert_eq!(subjects, ["to both", "next day"], "as many in a dry run");
}

#[tokio::test]
async fn an_answer_given_while_the_clock_was_ahead_silences_for_a_day_and_no_longer() {
    let desk = shop().await;
    desk.sync().await.expect("the first sync");
    let template = desk.template().await;
    desk.add_rule(rule_of(vec![says(Field::From, "mara")], vec![Action::AutoReply { template }]))
        .await;
    let month = 30 * 24 * 3_600_000;
    desk.clock.advance(month);
    at_hour(&desk, "ahead", "mara@client.example", "", 0);
    desk.sync().await.expect("a sync");
    assert_eq!(desk.answers().await, 1);
    desk.clock.advance(-month);
    at_hour(&desk, "set back", "mara@client.example", "", 1);
    desk.sync().await.expect("a sync");
    assert_eq!(desk.answers().await, 1, "it may have been a moment ago");
    desk.clock.advance(25 * 3_600_000);
    at_hour(&desk, "next day", "mara@client.example", "", 26);
    desk.sync().await.expect("a sync");
    assert_eq!(desk.answers().await, 2, "and not in a month");
}
