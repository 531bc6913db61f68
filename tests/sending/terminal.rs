//! What a person does from the terminal about writing and filing: rules, templates, labels, marks, times, the outbox;
//! with the exit codes that scripts rely on.

use serde_json::{Value, json};

use deskbell_testbed::exim::REFUSED;

use crate::mailroom::{BOB, Mailroom};
use crate::support::bell::Said;
use crate::support::{mail, server, wait_until};

/// Who hands bob's letters in, as servers see it: automatic answers go there.
const ENVELOPE: &str = "sender@testbed.example";

/// The fields that were refused.
#[track_caller]
fn refused(said: &Said) -> Vec<String> {
    assert_eq!(said.code, Some(2), "what is typed wrong ends with 2: {said:?}");
    let error = said.json()["error"].clone();
    let fields = error["fields"].as_array().unwrap_or_else(|| panic!("{error:#}"));
    fields.iter().map(|one| one["field"].as_str().unwrap().to_owned()).collect()
}

fn rows(page: &Value) -> &Vec<Value> {
    page["rows"].as_array().unwrap_or_else(|| panic!("{page:#}"))
}

impl Mailroom {
    /// A letter to the studio, fetched.
    fn receives(&self, name: &str, subject: &str) -> String {
        let letter = String::from_utf8(mail(name, subject, "Have a look.")).unwrap();
        let letter = letter.replace(
            "To: Studio <studio@testbed.example>",
            &format!("To: <{}>", self.server.user()),
        );
        self.server.deliver(self.server.user(), letter.as_bytes()).unwrap();
        self.bell.sync();
        let page = self.bell.json(&["search", "--limit", "1", &format!("subject:\"{subject}\"")]);
        let hits = page["hits"].as_array().unwrap_or_else(|| panic!("{page:#}"));
        assert_eq!(hits.len(), 1, "{subject} is here: {page:#}");
        hits[0]["row"]["id"].as_str().unwrap().to_owned()
    }

    /// The flags of what lies in the studio's inbox on its server, by Message-ID.
    fn flags(&self, id: &str) -> String {
        let mut phone = self.phone(self.server.user());
        phone.command("SELECT INBOX").unwrap();
        let answers = phone.command("UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])");
        let answers = answers.unwrap();
        answers.into_iter().find(|line| line.contains(id)).unwrap_or_default()
    }
}

#[test]
fn a_rule_is_tried_on_what_is_here_and_then_acts_on_what_comes() {
    let Some(room) = Mailroom::open() else { return };
    let bell = &room.bell;
    let label = bell.json(&["label", "add", "Invoices"]);
    let before = room.receives("first", "Invoice 6");
    let when = json!({ "quantifier": "all", "of": [
        { "kind": "text", "field": "subject", "how": "contains", "value": "invoice" },
    ] });
    let actions = json!([{ "kind": "label", "label_id": label["id"] }, { "kind": "star" }]);
    let rule = json!({ "name": "Invoices", "when": when, "actions": actions }).to_string();

    let tried = bell.fed(&["--json", "rule", "test"], &rule).done().json();
    assert_eq!(tried["touched"][0]["subject"], "Invoice 6", "{tried:#}");
    assert_eq!(tried["touched"][0]["conversation_id"], before.as_str());
    let said = bell.fed(&["rule", "test"], &rule).done().text();
    assert!(said.contains("label, star") && said.contains("Nothing was changed"), "{said}");
    let shown = bell.json(&["label", "show", "Invoices"]);
    assert!(rows(&shown).is_empty(), "a dry run touches nothing: {shown:#}");

    let made = bell.fed(&["--json", "rule", "add"], &rule).done().json();
    let id = made["id"].as_str().unwrap();
    let after = room.receives("second", "Your INVOICE 7");
    wait_until("the label and the star at the server", 240, || {
        bell.sync();
        let flags = room.flags("second@stories.example");
        let keyword = label["keyword"].as_str().unwrap();
        (flags.contains("\\Flagged") && flags.contains(keyword)).then_some(())
    });
    let shown = bell.json(&["label", "show", "Invoices"]);
    assert_eq!(rows(&shown).len(), 1, "only what came after it was made: {shown:#}");
    assert_eq!(rows(&shown)[0]["id"], after.as_str(), "{shown:#}");
    assert!(!room.flags("first@stories.example").contains("\\Flagged"), "history stays as it is");
    let list = bell.json(&["rule", "list"]);
    assert_eq!(list["rules"][0]["matched"], 1, "{list:#}");
    let tried = bell.json(&["rule", "test", id]);
    assert_eq!(tried["touched"].as_array().unwrap().len(), 2, "a known rule is tried: {tried:#}");

    assert_eq!(refused(&bell.fed(&["--json", "rule", "add"], "{\"name\":")), ["stdin"]);
    let empty = json!({ "name": "", "when": when, "actions": [] }).to_string();
    let named = refused(&bell.fed(&["--json", "rule", "add"], &empty));
    assert!(named.contains(&"name".to_owned()), "each fault is named by its field: {named:?}");
    assert_eq!(bell.run(&["rule", "test", "999"]).code, Some(1), "there is no such rule");
    bell.json(&["rule", "remove", id]);
    assert_eq!(bell.json(&["rule", "list"])["rules"], json!([]));
}

#[test]
fn a_template_is_kept_sent_and_answered_with() {
    let Some(room) = Mailroom::open() else { return };
    let bell = &room.bell;
    let add = |name: &str, subject: &str, html: &str| {
        let words = ["--json", "template", "add", "--name", name, "--shortcut", name];
        bell.fed(&[&words[..], &["--subject", subject, "--body-stdin"]].concat(), html)
    };
    let wrong = add("wrong", "", "<p>{{contact.shoe_size}}</p>");
    assert!(wrong.json()["error"]["message"].as_str().unwrap().contains("contact.shoe_size"));
    assert_eq!(refused(&wrong), ["html"], "an unknown variable is named");
    let made = add(
        "thanks",
        "Thank you, {{contact.first_name}}",
        "<p>See you, <b>{{contact.name}}</b>.</p>",
    );
    let template = made.done().json()["id"].as_str().unwrap().to_owned();
    let list = bell.json(&["template", "list"]);
    assert_eq!(list["templates"][0]["name"], "thanks", "{list:#}");
    assert_eq!(list["templates"][0]["variables"], json!(["contact.first_name", "contact.name"]));

    let send = |to: &str, template: &str| {
        bell.run(&[
            "--json",
            "send",
            "--account",
            &room.account,
            "--to",
            to,
            "--template",
            template,
        ])
    };
    assert_eq!(refused(&send(BOB, "unheard of")), ["template"]);
    let gap = refused(&send(BOB, "thanks"));
    assert!(gap.iter().all(|field| field == "subject" || field == "text"), "{gap:?}");
    let drafts = bell.json(&["inbox", "--view", "drafts"]);
    assert_eq!(rows(&drafts).len(), 1, "nobody is sent a gap; it waits as a draft: {drafts:#}");

    send(&format!("Bob Builder <{BOB}>"), ";thanks").done();
    room.drain();
    let arrived = room.of_bob();
    assert_eq!(arrived.len(), 1, "once");
    assert!(arrived[0].contains("Subject: Thank you, Bob"), "{}", arrived[0]);
    // A long line is broken on its way.
    let whole = arrived[0].replace("=\r\n", "").replace("=\n", "");
    assert!(whole.contains("<b>Bob Builder</b>"), "{whole}");
    assert!(arrived[0].contains("text/plain"), "and as plain text: {}", arrived[0]);

    let when = json!({ "quantifier": "any", "of": [{ "kind": "bulk", "value": false }] });
    let actions = json!([{ "kind": "auto_reply", "template_id": template }]);
    let rule = json!({ "name": "Away", "when": when, "actions": actions }).to_string();
    bell.fed(&["rule", "add"], &rule).done();
    room.receives("question", "Are you there?");
    room.receives("again", "Hello?");
    room.drain();
    let mut sender = room.phone(ENVELOPE);
    let answers = server::copies(&mut sender, "INBOX");
    assert_eq!(answers.len(), 1, "one answer a person and day");
    let answer = sender.command(&format!("UID FETCH {} BODY.PEEK[]", answers[0].uid)).unwrap();
    let answer = answer.join("\n");
    assert!(answer.contains("Auto-Submitted: auto-replied"), "{answer}");
    assert!(answer.contains("In-Reply-To: <question@stories.example>"), "{answer}");
    bell.json(&["template", "remove", &template]);
    assert_eq!(bell.json(&["template", "list"])["templates"], json!([]));
}

#[test]
fn a_conversation_is_labelled_put_off_and_brought_back() {
    let Some(room) = Mailroom::open() else { return };
    let bell = &room.bell;
    let id = room.receives("visit", "About my visit");
    let view = |view: &str| rows(&bell.json(&["inbox", "--view", view])).len();

    assert_eq!(refused(&bell.run(&["--json", "mark", &id, "label=VIP"])), ["label"]);
    assert_eq!(bell.run(&["mark", &id, "purple"]).code, Some(2), "there is no such mark");
    let label = bell.json(&["label", "add", "VIP", "--color", "3"]);
    bell.json(&["mark", &id, "label=vip"]);
    assert_eq!(rows(&bell.json(&["label", "show", "VIP"]))[0]["id"], id.as_str());
    let keyword = label["keyword"].as_str().unwrap();
    wait_until("the keyword at the server", 240, || {
        bell.sync();
        room.flags("visit@stories.example").contains(keyword).then_some(())
    });
    bell.json(&["label", "rename", "VIP", "Very important"]);
    let list = bell.json(&["label", "list"]);
    assert_eq!(list["labels"][0]["name"], "Very important", "{list:#}");
    assert_eq!(list["labels"][0]["total"], 1, "it keeps what carries it: {list:#}");
    bell.json(&["mark", &id, "unlabel=Very important"]);
    wait_until("the keyword gone from the server", 240, || {
        bell.sync();
        (!room.flags("visit@stories.example").contains(keyword)).then_some(())
    });
    bell.json(&["label", "remove", "Very important"]);
    assert_eq!(bell.json(&["label", "list"])["labels"], json!([]));

    assert_eq!(refused(&bell.run(&["--json", "mark", &id, "snoozed=some day"])), ["at"]);
    bell.json(&["mark", &id, "snoozed=2035-01-08T09:00"]);
    assert_eq!((view("inbox"), view("snoozed")), (0, 1), "it is out of the way");
    bell.json(&["mark", &id, "awake"]);
    assert_eq!((view("inbox"), view("snoozed")), (1, 0), "and back");
    bell.json(&["mark", &id, "snoozed=tomorrow_morning"]);
    let answer = "From: Mara Voss <mara@client.example>\r\nSubject: Re: About my visit\r\n\
         Date: Fri, 20 Nov 2026 11:00:00 +0000\r\nMessage-ID: <more@stories.example>\r\n\
         In-Reply-To: <visit@stories.example>\r\n\r\nOne more thing.\r\n";
    room.server.deliver(room.server.user(), answer.as_bytes()).unwrap();
    bell.sync();
    assert_eq!((view("inbox"), view("snoozed")), (1, 0), "an answer brings it back in any case");
}

#[test]
fn a_message_waits_for_its_time_and_can_be_taken_back_until_then() {
    let Some(room) = Mailroom::open() else { return };
    let bell = &room.bell;
    let at = |at: &str| {
        let words =
            ["--json", "send", "--account", &room.account, "--to", BOB, "--subject", "Later"];
        bell.fed(&[&words[..], &["--body-stdin", "--at", at]].concat(), "In good time.\n")
    };
    assert_eq!(refused(&at("some day")), ["at"]);
    assert_eq!(refused(&at("2020-01-01T09:00:00Z")), ["at"], "that time has passed");
    let planned = at("2035-01-08T09:00:00Z").done().json();
    let id = planned["id"].as_str().unwrap();
    assert_eq!(planned["scheduled"], true, "{planned:#}");
    bell.sync();
    let list = bell.json(&["outbox", "list", "--state", "queued"]);
    assert_eq!(list["items"][0]["not_before"], 2_051_859_600_000_i64, "{list:#}");
    assert!(room.of_bob().is_empty(), "not before its time");
    let draft = bell.json(&["outbox", "cancel", id]);
    assert_eq!(draft["content"]["text"].as_str().map(str::trim), Some("In good time."));
    assert_eq!(bell.json(&["outbox", "list"])["items"], json!([]));
    assert_eq!(bell.run(&["outbox", "cancel", id]).code, Some(2), "it is a draft already");
}

#[test]
fn a_blind_copy_is_in_nobodys_copy_and_html_comes_with_its_text() {
    let Some(room) = Mailroom::open() else { return };
    let (carol, dora) = ("carol@c.example", "dora@d.example");
    room.send(
        "Opening hours",
        "<p>We open at <b>nine</b>.</p>",
        &["--to", BOB, "--cc", carol, "--bcc", dora, "--html"],
    );
    room.drain();
    for who in [BOB, carol, dora] {
        let mut phone = room.phone(who);
        let copies = server::copies(&mut phone, "INBOX");
        assert_eq!(copies.len(), 1, "{who} got it once");
        let source = phone.command(&format!("UID FETCH {} BODY.PEEK[]", copies[0].uid)).unwrap();
        let source = source.join("\n");
        let header = source.split("\n\n").next().unwrap().replace("\r\n\r\n", "\u{0}");
        let header = header.split('\u{0}').next().unwrap().to_lowercase();
        // Who it was handed to stands in what the recipient's own server notes.
        let told = |line: &&str| !line.starts_with("delivered-to:") && !line.contains("for <");
        let written: Vec<&str> = header.lines().filter(told).collect();
        assert!(written.iter().any(|line| line.contains(carol)), "{who}: {header}");
        assert!(
            !written.iter().any(|line| line.contains(dora)),
            "{who} sees nobody blind: {header}"
        );
        assert!(!written.iter().any(|line| line.starts_with("bcc:")), "{who}: {header}");
        assert!(source.contains("multipart/alternative"), "{who}: {source}");
        assert!(source.contains("<b>nine</b>") && source.contains("We open at nine"), "{source}");
    }
}

#[test]
fn what_was_refused_says_so_by_its_exit_code_and_can_be_tried_again() {
    let Some(room) = Mailroom::open() else { return };
    let bell = &room.bell;
    let nobody = format!("{REFUSED}@b.example");
    let send = |more: &[&str]| {
        let words = ["--json", "send", "--account", &room.account, "--subject", "Hello"];
        bell.fed(&[&words[..], &["--body-stdin", "--wait"], more].concat(), "Who is there?\n")
    };
    let some = send(&["--to", BOB, "--to", &nobody]);
    assert_eq!(some.code, Some(4), "not everyone gets it: {some:?}");
    assert_eq!(some.json()["refused"][0]["address"], nobody.as_str(), "{some:?}");
    let none = send(&["--to", &nobody]);
    assert_eq!(none.code, Some(1), "nobody gets it: {none:?}");
    let id = none.json()["id"].as_str().unwrap().to_owned();
    let list = bell.json(&["outbox", "list", "--state", "rejected"]);
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list:#}");
    assert_eq!(list["items"][0]["id"], id.as_str(), "{list:#}");
    let said = bell.run(&["outbox", "list"]).done().text();
    assert!(said.contains("rejected") && said.contains(&nobody), "{said}");

    let again = bell.json(&["outbox", "retry", &id]);
    assert_eq!(again["state"], "queued", "a person's word is enough: {again:#}");
    assert_eq!(again["error"], Value::Null, "and it begins anew: {again:#}");
    bell.run(&["sync"]);
    let state = bell.json(&["outbox", "show", &id]);
    assert_eq!(state["state"], "rejected", "the server still knows nobody there: {state:#}");
    bell.json(&["outbox", "cancel", &id]);
    assert_eq!(bell.json(&["outbox", "list"])["items"], json!([]), "it is a draft again");
    let drafts = bell.json(&["inbox", "--view", "drafts"]);
    assert_eq!(rows(&drafts).len(), 1, "{drafts:#}");

    let gone = some.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        bell.run(&["outbox", "retry", &gone]).code,
        Some(2),
        "what has left is not sent again"
    );
    assert_eq!(bell.run(&["outbox", "show", "999"]).code, Some(1), "there is no such message");
    assert_eq!(refused(&bell.run(&["--json", "outbox", "list", "--state", "lost"])), ["states"]);
    wait_until("the mail server to hand on what it took", 240, || {
        room.exim.is_idle().then_some(())
    });
    assert_eq!(room.of_bob().len(), 1, "bob got one, once");
}
