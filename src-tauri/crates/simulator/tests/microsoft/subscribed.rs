//! Being told of changes: who wants to be, of what, and for how long.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::line::{Graph, OWN};

const STATE: &str = "only we know this";
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who listens: every request's target and body.
struct Ear {
    url: String,
    heard: Receiver<(String, Value)>,
}

impl Ear {
    /// Listens, and echoes the token it is asked for, or something else.
    fn new(honest: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let (told, heard) = channel();
        std::thread::spawn(move || {
            for line in listener.incoming() {
                let Ok(mut line) = line else { break };
                let mut text = String::new();
                let mut some = [0_u8; 4_096];
                while !whole(&text) {
                    let Ok(read @ 1..) = line.read(&mut some) else { break };
                    text.push_str(&String::from_utf8_lossy(some.get(..read).unwrap_or_default()));
                }
                let target = text.split(' ').nth(1).unwrap_or_default().to_owned();
                let (_, body) = text.split_once("\r\n\r\n").unwrap_or_default();
                let token = target.split_once("validationToken=").map(|(_, token)| token);
                let token =
                    token.map(|t| t.replace('+', " ").replace("%3A", ":").replace("%25", "%"));
                let echo = token.filter(|_| honest).unwrap_or_default();
                let _ = write!(
                    line,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{echo}",
                    echo.len()
                );
                if told.send((target, serde_json::from_str(body).unwrap_or_default())).is_err() {
                    break;
                }
            }
        });
        Self { url, heard }
    }

    fn next(&self) -> (String, Value) {
        self.heard.recv_timeout(PATIENCE).expect("something was told")
    }
}

fn whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn ask_for(ear: &Ear, minutes: i64) -> Value {
    let until = 1_795_244_400_000 + minutes * 60_000;
    let day = until / 86_400_000 - 20_778;
    let of_day = until.rem_euclid(86_400_000) / 1_000;
    // The world begins on 21 November 2026, the 20778th day; a week stays within the month.
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    json!({
        "changeType": "created,deleted",
        "notificationUrl": ear.url,
        "lifecycleNotificationUrl": ear.url,
        "resource": "me/mailFolders('inbox')/messages",
        "expirationDateTime": format!("2026-11-{:02}T{hour:02}:{minute:02}:{second:02}Z", 21 + day),
        "clientState": STATE,
    })
}

fn subscribe(graph: &Graph, ear: &Ear, minutes: i64) -> (u16, Value) {
    graph.ask("POST", "subscriptions", &ask_for(ear, minutes).to_string())
}

#[test]
fn who_echoes_the_token_is_told_of_changes_and_of_nothing_else() {
    let graph = Graph::open();
    let ear = Ear::new(true);
    let (status, made) = subscribe(&graph, &ear, 60);
    assert_eq!(status, 201, "{made}");
    for _ in 0..2 {
        assert!(ear.next().0.contains("validationToken="), "both addresses are asked");
    }
    {
        let mut world = graph.simulator.world();
        let now = world.now;
        let mailbox = world.microsoft.mailbox(OWN);
        mailbox.deliver("inbox", b"Subject: New\r\n\r\nx\r\n", now);
        mailbox.mark("New", true, false, now);
        mailbox.deliver("archive", b"Subject: Elsewhere\r\n\r\nx\r\n", now);
    }
    graph.get("me");
    let (_, told) = ear.next();
    let items = told["value"].as_array().expect("notices");
    assert_eq!(items.len(), 1, "no update was asked for, and no other folder: {told}");
    assert_eq!(items[0]["changeType"], "created");
    assert_eq!(items[0]["clientState"], STATE);
    assert_eq!(items[0]["subscriptionId"], made["id"]);
    {
        let mut world = graph.simulator.world();
        let now = world.now;
        world.microsoft.lifecycle(OWN, "missed", now);
    }
    graph.get("me");
    assert_eq!(ear.next().1["value"][0]["lifecycleEvent"], "missed");
}

#[test]
fn who_does_not_echo_the_token_is_told_nothing() {
    let graph = Graph::open();
    let (status, refusal) = subscribe(&graph, &Ear::new(false), 60);
    assert_eq!((status, refusal["error"]["code"].as_str()), (400, Some("ValidationError")));
    let (_, all) = graph.get("subscriptions");
    assert_eq!(all["value"], json!([]));
}

#[test]
fn a_subscription_lasts_seven_days_at_most_and_45_minutes_at_least() {
    let graph = Graph::open();
    // The sign-in outlasts the story.
    graph.simulator.world().microsoft.sign_in(&graph.token, OWN, &["Mail.ReadWrite"]);
    let ear = Ear::new(true);
    assert_eq!(subscribe(&graph, &ear, 10_081).0, 400);
    let (_, made) = subscribe(&graph, &ear, 5);
    assert_eq!(made["expirationDateTime"], "2026-11-21T07:45:00Z", "raised");
    let path = format!("subscriptions/{}", made["id"].as_str().expect("an id"));
    graph.simulator.advance(44 * 60_000);
    let renewed = json!({ "expirationDateTime": "2026-11-21T09:00:00Z" }).to_string();
    let (status, renewed) = graph.ask("PATCH", &path, &renewed);
    assert_eq!(
        (status, renewed["expirationDateTime"].as_str()),
        (200, Some("2026-11-21T09:00:00Z"))
    );
    assert_eq!(graph.ask("POST", &format!("{path}/reauthorize"), "").0, 204);
    graph.simulator.advance(2 * 60 * 60_000);
    assert_eq!(graph.get(&path).0, 404, "it has expired");
}
