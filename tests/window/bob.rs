//! The one at the other end: a Deskbell of his own that watches his mailbox, and what he finds in a message.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Arc, Mutex};

use deskbell_api::dto::ArchiveKind;
use deskbell_api::{Host, call};
use deskbell_testbed::Dovecot;
use serde_json::{Value, json};

use crate::support::bell::Bell;
use crate::support::wait_until;

/// His `bell sync --watch`: it holds an IDLE connection until the story ends.
pub struct Bob {
    bell: Bell,
    watching: Child,
}

impl Bob {
    /// Adds his account and lets it be watched, when everything there is was fetched.
    pub fn watches(server: &Dovecot, address: &str) -> Self {
        let bell = Bell::new();
        let port = server.imap_port().to_string();
        let account = [
            &["--json", "account", "add", "imap", "--address", address][..],
            &["--host", "127.0.0.1", "--port", &port, "--security", "none", "--password-stdin"],
        ];
        bell.fed(&account.concat(), server.password()).done();
        bell.sync();
        let watching = bell.start(&["sync", "--watch"]);
        Self { bell, watching }
    }

    /// Waits until a message with this subject is in his inbox, and answers its conversation.
    pub fn receives(&self, subject: &str) -> Value {
        let row = wait_until("the mail in bob's own Deskbell", 180, || {
            let page = self.bell.json(&["inbox"]);
            let rows = page["rows"].as_array()?;
            rows.iter().find(|row| row["subject"] == subject).cloned()
        });
        self.bell.json(&["conversation", row["id"].as_str().unwrap()])
    }

    /// Opens the one file of the one message of a conversation: its name, and the bytes his program is given.
    pub async fn opens_the_file(&self, conversation: &Value) -> (String, Vec<u8>) {
        let message = &conversation["messages"][0];
        let files = message["attachments"].as_array().unwrap();
        assert_eq!(files.len(), 1, "{message:#}");
        let opened = Opener::default();
        let host = Arc::new(opened.clone());
        let profile = deskbell_desk::open(self.bell.profile(), host, true, false).unwrap();
        let open =
            json!({ "message_id": message["id"], "part": files[0]["part"], "despite_risk": false });
        let answer = call(&profile.desk, "attachment_open", open).await.unwrap();
        assert_eq!(answer["opened"], true, "{answer:#}");
        profile.close().await;
        let path = opened.0.lock().unwrap().take().unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    }
}

impl Drop for Bob {
    fn drop(&mut self) {
        // It may have ended already where the story failed.
        let _ = self.watching.kill();
        let _ = self.watching.wait();
    }
}

/// Notes which file his program is given.
#[derive(Clone, Default)]
struct Opener(Arc<Mutex<Option<PathBuf>>>);

#[async_trait::async_trait]
impl Host for Opener {
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
        Err("bob opens a file".into())
    }

    fn open_file(&self, path: &Path) -> Result<(), String> {
        *self.0.lock().unwrap() = Some(path.to_owned());
        Ok(())
    }
}
