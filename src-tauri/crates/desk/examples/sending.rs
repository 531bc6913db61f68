//! Measures sending from inside one process, for `cargo xtask bench send`.
//!
//! `sending arrive ALICE BOB ADDRESS COUNT` sends from one profile to another, one message after the other, both
//! with their loops running. `sending drain PROFILE ADDRESS COUNT` queues first and then lets the loops run.
//! Both print one JSON document; times are in milliseconds, memory in kilobytes.

#![expect(
    clippy::indexing_slicing,
    reason = "a member a JSON document does not have reads as null"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deskbell_api::dto::Event;
use deskbell_api::{Desk, Events, NoHost, call};
use deskbell_desk::{Profile, install_tls, open};
use serde_json::{Value, json};

/// How long one message may take before the measurement gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long ten thousand may take.
const LONG_PATIENCE: Duration = Duration::from_secs(1_800);

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    install_tls();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let measured = match words.as_slice() {
        ["arrive", alice, bob, address, count] => {
            arrive(Path::new(alice), Path::new(bob), address, count.parse()?).await?
        }
        ["drain", profile, address, count] => {
            drain(Path::new(profile), address, count.parse()?).await?
        }
        _ => {
            return Err(
                "sending arrive ALICE BOB ADDRESS COUNT | drain PROFILE ADDRESS COUNT".into()
            );
        }
    };
    println!("{measured}");
    Ok(())
}

async fn arrive(alice: &Path, bob: &Path, address: &str, count: usize) -> Result<Value, Failure> {
    let (alice, bob) = (running(alice)?, running(bob)?);
    let account = without_delay(&alice.desk).await?;
    let mut events = bob.desk.events();
    settle(&mut events).await;
    let (mut visible, mut arrived) = (Vec::new(), Vec::new());
    // The first ones open connections.
    for number in 0..count + 3 {
        let draft = draft(&alice.desk, &account, address, number).await?;
        quieten(&mut events).await;
        let clicked = Instant::now();
        send(&alice.desk, &draft).await?;
        let conversation = json!({ "id": draft["conversation_id"] });
        let shown = call(&alice.desk, "conversation", conversation).await?;
        let seen = clicked.elapsed();
        if shown["messages"][0]["outgoing"].is_null() {
            return Err("the message is not to be seen in its conversation".into());
        }
        heard(&mut events).await?;
        if number >= 3 {
            visible.push(seen.as_secs_f64() * 1e3);
            arrived.push(clicked.elapsed().as_secs_f64() * 1e3);
        }
    }
    alice.close().await;
    bob.close().await;
    Ok(json!({ "visible_ms": visible, "arrived_ms": arrived }))
}

async fn drain(profile: &Path, address: &str, count: usize) -> Result<Value, Failure> {
    let idle = open(profile, Arc::new(NoHost), false, false)?;
    let account = without_delay(&idle.desk).await?;
    let began = Instant::now();
    for number in 0..count {
        let draft = draft(&idle.desk, &account, address, number).await?;
        send(&idle.desk, &draft).await?;
    }
    let queued = began.elapsed();
    idle.close().await;
    drop(idle);
    let profile = running(profile)?;
    let (began, mut memory) = (Instant::now(), Vec::new());
    loop {
        let left =
            call(&profile.desk, "outbox", json!({ "account_id": null, "states": [], "limit": 1 }))
                .await?;
        memory.push(resident());
        if left["items"].as_array().is_some_and(Vec::is_empty) {
            break;
        }
        if began.elapsed() > LONG_PATIENCE {
            return Err("the outbox did not become empty".into());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let drained = began.elapsed();
    profile.close().await;
    Ok(json!({
        "queued_ms": queued.as_secs_f64() * 1e3,
        "drained_ms": drained.as_secs_f64() * 1e3,
        "memory_kb": memory,
    }))
}

fn running(directory: &Path) -> Result<Profile, Failure> {
    Ok(open(directory, Arc::new(NoHost), false, true)?)
}

/// Lets the first account send at once; its id.
async fn without_delay(desk: &Desk) -> Result<String, Failure> {
    let accounts = call(desk, "accounts", json!({})).await?;
    let id = accounts["accounts"][0]["id"].as_str().ok_or("there is no account")?.to_owned();
    let form = json!({ "id": id, "smtp": null, "fallback_id": null, "undo_ms": 0 });
    call(desk, "account_sending", form).await?;
    Ok(id)
}

async fn draft(desk: &Desk, account: &str, to: &str, number: usize) -> Result<Value, Failure> {
    let new = json!({
        "kind": "new", "account_id": account, "message_id": null, "to": [to],
        "subject": format!("Appointment {number}"),
        "words": { "wrote": "", "forwarded": "", "fields": ["", "", "", ""] },
    });
    let draft = call(desk, "draft_new", new).await?;
    let mut content = draft["content"].clone();
    content["html"] = json!(format!("<p>Would <b>10:30</b> suit you? ({number})</p>"));
    let save = json!({
        "id": draft["id"], "revision": draft["revision"], "account_id": account,
        "content": content, "files": [],
    });
    call(desk, "draft_save", save).await?;
    Ok(draft)
}

async fn send(desk: &Desk, draft: &Value) -> Result<(), Failure> {
    let send = json!({ "id": draft["id"], "at": null, "confirmed": [] });
    let sent = call(desk, "draft_send", send).await?;
    if sent["outgoing"].is_null() {
        Err(format!("it was not taken: {sent}").into())
    } else {
        Ok(())
    }
}

/// Waits for the end of the first round.
async fn settle(events: &mut Events) {
    let idle = async {
        while let Some(event) = events.next().await {
            if matches!(event, Event::Idle { .. }) {
                return;
            }
        }
    };
    // Without new mail there may be no round to end.
    let _ = tokio::time::timeout(Duration::from_secs(10), idle).await;
}

/// Takes what was said before.
async fn quieten(events: &mut Events) {
    while tokio::time::timeout(Duration::from_millis(50), events.next()).await.is_ok() {}
}

async fn heard(events: &mut Events) -> Result<(), Failure> {
    let news = async {
        while let Some(event) = events.next().await {
            if let Event::Changes { changes, everything } = event
                && (everything || changes.iter().any(|change| change.entity == "message"))
            {
                return;
            }
        }
    };
    Ok(tokio::time::timeout(PATIENCE, news).await.map_err(|_| "nothing arrived")?)
}

/// Resident memory in kilobytes, where the system tells.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
