//! The sample workspace: opened without a keychain or a network, worked in, left and gone.
//!
//! Somebody outside steers its players over their control, as a person with `curl` would.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use deskbell_api::NoHost;
use deskbell_api::dto::{
    ById, ConversationRow, Edit, EditArgs, NewDraftArgs, NoArgs, PageArgs, QuoteWords, SaveArgs,
    SendArgs,
};
use deskbell_api::handlers::{accounts, compose, inbox, outbox, sample, send};
use deskbell_desk::Profile;
use deskbell_domain::AccountId;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const STUDIO: &str = "studio@inkwell.example";
const OFFICE: &str = "office@inkwell.example";
const MARA: &str = "mara@client.example";

/// A profile whose loops do not run: what happens, happens when asked for.
fn open(directory: &Path) -> Profile {
    deskbell_desk::install_tls();
    deskbell_desk::open(directory, Arc::new(NoHost), false, false).expect("a profile")
}

async fn sync(profile: &Profile) {
    let engine = profile.desk.engine.as_ref().expect("it may be written");
    for account in accounts::list(&profile.desk, NoArgs {}).await.expect("accounts").accounts {
        let id = AccountId(account.id.parse().expect("an id"));
        let synced = engine.sync_once(id, &CancellationToken::new()).await;
        synced.unwrap_or_else(|error| panic!("{}: {error}", account.name));
    }
}

async fn view(profile: &Profile, view: &str) -> Vec<ConversationRow> {
    let args = PageArgs { view: view.into(), account_id: None, cursor: None, limit: 200 };
    inbox::page(&profile.desk, args).await.expect("a page").rows
}

fn subjects(rows: &[ConversationRow]) -> Vec<&str> {
    rows.iter().map(|row| row.subject.as_str()).collect()
}

/// Asks the players' control, as its file says where it is.
fn control(directory: &Path, method: &str, path: &str, body: &str) -> (u16, Value) {
    let file = std::fs::read(directory.join("sample/control.json")).expect("where to steer it");
    let told: Value = serde_json::from_slice(&file).expect("JSON");
    let (url, secret) = (told["url"].as_str().unwrap(), told["secret"].as_str().unwrap());
    steer(url, secret, (method, path), body)
}

fn steer(url: &str, secret: &str, (method, path): (&str, &str), body: &str) -> (u16, Value) {
    let (host, base) = url.trim_start_matches("http://").split_once('/').expect("an address");
    let mut line = TcpStream::connect(host).expect("the players");
    write!(
        line,
        "{method} /{base}{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .expect("asked");
    let mut answer = String::new();
    line.read_to_string(&mut answer).expect("an answer");
    let status = answer.get(9..12).unwrap().parse().expect("a status");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    (status, serde_json::from_str(body).unwrap_or_default())
}

async fn write_to(profile: &Profile, to: &str, subject: &str) {
    let desk = &profile.desk;
    let args = NewDraftArgs {
        kind: "new".into(),
        account_id: None,
        message_id: None,
        to: vec![to.into()],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: Some(subject.into()),
        text: None,
        words: QuoteWords {
            wrote: "{name} wrote:".into(),
            forwarded: "Forwarded message".into(),
            fields: ["From", "Date", "Subject", "To"].map(str::to_owned).to_vec(),
            date: None,
        },
    };
    let draft = compose::new(desk, args).await.expect("a draft");
    let mut content = draft.content;
    (content.html, content.text) = (None, "Does Friday at nine suit you?\n".into());
    let opened = compose::open(desk, ById { id: draft.id.clone() }).await.expect("the draft");
    let save = SaveArgs {
        id: draft.id,
        revision: opened.revision,
        account_id: draft.account_id,
        content,
        files: draft.files,
    };
    let saved = compose::save(desk, save).await.expect("saved");
    let args = SendArgs { id: saved.id, at: None, confirmed: Vec::new() };
    let sent = send::send(desk, args).await.expect("sent").outgoing.expect("no warnings");
    outbox::retry(desk, ById { id: sent.id }).await.expect("without waiting");
}

#[tokio::test]
async fn the_sample_is_a_living_desk_until_it_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let profile = open(directory.path());
    let first = sample::open(&profile.desk, NoArgs {}).await.expect("opened");
    assert!(first.sample, "it is plain that it is a sample");
    let again = sample::open(&profile.desk, NoArgs {}).await.expect("opened");
    assert_eq!(again.id, first.id, "opened twice it is there once");
    sync(&profile).await;
    let all = accounts::list(&profile.desk, NoArgs {}).await.unwrap().accounts;
    let kinds: Vec<&str> = all.iter().map(|account| account.provider.as_str()).collect();
    assert_eq!(kinds, ["gmail", "graph", "archive"]);
    assert!(all.iter().all(|one| one.sample && one.state == "ok" && one.oauth.is_none()));
    let rows = view(&profile, "all").await;
    assert!(rows.len() >= 60, "{} conversations are no living desk", rows.len());
    assert!(!rows.iter().any(|row| row.quarantined), "all of it can be read");

    // What is done here is done there, and stays done over a restart.
    let unread = view(&profile, "unread").await;
    let archived: Vec<ConversationRow> = unread.iter().take(4).cloned().collect();
    let ids = archived.iter().map(|row| row.id.clone()).collect();
    let args = EditArgs { ids, edit: Edit::Archive };
    inbox::edit(&profile.desk, args).await.expect("archived");
    sync(&profile).await;
    let (_, before) = control(directory.path(), "GET", "", "");
    profile.close().await;
    drop(profile);

    let profile = open(directory.path());
    sync(&profile).await;
    let (_, after) = control(directory.path(), "GET", "", "");
    assert_eq!(after["google"], before["google"], "the players are where they were");
    assert_eq!(after["microsoft"], before["microsoft"]);
    let inside = view(&profile, "inbox").await;
    for row in &archived {
        assert!(!inside.iter().any(|one| one.id == row.id), "{} came back", row.subject);
    }

    // Mail comes from outside, and what leaves goes to nobody but comes back as sent, and is answered.
    let letter = "Message-ID: <news@client.example>\r\nFrom: Mara Voss <mara@client.example>\r\nSubject: News from outside\r\n\r\nHello.\r\n";
    for (provider, to) in [("google", STUDIO), ("microsoft", OFFICE)] {
        let path = format!("/{provider}/mail?to={to}");
        let letter = letter
            .replace("News", &format!("{provider} news"))
            .replace("<news", &format!("<{provider}"));
        let (status, answer) = control(directory.path(), "POST", &path, &letter);
        assert_eq!(status, 200, "{answer}");
    }
    write_to(&profile, MARA, "Your appointment on Friday").await;
    sync(&profile).await;
    let inside = view(&profile, "inbox").await;
    let there = subjects(&inside);
    assert!(there.contains(&"google news from outside"), "{there:?}");
    assert!(there.contains(&"microsoft news from outside"), "{there:?}");
    let sent = view(&profile, "sent").await;
    assert!(subjects(&sent).contains(&"Your appointment on Friday"));
    let (_, delivered) = control(directory.path(), "GET", "/delivered", "");
    assert_eq!(delivered["delivered"][0]["to"], json!([MARA]), "it left, and only as far as this");
    control(directory.path(), "POST", "/clock", r#"{"advance_ms":120000}"#);
    sync(&profile).await;
    let inside = view(&profile, "inbox").await;
    let answered = inside.iter().find(|row| row.subject == "Your appointment on Friday");
    let answered = answered.expect("Mara answers into the same conversation");
    assert_eq!((answered.messages, answered.last_is_own), (2, false));

    // Its players may be troubled like any provider.
    control(directory.path(), "POST", "/google/tokens", r#"{"expire":true}"#);
    control(directory.path(), "POST", &format!("/google/forget?of={STUDIO}"), "");
    control(directory.path(), "POST", &format!("/microsoft/forget?of={OFFICE}&loss=gone"), "");
    let fault = r#"{"at":"GET /v1.0/me/mailFolders(","status":429,"headers":{"retry-after":"0"}}"#;
    control(directory.path(), "POST", "/faults", fault);
    let before = view(&profile, "all").await.len();
    sync(&profile).await;
    assert_eq!(view(&profile, "all").await.len(), before, "nothing is lost and nothing is doubled");
    let (_, told) = control(directory.path(), "GET", "", "");
    assert_eq!(told["faults"], 0, "the trouble was met");

    sample::leave(&profile.desk, NoArgs {}).await.expect("left");
    assert!(accounts::list(&profile.desk, NoArgs {}).await.unwrap().accounts.is_empty());
    assert!(view(&profile, "all").await.is_empty());
    assert!(!directory.path().join("sample").exists(), "nothing of it stays");
    profile.close().await;
}

#[tokio::test]
async fn nobody_steers_the_players_without_their_secret() {
    let directory = tempfile::tempdir().unwrap();
    let profile = open(directory.path());
    sample::open(&profile.desk, NoArgs {}).await.expect("opened");
    let file = directory.path().join("sample/control.json");
    let told: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let url = told["url"].as_str().unwrap();
    for secret in ["", "guessed", told["secret"].as_str().unwrap().get(1..).unwrap()] {
        assert_eq!(steer(url, secret, ("GET", ""), "").0, 401);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others on this machine cannot read it");
    }
    let (status, answer) = control(directory.path(), "POST", "/clock", r#"{"advance_ms":-1}"#);
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("advance_ms"), "{answer}");
    profile.close().await;
}

#[tokio::test]
async fn the_sample_touches_nothing_of_the_persons_own() {
    let directory = tempfile::tempdir().unwrap();
    let own = directory.path().join("own.mbox");
    let mail = "From a@b Fri Nov 20 08:05:00 2026\nMessage-ID: <own@x>\nFrom: a@b.example\nTo: me@own.example\nSubject: My own\n\nx\n";
    std::fs::write(&own, mail).unwrap();
    let home = directory.path().join("profile");
    let profile = open(&home);
    let kept = accounts::add_archive_at(&profile.desk, own, "Own", "me@own.example").await;
    assert!(!kept.expect("added").sample);
    sample::open(&profile.desk, NoArgs {}).await.expect("opened");
    sync(&profile).await;
    sample::leave(&profile.desk, NoArgs {}).await.expect("left");
    let left = accounts::list(&profile.desk, NoArgs {}).await.unwrap().accounts;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(subjects(&view(&profile, "all").await), ["My own"]);
    profile.close().await;
}
