//! A draft that two clients write on: what was written last stands, the other is kept, and there is only ever one.

use deskbell_api::{NoHost, call};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::mailroom::{BOB, Mailroom};
use crate::support::server;

/// When the other client says it wrote: long after us, and long before.
const LATER: &str = "Fri, 20 Nov 2099 13:00:00 +0000";
const EARLIER: &str = "Thu, 20 Nov 2025 13:00:00 +0000";

impl Mailroom {
    /// What a window would ask.
    pub async fn ask(&self, command: &str, arguments: Value) -> Value {
        let host = Arc::new(NoHost);
        let profile = deskbell_desk::open(self.bell.profile(), host, false, false).unwrap();
        let answer = call(&profile.desk, command, arguments).await;
        profile.close().await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    async fn begin(&self, text: &str) -> String {
        let draft = self
            .ask(
                "draft_new",
                json!({
                    "kind": "new", "account_id": self.account, "message_id": null, "to": [BOB],
                    "subject": "Visit",
                    "words": { "wrote": "", "forwarded": "", "fields": ["", "", "", ""] },
                }),
            )
            .await;
        let id = draft["id"].as_str().unwrap().to_owned();
        self.write(&id, text).await;
        id
    }

    /// Writes on it, and puts the pen down.
    async fn write(&self, id: &str, text: &str) {
        let draft = self.open_draft(id).await;
        let mut content = draft["content"].clone();
        (content["html"], content["text"]) = (Value::Null, json!(text));
        let save = json!({
            "id": id, "revision": draft["revision"], "account_id": self.account,
            "content": content, "files": draft["files"],
        });
        self.ask("draft_save", save).await;
    }

    async fn open_draft(&self, id: &str) -> Value {
        self.ask("draft_open", json!({ "id": id })).await
    }

    /// Both sides have heard of everything.
    fn settle(&self) {
        for _ in 0..3 {
            self.bell.sync();
        }
    }

    /// The other client puts a draft there under this Message-ID; answers the UIDs that lay there before.
    fn put_elsewhere(&self, id: &str, date: &str, text: &str) -> Vec<u32> {
        let mut phone = self.phone(self.server.user());
        let before = server::copies(&mut phone, "Drafts").iter().map(|copy| copy.uid).collect();
        let source = format!(
            "From: <{}>\r\nTo: {BOB}\r\nSubject: Visit\r\nDate: {date}\r\nMessage-ID: <{id}>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
            self.server.user()
        );
        phone.append("Drafts", "\\Draft \\Seen", source.as_bytes()).unwrap();
        before
    }

    fn expunge(&self, uids: &[u32]) {
        let mut phone = self.phone(self.server.user());
        phone.command("SELECT Drafts").unwrap();
        for uid in uids {
            phone.command(&format!("UID STORE {uid} +FLAGS (\\Deleted)")).unwrap();
        }
        phone.command("EXPUNGE").unwrap();
    }

    /// The one draft at the server: its Message-ID and its source.
    #[track_caller]
    fn one_at_server(&self) -> (String, String) {
        let mut phone = self.phone(self.server.user());
        let copies = server::copies(&mut phone, "Drafts");
        assert_eq!(copies.len(), 1, "never two drafts: {copies:?}");
        let fetch = format!("UID FETCH {} BODY.PEEK[]", copies[0].uid);
        (copies[0].id.clone(), phone.command(&fetch).unwrap().join("\n"))
    }

    #[track_caller]
    fn one_here(&self) {
        let page = self.bell.json(&["inbox", "--view", "drafts"]);
        assert_eq!(page["rows"].as_array().unwrap().len(), 1, "one draft is shown: {page:#}");
    }
}

/// What stands in it, and what was set aside: by whom, and what it said.
fn told(draft: &Value) -> (String, Vec<(String, String)>) {
    let text = |content: &Value| content["text"].as_str().unwrap().trim().to_owned();
    let versions = draft["versions"].as_array().unwrap().iter();
    let versions = versions
        .map(|one| (one["origin"].as_str().unwrap().to_owned(), text(&one["content"])))
        .collect();
    (text(&draft["content"]), versions)
}

fn kept(origin: &str, text: &str) -> (String, String) {
    (origin.to_owned(), text.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_written_on_with_another_client_stands_and_ours_is_kept_as_a_version() {
    let Some(room) = Mailroom::open() else { return };
    let id = room.begin("our words").await;
    room.settle();
    let (name, source) = room.one_at_server();
    assert!(source.contains("our words"), "{source}");

    // As mail programs do it: the new one, then the old one away.
    let old = room.put_elsewhere(&name, LATER, "their words");
    room.expunge(&old);
    room.settle();
    let draft = room.open_draft(&id).await;
    assert_eq!(told(&draft), ("their words".into(), vec![kept("here", "our words")]), "{draft:#}");
    room.one_here();
    assert!(room.one_at_server().1.contains("their words"), "nothing was written over");

    room.write(&id, "our last words").await;
    room.settle();
    let (same, source) = room.one_at_server();
    assert_eq!(same, name, "it is the same draft");
    assert!(source.contains("our last words"), "{source}");
    room.one_here();
    room.bell.assert_whole();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_both_have_written_on_is_one_with_the_older_words_set_aside() {
    let Some(room) = Mailroom::open() else { return };
    let id = room.begin("our words").await;
    room.settle();
    let (name, _) = room.one_at_server();
    // The other client has not heard of what we write now, and its copy comes to light only afterwards.
    room.write(&id, "our newer words").await;
    room.put_elsewhere(&name, EARLIER, "their older words");
    room.settle();
    let draft = room.open_draft(&id).await;
    let (text, versions) = told(&draft);
    assert_eq!(text, "our newer words", "the newest wins: {draft:#}");
    assert_eq!(versions, [kept("elsewhere", "their older words")], "nothing written is lost");
    assert!(room.one_at_server().1.contains("our newer words"), "and it wins there too");
    room.one_here();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_forgets_its_old_copy_makes_no_second_draft() {
    let Some(room) = Mailroom::open() else { return };
    let id = room.begin("our words").await;
    room.settle();
    let (name, _) = room.one_at_server();
    room.put_elsewhere(&name, LATER, "their words");
    room.settle();
    let draft = room.open_draft(&id).await;
    assert_eq!(told(&draft), ("their words".into(), vec![kept("here", "our words")]), "{draft:#}");
    room.one_at_server();
    room.one_here();
}
