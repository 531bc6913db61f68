//! The studio of the thousand messages: two accounts, their failing servers, and the person who writes and decides.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deskbell_api::{Desk, NoHost, call};
use deskbell_testbed::{
    Chance, Courier, Dovecot, Fault, Moment, OtherClient, ScriptedSmtp, SmtpOffers,
};
use serde_json::{Value, json};

use crate::mailroom::BOB;
use crate::support::bell::Bell;
use crate::support::dice::Dice;

/// Conversations of each account, and messages of each conversation.
pub const CONVERSATIONS: usize = 100;
pub const OF_EACH: usize = 5;
/// What takes a minute to find out happens to messages up to this one, so that the others are sent meanwhile.
const SLOW: usize = 60;

/// An account, and the server it sends through.
pub struct Side {
    pub user: String,
    pub smtp: ScriptedSmtp,
    /// The server puts a copy among the sent messages by itself.
    saves: bool,
}

impl Side {
    pub fn open(server: &Dovecot, user: &str, saves: bool, seed: u64) -> Self {
        let offers = SmtpOffers { password: server.password().to_owned(), ..SmtpOffers::default() };
        let courier = courier(server, saves.then_some(user));
        let smtp = ScriptedSmtp::start_with(offers, Some(courier)).unwrap();
        smtp.leave_to_chance(chance(seed, saves));
        Self { user: user.to_owned(), smtp, saves }
    }
}

/// Hands every message taken to bob, and puts a copy among the sent ones, as the large providers do.
fn courier(server: &Dovecot, saves: Option<&str>) -> Courier {
    let sent = saves.map(|user| Mutex::new(phone(server, user)));
    let lmtp = server.letterbox();
    Box::new(move |mail| {
        lmtp.deliver(BOB, &mail.source).unwrap();
        if let Some(sent) = &sent {
            sent.lock().unwrap().append("Sent", "\\Seen", &mail.source).unwrap();
        }
    })
}

/// What goes wrong with which message.
///
/// Never three in a row but once: a third rests the account for half a minute, which is shown once and would
/// otherwise be all that the story does.
fn chance(seed: u64, saves: bool) -> Chance {
    let mut dice = Dice::new(seed);
    let mut in_a_row = 0;
    Box::new(move |number| {
        let fault = match number {
            30..33 => Some((Moment::Data, Fault::Drop)),
            33 => None,
            _ if in_a_row == 2 => None,
            _ => drawn(&mut dice, number, saves),
        };
        in_a_row = if fault.is_some() { in_a_row + 1 } else { 0 };
        fault
    })
}

fn drawn(dice: &mut Dice, number: usize, saves: bool) -> Option<(Moment, Fault)> {
    let of_message = [Moment::Mail, Moment::Rcpt, Moment::Data];
    let of_connection = [Moment::Greeting, Moment::Ehlo, Moment::Auth];
    let said = |words: &str| Fault::Reply(words.into());
    // The message is gone and nobody said so: where the server saves what it sends, only looking for it several
    // times tells; elsewhere a person does.
    match number % SLOW {
        _ if number > SLOW => {}
        11 => return Some((Moment::Body, Fault::Drop)),
        22 | 44 => return Some((Moment::End, Fault::Drop)),
        55 => return Some((Moment::End, Fault::Garbage)),
        _ => {}
    }
    // Taken, and the answer never comes: found among the sent ones, or asked of a person.
    let lost = if saves { 80 } else { 15 };
    match dice.below(1_000) {
        throw if throw < lost => Some((Moment::Verdict, Fault::Drop)),
        80..90 if saves => Some((Moment::Verdict, Fault::Garbage)),
        90..140 => Some((*dice.one_of(&of_message).unwrap(), Fault::Drop)),
        140..150 => Some((*dice.one_of(&of_connection).unwrap(), Fault::Drop)),
        150..200 => Some((*dice.one_of(&of_message).unwrap(), said("451 4.3.2 Come again"))),
        200..215 => Some((*dice.one_of(&of_message).unwrap(), said("421 4.3.2 Shutting down"))),
        215..220 => Some((*dice.one_of(&of_connection).unwrap(), said("421 4.3.2 Not now"))),
        220..230 => Some((*dice.one_of(&of_message).unwrap(), Fault::Garbage)),
        230..250 => Some((Moment::Verdict, Fault::Late(Duration::from_millis(300)))),
        _ => None,
    }
}

pub fn phone(server: &Dovecot, user: &str) -> OtherClient {
    OtherClient::sign_in(server.imap_port(), user, server.password()).unwrap()
}

/// Adds both accounts.
pub fn add(bell: &Bell, server: &Dovecot, sides: &[Side]) {
    for side in sides {
        let (imap, smtp) = (server.imap_port().to_string(), side.smtp.port().to_string());
        let saves: &[&str] = if side.saves { &["--smtp-saves-sent"] } else { &[] };
        let arguments = [
            &["--json", "account", "add", "imap", "--address", &side.user][..],
            &["--host", "127.0.0.1", "--port", &imap, "--security", "none"],
            &["--smtp-host", "127.0.0.1", "--smtp-port", &smtp, "--smtp-security", "none"],
            saves,
            &["--password-stdin"],
        ];
        bell.fed(&arguments.concat(), server.password()).done();
    }
}

/// Writes all of them, without a line and without delay.
pub async fn write(bell: &Bell) {
    let profile = deskbell_desk::open(bell.profile(), Arc::new(NoHost), false, false).unwrap();
    let desk = &profile.desk;
    let listed = ask(desk, "accounts", json!({})).await;
    let accounts: Vec<String> = listed["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["id"].as_str().unwrap().to_owned())
        .collect();
    for account in &accounts {
        let form = json!({ "id": account, "smtp": null, "fallback_id": null, "undo_ms": 0 });
        ask(desk, "account_sending", form).await;
    }
    let mut before = Latest::new();
    for number in 0..OF_EACH {
        for conversation in 0..CONVERSATIONS {
            for (side, account) in accounts.iter().enumerate() {
                let matter = side * CONVERSATIONS + conversation;
                let last = before.get(&matter).map(String::as_str);
                let sent = one(desk, account, matter, number, last).await;
                before.insert(matter, sent);
            }
        }
    }
    profile.close().await;
}

/// By conversation, the message written last in it.
type Latest = BTreeMap<usize, String>;

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

/// A person looks at the outbox: settles what is unknown where no server could tell, and sends what was put off.
/// Answers how much is left.
pub async fn decide(bell: &Bell, sides: &[Side]) -> usize {
    let profile = deskbell_desk::open(bell.profile(), Arc::new(NoHost), false, false).unwrap();
    let desk = &profile.desk;
    let kept = sides.iter().filter(|side| !side.saves);
    let arrived: Vec<(usize, usize)> = kept
        .flat_map(|side| side.smtp.taken())
        .map(|mail| marks(&String::from_utf8_lossy(&mail.source)))
        .collect();
    let listed = |state: &'static str| async move {
        let states = if state.is_empty() { json!([]) } else { json!([state]) };
        let list = json!({ "account_id": null, "states": states, "limit": 200 });
        ask(desk, "outbox", list).await["items"].as_array().unwrap().clone()
    };
    for item in listed("unknown").await {
        let mark = marks(item["preview"].as_str().unwrap());
        if mark.0 >= CONVERSATIONS {
            let command = if arrived.contains(&mark) { "outbox_settle" } else { "outbox_retry" };
            ask(desk, command, json!({ "id": item["id"] })).await;
        }
    }
    for item in listed("queued").await {
        if item["error"].as_str().is_some_and(|words| words.contains("Come again")) {
            ask(desk, "outbox_retry", json!({ "id": item["id"] })).await;
        }
    }
    let left = listed("").await.len();
    profile.close().await;
    left
}

async fn ask(desk: &Desk, command: &str, arguments: Value) -> Value {
    call(desk, command, arguments).await.unwrap_or_else(|error| panic!("{command}: {error}"))
}

/// Which conversation a message says it is of, and which of its messages it is.
pub fn marks(text: &str) -> (usize, usize) {
    let number = |word: &str| {
        let rest = text.split(word).nth(1).unwrap();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    };
    // As quoted-printable the sign is spelt out.
    let sign = if text.contains("matter=3D") { "=3D" } else { "=" };
    (number(&format!("matter{sign}")), number(&format!("number{sign}")))
}
