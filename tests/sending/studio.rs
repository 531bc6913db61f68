//! The studio of the thousand messages: two accounts, their failing servers, and the person who writes and decides.

use std::collections::{BTreeMap, BTreeSet};
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
/// What takes a minute happens to messages up to this one, so that the others are sent meanwhile.
const SLOW: usize = 150;
/// Gets three conversations of four beside bob.
pub const RUTH: &str = "ruth@b.example";
/// Puts a message off, or a recipient; the outbox tries again after a minute.
const LATER: &str = "451 4.3.2 Come again";
/// Refuses a recipient for good, and with the only one the message.
const NEVER: &str = "550 5.1.1 No such user here";
/// What of it a person reads.
pub const NEVER_SAID: &str = "No such user here";

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

/// Hands every message taken to whom it was taken for, and puts one copy among the sent ones, as the large providers
/// do: they know a message again that is handed in once more for the rest of its recipients.
fn courier(server: &Dovecot, saves: Option<&str>) -> Courier {
    let (port, password) = (server.imap_port(), server.password().to_owned());
    let sent = saves.map(|user| (user.to_owned(), Mutex::new(BTreeSet::new())));
    let lmtp = server.letterbox();
    Box::new(move |mail| {
        for recipient in &mail.to {
            lmtp.deliver(recipient, &mail.source).unwrap();
        }
        if let Some((user, known)) = &sent {
            let mut known = known.lock().unwrap();
            if known.insert(mail.message_id()) {
                // Signed in for this one only, so that the mailbox can come to rest.
                let mut own = OtherClient::sign_in(port, user, &password).unwrap();
                own.append("Sent", "\\Seen", &mail.source).unwrap();
            }
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
            _ if number <= SLOW => slow(&mut dice).or_else(|| drawn(&mut dice, saves)),
            _ => drawn(&mut dice, saves),
        };
        in_a_row = if fault.is_some() { in_a_row + 1 } else { 0 };
        fault
    })
}

fn said(words: &str) -> Fault {
    Fault::Reply(words.into())
}

/// What takes a minute: to be put off, and to lose a message whose end was said. Where the server saves what it sends,
/// only looking for it several times tells that it is gone; elsewhere a person does.
fn slow(dice: &mut Dice) -> Option<(Moment, Fault)> {
    let moments = [Moment::Mail, Moment::Data, Moment::End];
    let moment = *dice.one_of(&moments).unwrap();
    match dice.below(100) {
        0..5 => Some((moment, said(LATER))),
        // Of two recipients the one only.
        5..13 => Some((Moment::Rcpt, said(LATER))),
        13..16 => Some((Moment::Body, Fault::Drop)),
        16..19 => Some((Moment::End, Fault::Drop)),
        19 => Some((Moment::End, Fault::Garbage)),
        20 => Some((Moment::End, Fault::Silence)),
        _ => None,
    }
}

fn drawn(dice: &mut Dice, saves: bool) -> Option<(Moment, Fault)> {
    let of_message = [Moment::Mail, Moment::Rcpt, Moment::Data];
    let of_connection = [Moment::Greeting, Moment::Ehlo, Moment::Auth];
    let mut one_of = |moments: &[Moment]| *dice.one_of(moments).unwrap();
    // Taken, and the answer never comes: found among the sent ones, or asked of a person.
    let lost = if saves { 80 } else { 15 };
    let (message, connection) = (one_of(&of_message), one_of(&of_connection));
    Some(match dice.below(1_000) {
        throw if throw < lost => (Moment::Verdict, Fault::Drop),
        80..90 if saves => (Moment::Verdict, Fault::Garbage),
        // Gone with the answer, and only a person can tell.
        15..30 if !saves => (Moment::Body, Fault::Drop),
        30..45 if !saves => (Moment::End, Fault::Drop),
        90..140 => (message, Fault::Drop),
        140..150 => (connection, Fault::Drop),
        150..165 => (message, said("421 4.3.2 Shutting down")),
        165..170 => (connection, said("421 4.3.2 Not now")),
        170..180 => (message, Fault::Garbage),
        180..200 => (Moment::Verdict, Fault::Late(Duration::from_millis(300))),
        // Until the program is killed; its own patience is shown where the server is asked for less of it.
        200..204 => (message, Fault::Silence),
        204..206 => (Moment::Verdict, Fault::Silence),
        206..226 => (Moment::After, Fault::Drop),
        226..256 => (Moment::Rcpt, said(NEVER)),
        256..264 => (
            *dice.one_of(&[Moment::Mail, Moment::Data, Moment::End]).unwrap(),
            said("554 5.7.1 Not today"),
        ),
        _ => return None,
    })
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

/// A message that was written.
pub struct Written {
    /// Which conversation, and which of its messages.
    pub mark: (usize, usize),
    pub to: Vec<&'static str>,
    /// Names it in the outbox.
    id: Value,
}

/// Writes all of them, without a line and without delay.
pub async fn write(bell: &Bell, seed: u64) -> Vec<Written> {
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
    let mut dice = Dice::new(seed);
    let (mut before, mut written) = (Latest::new(), Vec::new());
    for number in 0..OF_EACH {
        for conversation in 0..CONVERSATIONS {
            for (side, account) in accounts.iter().enumerate() {
                let matter = side * CONVERSATIONS + conversation;
                let last = before.get(&matter).map(String::as_str);
                // Whoever is named first is who may be refused.
                let to = match (conversation % 4, dice.below(2)) {
                    (0, _) => vec![BOB],
                    (_, 0) => vec![BOB, RUTH],
                    _ => vec![RUTH, BOB],
                };
                let (message, id) = one(desk, account, (matter, number), last, &to).await;
                before.insert(matter, message);
                written.push(Written { mark: (matter, number), to, id });
            }
        }
    }
    profile.close().await;
    written
}

/// By conversation, the message written last in it.
type Latest = BTreeMap<usize, String>;

/// Writes one message and gives it over; answers how lists show it and how the outbox does.
async fn one(
    desk: &Desk,
    account: &str,
    (conversation, number): (usize, usize),
    before: Option<&str>,
    to: &[&str],
) -> (String, Value) {
    let draft = ask(
        desk,
        "draft_new",
        json!({
            "kind": if before.is_some() { "reply" } else { "new" },
            "account_id": account,
            "message_id": before,
            "to": [],
            "subject": if before.is_some() { Value::Null } else { json!(format!("Matter {conversation}")) },
            "words": { "wrote": "{name} wrote:", "forwarded": "", "fields": ["", "", "", ""] },
        }),
    )
    .await;
    let mut content = draft["content"].clone();
    content["to"] = to.iter().map(|address| json!({ "name": null, "address": address })).collect();
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
    (draft["message_id"].as_str().unwrap().to_owned(), sent["outgoing"]["id"].clone())
}

/// Whom a person was told of that they were refused, and of whom that nobody knows, each with why.
pub async fn told(bell: &Bell, written: &[Written]) -> Vec<[BTreeMap<String, String>; 2]> {
    let profile = deskbell_desk::open(bell.profile(), Arc::new(NoHost), false, false).unwrap();
    let mut told = Vec::new();
    for mail in written {
        let shown = ask(&profile.desk, "outgoing", json!({ "id": mail.id })).await;
        told.push(["refused", "lost"].map(|list| {
            let people = shown[list].as_array().unwrap().iter();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            people.map(|one| (text(&one["address"]), text(&one["reason"]))).collect()
        }));
    }
    profile.close().await;
    told
}

/// A person looks at the outbox: settles what is unknown where no server could tell, and gives over again, as it is,
/// what was rejected, which they remember. Answers how much is left.
pub async fn decide(bell: &Bell, sides: &[Side], rejected: &mut BTreeSet<(usize, usize)>) -> usize {
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
    for item in listed("rejected").await {
        rejected.insert(marks(item["preview"].as_str().unwrap()));
        ask(desk, "outbox_retry", json!({ "id": item["id"] })).await;
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
