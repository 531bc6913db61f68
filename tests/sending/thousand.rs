//! A thousand messages through a server that fails in every way, sent by a program that is killed again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deskbell_api::dto::ArchiveKind;
use deskbell_api::{Desk, Host, call};
use deskbell_testbed::{
    Chance, Courier, Dovecot, DovecotOptions, Fault, Moment, OtherClient, ScriptedSmtp, SmtpOffers,
    unless_missing,
};
use serde_json::{Value, json};

use crate::mailroom::BOB;
use crate::support::bell::Bell;
use crate::support::dice::Dice;
use crate::support::{server, wait_until};

const CONVERSATIONS: usize = 200;
const OF_EACH: usize = 5;
const KILLS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_messages_arrive_once_each_whatever_happens() {
    let Some(server) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap() else {
        return;
    };
    let seed = 20_261_121;
    let offers = SmtpOffers { password: server.password().to_owned(), ..SmtpOffers::default() };
    let smtp = ScriptedSmtp::start_with(offers, Some(courier(&server))).unwrap();
    smtp.leave_to_chance(chance(seed));
    let bell = Bell::new();
    add(&bell, &server, &smtp);
    write(&bell).await;

    // Killed wherever it happens to be, and started again.
    let mut dice = Dice::new(seed);
    for _ in 0..KILLS {
        let mut sending = bell.start(&["sync", "--watch"]);
        std::thread::sleep(Duration::from_millis(400 + dice.below(2_600) as u64));
        sending.kill().unwrap();
        sending.wait().unwrap();
    }
    let mut sending = bell.start(&["sync", "--watch"]);
    wait_until("an empty outbox", 900, || {
        let list = bell.json(&["outbox", "list", "--limit", "200"]);
        std::thread::sleep(Duration::from_millis(500));
        list["items"].as_array().unwrap().is_empty().then_some(())
    });
    sending.kill().unwrap();
    sending.wait().unwrap();

    let taken = smtp.taken();
    let ids: Vec<String> = taken.iter().map(|mail| mail.message_id().unwrap()).collect();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), CONVERSATIONS * OF_EACH, "nothing is lost");
    assert_eq!(ids.len(), distinct.len(), "nothing is sent twice");
    let arrived = server::copies(&mut phone(&server, BOB), "INBOX");
    let arrived: BTreeSet<String> = arrived.into_iter().map(|copy| copy.id).collect();
    assert_eq!(arrived.len(), CONVERSATIONS * OF_EACH, "all of them are in bob's inbox");

    // Each conversation in the order it was written.
    let mut order: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for mail in &taken {
        let (conversation, number) = marks(&mail.source);
        order.entry(conversation).or_default().push(number);
    }
    for (conversation, numbers) in order {
        let wanted: Vec<usize> = (0..OF_EACH).collect();
        assert_eq!(numbers, wanted, "conversation {conversation} left in its order");
    }
    bell.sync();
    let sent = server::copies(&mut phone(&server, server.user()), "Sent");
    assert_eq!(sent.len(), CONVERSATIONS * OF_EACH, "one copy of each among the sent ones");
    let stats = bell.json(&["stats"]);
    assert_eq!(stats["conversations"], CONVERSATIONS, "{stats:#}");
    bell.assert_whole();
}

/// Hands every message taken to bob, and puts a copy among the studio's sent ones, as the large providers do.
fn courier(server: &Dovecot) -> Courier {
    let sent = Mutex::new(phone(server, server.user()));
    let lmtp = server.letterbox();
    Box::new(move |mail| {
        lmtp.deliver(BOB, &mail.source).unwrap();
        sent.lock().unwrap().append("Sent", "\\Seen", &mail.source).unwrap();
    })
}

/// What goes wrong with which message. The rare ones cost a minute each: the message is gone, and only looking
/// for it several times tells that it never arrived.
fn chance(seed: u64) -> Chance {
    let mut dice = Dice::new(seed);
    Box::new(move |_| {
        let early = [
            Moment::Greeting,
            Moment::Ehlo,
            Moment::Auth,
            Moment::Mail,
            Moment::Rcpt,
            Moment::Data,
        ];
        match dice.below(1_000) {
            0..3 => Some((Moment::Body, Fault::Drop)),
            3..6 => Some((Moment::End, Fault::Drop)),
            6..8 => Some((Moment::End, Fault::Garbage)),
            // Taken, and the answer never comes.
            8..80 => Some((Moment::Verdict, Fault::Drop)),
            80..90 => Some((Moment::Verdict, Fault::Garbage)),
            90..150 => Some((*dice.one_of(&early).unwrap(), Fault::Drop)),
            150..200 => {
                let busy = Fault::Reply("451 4.3.2 Come again".into());
                Some((*dice.one_of(&early[3..]).unwrap(), busy))
            }
            200..220 => {
                let closing = Fault::Reply("421 4.3.2 Shutting down".into());
                Some((*dice.one_of(&early).unwrap(), closing))
            }
            220..230 => Some((*dice.one_of(&early).unwrap(), Fault::Garbage)),
            230..250 => Some((Moment::Verdict, Fault::Late(Duration::from_millis(300)))),
            _ => None,
        }
    })
}

fn phone(server: &Dovecot, user: &str) -> OtherClient {
    OtherClient::sign_in(server.imap_port(), user, server.password()).unwrap()
}

fn add(bell: &Bell, server: &Dovecot, smtp: &ScriptedSmtp) {
    let (imap, smtp) = (server.imap_port().to_string(), smtp.port().to_string());
    let host = ["--host", "127.0.0.1", "--port", &imap, "--security", "none"];
    let sending = ["--smtp-host", "127.0.0.1", "--smtp-port", &smtp, "--smtp-security", "none"];
    let arguments = [
        &["--json", "account", "add", "imap", "--address", server.user()][..],
        &host,
        &sending,
        &["--smtp-saves-sent", "--password-stdin"],
    ];
    bell.fed(&arguments.concat(), server.password()).done();
}

/// Writes all of them, without a line and without delay.
async fn write(bell: &Bell) {
    let profile = deskbell_desk::open(bell.profile(), Arc::new(Nobody), false, false).unwrap();
    let desk = &profile.desk;
    let accounts = ask(desk, "accounts", json!({})).await;
    let account = accounts["accounts"][0]["id"].as_str().unwrap().to_owned();
    let form = json!({ "id": account, "smtp": null, "fallback_id": null, "undo_ms": 0 });
    ask(desk, "account_sending", form).await;
    let mut before: Vec<Option<String>> = vec![None; CONVERSATIONS];
    for number in 0..OF_EACH {
        for (conversation, before) in before.iter_mut().enumerate() {
            let sent = one(desk, &account, conversation, number, before.as_deref()).await;
            *before = Some(sent);
        }
    }
    profile.close().await;
}

/// Writes one message and gives it over; answers how lists show it.
async fn one(
    desk: &Desk,
    account: &str,
    conversation: usize,
    number: usize,
    before: Option<&str>,
) -> String {
    let draft = ask(
        desk,
        "draft_new",
        json!({
            "kind": if before.is_some() { "reply" } else { "new" },
            "account_id": account,
            "message_id": before,
            "to": if before.is_some() { json!([]) } else { json!([BOB]) },
            "subject": if before.is_some() { Value::Null } else { json!(format!("Matter {conversation}")) },
            "words": { "wrote": "{name} wrote:", "forwarded": "", "fields": ["", "", "", ""] },
        }),
    )
    .await;
    let mut content = draft["content"].clone();
    content["html"] = Value::Null;
    content["text"] = json!(format!("matter={conversation} number={number}\n"));
    let save = json!({
        "id": draft["id"], "revision": draft["revision"], "account_id": account,
        "content": content, "files": [],
    });
    ask(desk, "draft_save", save).await;
    let send = json!({ "id": draft["id"], "at": null, "confirmed": [] });
    let sent = ask(desk, "draft_send", send).await;
    assert!(sent["outgoing"].is_object(), "{sent:#}");
    draft["message_id"].as_str().unwrap().to_owned()
}

async fn ask(desk: &Desk, command: &str, arguments: Value) -> Value {
    call(desk, command, arguments).await.unwrap_or_else(|error| panic!("{command}: {error}"))
}

/// Which conversation a message says it is of, and which of its messages it is.
fn marks(source: &[u8]) -> (usize, usize) {
    let text = String::from_utf8_lossy(source);
    let number = |word: &str| {
        let rest = text.split(word).nth(1).unwrap();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    };
    // As quoted-printable the sign is spelt out.
    let sign = if text.contains("matter=3D") { "=3D" } else { "=" };
    (number(&format!("matter{sign}")), number(&format!("number{sign}")))
}

/// A host without anyone in front of it.
struct Nobody;

#[async_trait::async_trait]
impl Host for Nobody {
    async fn pick(&self, _: ArchiveKind) -> Option<PathBuf> {
        None
    }

    async fn pick_files(&self, _: bool) -> Vec<PathBuf> {
        Vec::new()
    }

    async fn save_as(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn open_link(&self, _: &str) -> Result<(), String> {
        Err("nobody is here".into())
    }

    fn open_file(&self, _: &std::path::Path) -> Result<(), String> {
        Err("nobody is here".into())
    }
}
