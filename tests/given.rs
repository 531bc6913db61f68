//! A mail that lies in a file: read like any other, its files at hand, imported only when the person says so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_api::Host;
use deskbell_api::dto::{ArchiveKind, Wish};
use deskbell_api::handlers::{attachment, given};
use deskbell_desk::Profile;
use serde_json::{Value, json};

use support::bell::Bell;
use support::wait_until;

/// One pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A letter with a page for its text, a picture inside, one elsewhere, a document and a program.
fn letter(name: &str) -> Vec<u8> {
    let parts = [
        (
            "text/html; charset=utf-8",
            "",
            "<p>Grüße from a <b>file</b>.</p><script>alert(1)</script><img src=\"cid:fern\">\
             <img src=\"https://pictures.example/far.png\" width=\"300\" height=\"200\">"
                .to_owned(),
        ),
        (
            "image/png; name=fern.png",
            "Content-ID: <fern>\r\nContent-Transfer-Encoding: base64\r\n",
            PIXEL.to_owned(),
        ),
        (
            "application/pdf",
            "Content-Disposition: attachment; filename=\"prices.pdf\"\r\n",
            "%PDF-1.4 the prices".to_owned(),
        ),
        (
            "application/octet-stream",
            "Content-Disposition: attachment; filename=\"setup.exe\"\r\n",
            "MZ the program".to_owned(),
        ),
    ];
    let mut mail = format!(
        "From: Mara Voss <mara@client.example>\r\nTo: studio@inkwell.example\r\nSubject: {name}\r\n\
         Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{name}@client.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=cut\r\n\r\n"
    );
    for (media_type, head, body) in parts {
        mail.push_str(&format!("--cut\r\nContent-Type: {media_type}\r\n{head}\r\n{body}\r\n"));
    }
    mail.push_str("--cut--\r\n");
    mail.into_bytes()
}

/// A person who saves where they said, and notes what was opened.
#[derive(Default)]
struct Person {
    saves: Mutex<Option<PathBuf>>,
    opened: Mutex<Vec<PathBuf>>,
}

#[async_trait::async_trait]
impl Host for Person {
    async fn pick(&self, _: ArchiveKind) -> Option<PathBuf> {
        None
    }

    async fn pick_files(&self, _: bool) -> Vec<PathBuf> {
        Vec::new()
    }

    async fn save_as(&self, name: &str) -> Option<PathBuf> {
        let folder = self.saves.lock().unwrap().clone();
        folder.map(|folder| folder.join(name))
    }

    fn open_link(&self, _: &str) -> Result<(), String> {
        Err("nobody follows links here".into())
    }

    fn open_file(&self, path: &Path) -> Result<(), String> {
        self.opened.lock().unwrap().push(path.to_owned());
        Ok(())
    }
}

/// A running Deskbell without a window, and files of the person's own.
struct Shop {
    bell: Bell,
    person: Arc<Person>,
    profile: Profile,
    runtime: tokio::runtime::Runtime,
    files: tempfile::TempDir,
}

impl Shop {
    fn open() -> Self {
        deskbell_desk::install_tls();
        let (bell, files) = (Bell::new(), tempfile::tempdir().unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let person = Arc::new(Person::default());
        *person.saves.lock().unwrap() = Some(files.path().to_owned());
        let host = Arc::clone(&person) as Arc<dyn Host>;
        let open = async { deskbell_desk::open(bell.profile(), host, false, true).unwrap() };
        let profile = runtime.block_on(open);
        Self { bell, person, profile, runtime, files }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The desktop hands a file over; the token of the mail in it.
    fn receive(&self, path: &Path) -> String {
        let wish = self.runtime.block_on(given::receive(&self.profile.desk, path.to_owned()));
        match wish.unwrap() {
            Wish::Mail { token, name } => {
                assert_eq!(name, path.file_name().unwrap().to_string_lossy());
                token
            }
            other => panic!("a single message is looked at: {other:?}"),
        }
    }

    fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let answer = deskbell_api::call(&self.profile.desk, command, arguments);
        self.runtime.block_on(answer).map_err(|error| serde_json::to_value(error).unwrap())
    }

    fn import(&self, token: &str, into: Option<&str>) -> Result<Value, Value> {
        let form = json!({ "token": token, "account_id": into, "name": "Keepsakes" });
        self.call("given_import", form)
    }

    /// The subjects that are here, as another process reads them.
    fn subjects(&self) -> Vec<String> {
        let page = self.bell.json(&["inbox", "--view", "all", "--limit", "50"]);
        let rows = page["rows"].as_array().unwrap().iter();
        let mut all: Vec<String> =
            rows.map(|row| row["subject"].as_str().unwrap().to_owned()).collect();
        all.sort_unstable();
        all
    }

    #[track_caller]
    fn until_here(&self, subjects: &[&str]) {
        wait_until("the imported mail", 240, || (self.subjects() == subjects).then_some(()));
    }

    fn close(self) -> Bell {
        self.runtime.block_on(self.profile.close());
        self.bell
    }
}

/// The part of a file by its name.
fn part(mail: &Value, name: &str) -> Value {
    let files = mail["message"]["attachments"].as_array().unwrap();
    let file = files.iter().find(|file| file["name"] == name);
    file.unwrap_or_else(|| panic!("{name} is listed: {files:?}"))["part"].clone()
}

#[test]
fn a_mail_in_a_file_is_read_like_any_other_and_nothing_of_it_is_kept() {
    let shop = Shop::open();
    let path = shop.file("Grüße.eml", &letter("Keepsake"));
    let token = shop.receive(&path);
    let mail = shop.call("given_mail", json!({ "token": token })).unwrap();
    let message = &mail["message"];
    assert_eq!((&message["subject"], &message["body"]), (&json!("Keepsake"), &json!("full")));
    assert_eq!(message["from"]["address"], "mara@client.example");
    assert_eq!(message["date"], 1_795_255_200_000_i64);
    assert_eq!(mail["collections"], json!([]), "there is none to import it into yet");

    let words = json!({ "show_quoted": "quoted", "cut": "cut" });
    let ask = json!({ "id": token, "remote_images": false, "theme": "light", "words": words });
    let body = shop.call("message_body", ask).unwrap();
    let document = body["document"].as_str().unwrap();
    assert!(document.contains("Grüße from a <b>file</b>."), "{document}");
    assert!(document.contains("data:image/png;base64,"), "the picture inside is shown: {document}");
    for forbidden in ["<script", "alert(1)", "pictures.example"] {
        assert!(
            !document.contains(forbidden),
            "the frame's filter is that of all mail: {forbidden}"
        );
    }
    assert_eq!(body["blocked_images"], 1, "what lies elsewhere waits for the person");

    let of = |name: &str| json!({ "message_id": token, "part": part(&mail, name) });
    let saved = shop.call("attachment_save", of("prices.pdf")).unwrap();
    let saved = std::fs::read(saved["path"].as_str().unwrap()).unwrap();
    assert_eq!(String::from_utf8(saved).unwrap().trim_end(), "%PDF-1.4 the prices");
    let mut open = of("setup.exe");
    open["despite_risk"] = json!(false);
    let refused = shop.call("attachment_open", open).unwrap();
    assert_eq!(
        refused,
        json!({ "opened": false, "risk": "program" }),
        "the person is warned first"
    );
    assert!(shop.person.opened.lock().unwrap().is_empty());
    let number = u32::try_from(part(&mail, "fern.png").as_u64().unwrap()).unwrap();
    let picture = shop.runtime.block_on(attachment::picture(&shop.profile.desk, &token, number));
    assert_eq!(picture.unwrap().bytes, STANDARD.decode(PIXEL).unwrap(), "pictures are served");

    let nothing = json!({ "message_id": token, "part": 77 });
    assert_eq!(shop.call("attachment_save", nothing).unwrap_err()["fields"][0]["field"], "part");
    for forged in ["picked-99", "/etc/passwd", "picked-/etc/passwd"] {
        let refused = shop.call("given_mail", json!({ "token": forged })).unwrap_err();
        assert_eq!(refused["fields"][0]["field"], "token", "{forged}: {refused:#}");
    }
    assert_eq!(shop.subjects(), [""; 0], "nothing is kept before the person says so");
    assert_eq!(std::fs::read(&path).unwrap(), letter("Keepsake"), "and the file is as it was");
    shop.close().assert_whole();
}

#[test]
fn a_mail_dropped_on_the_window_is_read_and_nothing_of_it_outlives_the_next_start() {
    let shop = Shop::open();
    let drop = |name: &str, base64: &str| {
        shop.call("given_bytes", json!({ "name": name, "base64": base64 }))
    };
    let base64 = STANDARD.encode(letter("Dropped"));
    let wish = drop("Grüße.eml", &base64).unwrap();
    assert_eq!((&wish["kind"], &wish["name"]), (&json!("mail"), &json!("Grüße.eml")), "{wish:#}");
    let mail = shop.call("given_mail", json!({ "token": wish["token"] })).unwrap();
    assert_eq!(mail["message"]["subject"], "Dropped");

    let opened = shop.bell.profile().join("opened");
    let hostile = [
        ("../../x.eml", "x.eml"),
        ("..\\..\\x.eml", "x.eml"),
        ("/etc/cron.d/x.eml", "x.eml"),
        ("a.txt:x.eml", "a.txt_x.eml"),
        ("..", "message.eml"),
        ("", "message.eml"),
    ];
    for (name, plain) in hostile {
        let wish = drop(name, &base64).unwrap();
        assert_eq!(wish["name"], plain, "{name:?}");
        let mail = shop.call("given_mail", json!({ "token": wish["token"] })).unwrap();
        assert_eq!(mail["message"]["subject"], "Dropped", "{name:?}");
    }
    let folders: Vec<_> = std::fs::read_dir(&opened).unwrap().map(|one| one.unwrap()).collect();
    assert_eq!(
        folders.len(),
        1 + hostile.len(),
        "each lies in a folder of its own, below that one"
    );
    for folder in folders {
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "{folder:?}");
    }
    for outside in [opened.with_file_name("x.eml"), shop.bell.profile().join("../x.eml")] {
        assert!(!outside.exists(), "a name leads nowhere else: {}", outside.display());
    }

    let torn = drop("torn.eml", "Kein Base64!").unwrap_err();
    assert_eq!(torn["fields"][0]["field"], "base64", "{torn:#}");
    let huge = drop("Huge.eml", &"A".repeat(86 * 1024 * 1024)).unwrap_err();
    assert_eq!(huge["message"], "“Huge.eml” is too large to be shown. Import it instead.");
    let other = drop("prices.eml", &STANDARD.encode("%PDF-1.7 x: y")).unwrap();
    let refused = shop.call("given_mail", json!({ "token": other["token"] })).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("is no mail"), "{refused:#}");

    assert_eq!(shop.subjects(), [""; 0], "nothing is imported before the person says so");
    let token = wish["token"].as_str().unwrap();
    shop.import(token, None).unwrap();
    shop.until_here(&["Dropped"]);
    let bell = shop.close();
    deskbell_api::clear_opened(bell.profile());
    assert!(!opened.exists(), "the next start clears it away");
    bell.assert_whole();
}

#[test]
fn a_mail_in_a_file_is_imported_once_into_the_collection_that_is_chosen() {
    let shop = Shop::open();
    let first = shop.file("first.eml", &letter("First"));
    let second = shop.file("second.eml", &letter("Second"));
    let token = shop.receive(&first);
    let account = shop.import(&token, None).unwrap();
    assert_eq!(account["name"], "Keepsakes", "{account:#}");
    let id = account["id"].as_str().unwrap().to_owned();
    shop.until_here(&["First"]);

    let token = shop.receive(&second);
    let mail = shop.call("given_mail", json!({ "token": token })).unwrap();
    assert_eq!(mail["collections"], json!([{ "id": id, "name": "Keepsakes" }]));
    shop.import(&token, Some(&id)).unwrap();
    shop.until_here(&["First", "Second"]);
    for path in [&first, &second] {
        shop.import(&shop.receive(path), Some(&id)).unwrap();
    }
    shop.call("sync_now", json!({ "account_id": id })).unwrap();
    shop.until_here(&["First", "Second"]);

    // A folder of the person's own is never written to.
    let folder = shop.files.path().join("mine");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("third.eml"), letter("Third")).unwrap();
    let desk = &shop.profile.desk;
    let added = deskbell_api::handlers::accounts::add_archive_at(desk, folder.clone(), "Mine", "");
    let mine = shop.runtime.block_on(added).unwrap().id;
    let refused = shop.import(&token, Some(&mine)).unwrap_err();
    assert_eq!(refused["fields"][0]["field"], "account_id", "{refused:#}");
    assert!(
        refused["message"].as_str().unwrap().contains("“Mine” is no collection"),
        "{refused:#}"
    );
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing was added to it");
    shop.until_here(&["First", "Second", "Third"]);

    let wrong = json!({ "token": token, "own_address": "studio" });
    let refused = shop.call("given_import", wrong).unwrap_err();
    assert_eq!(refused["fields"][0]["field"], "own_address", "{refused:#}");
    let imported = shop.bell.profile().join("imported");
    let kept = || std::fs::read_dir(&imported).unwrap().count();
    assert_eq!(kept(), 1, "what did not begin leaves no folder");

    shop.call("account_remove", json!({ "id": id })).unwrap();
    shop.until_here(&["Third"]);
    assert_eq!(kept(), 0, "an account that is removed takes its copies along");
    assert!(first.is_file() && second.is_file(), "and leaves the person's own files");
    shop.close().assert_whole();
}
