//! The suite every provider must pass, run on each kind of archive.

use std::fs;
use std::path::{Path, PathBuf};

use deskbell_domain::message::Flags;
use tempfile::TempDir;

use super::{ArchiveProvider, ArchiveSettings};
use crate::conformance::{Remote, Stage, source_keeps_its_promises};

fn mail(subject: &str) -> String {
    format!("Subject: {subject}\nDate: Thu, 28 May 2026 10:00:00 +0200\n\n{subject}\n")
}

fn subject_of(mail: &str) -> String {
    let line = mail.lines().find_map(|line| line.strip_prefix("Subject: "));
    line.unwrap_or_default().to_owned()
}

/// An mbox another mail program works on.
struct Mbox {
    path: PathBuf,
    mails: Vec<(String, Flags)>,
}

impl Mbox {
    fn write(&self) {
        let message = |(subject, flags): &(String, Flags)| {
            let status = if flags.seen { "RO" } else { "O" };
            let x_status = if flags.starred { "F" } else { "" };
            let separator = "From a@x.example Thu May 28 08:00:00 2026";
            format!("{separator}\nStatus: {status}\nX-Status: {x_status}\n{}\n", mail(subject))
        };
        fs::write(&self.path, self.mails.iter().map(message).collect::<String>()).unwrap();
    }
}

impl Remote for Mbox {
    fn deliver(&mut self, subject: &str) {
        self.mails.push((subject.to_owned(), Flags::default()));
        self.write();
    }

    fn set_flags(&mut self, subject: &str, flags: Flags) -> bool {
        for mail in self.mails.iter_mut().filter(|mail| mail.0 == subject) {
            mail.1 = flags;
        }
        self.write();
        true
    }

    fn remove(&mut self, subject: &str) -> bool {
        self.mails.retain(|mail| mail.0 != subject);
        self.write();
        true
    }

    fn subjects(&mut self) -> Vec<String> {
        self.mails.iter().map(|mail| mail.0.clone()).collect()
    }
}

/// A folder with one file a message: a Maildir's, or one of .eml files.
struct Files {
    root: PathBuf,
    maildir: bool,
    delivered: u32,
}

impl Files {
    fn all(&self) -> Vec<PathBuf> {
        let folders: &[&str] = if self.maildir { &["cur", "new"] } else { &["."] };
        let files = folders.iter().flat_map(|folder| fs::read_dir(self.root.join(folder)).unwrap());
        files.map(|entry| entry.unwrap().path()).collect()
    }

    fn find(&self, subject: &str) -> PathBuf {
        let is_it = |path: &Path| subject_of(&fs::read_to_string(path).unwrap()) == subject;
        self.all().into_iter().find(|path| is_it(path)).unwrap()
    }
}

impl Remote for Files {
    fn deliver(&mut self, subject: &str) {
        self.delivered += 1;
        let name = match self.maildir {
            true => format!("new/{}.unique", 1_700_000_000 + self.delivered),
            false => format!("{}.eml", self.delivered),
        };
        fs::write(self.root.join(name), mail(subject)).unwrap();
    }

    fn set_flags(&mut self, subject: &str, flags: Flags) -> bool {
        if self.maildir {
            let path = self.find(subject);
            let name = path.file_name().unwrap().to_str().unwrap();
            let unique = name.split(':').next().unwrap();
            let starred = if flags.starred { "F" } else { "" };
            let seen = if flags.seen { "S" } else { "" };
            let name = format!("cur/{unique}:2,{starred}{seen}");
            fs::rename(&path, self.root.join(name)).unwrap();
        }
        self.maildir
    }

    fn remove(&mut self, subject: &str) -> bool {
        fs::remove_file(self.find(subject)).unwrap();
        true
    }

    fn subjects(&mut self) -> Vec<String> {
        self.all().iter().map(|path| subject_of(&fs::read_to_string(path).unwrap())).collect()
    }
}

async fn run(path: &Path, remote: &mut dyn Remote) {
    let provider = ArchiveProvider::open(ArchiveSettings { path: path.to_path_buf() }).unwrap();
    let scope = super::MessageSource::scopes(&provider).await.unwrap().remove(0);
    source_keeps_its_promises(Stage { provider: &provider, scope, remote }).await;
}

#[tokio::test]
async fn an_mbox_keeps_the_promises_of_a_source() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mail");
    let mut mbox = Mbox { path: path.clone(), mails: Vec::new() };
    mbox.deliver("already there");
    run(&path, &mut mbox).await;
}

#[tokio::test]
async fn a_maildir_keeps_the_promises_of_a_source() {
    let folder = TempDir::new().unwrap();
    for part in ["cur", "new", "tmp"] {
        fs::create_dir(folder.path().join(part)).unwrap();
    }
    let mut files = Files { root: folder.path().to_path_buf(), maildir: true, delivered: 0 };
    run(folder.path(), &mut files).await;
}

#[tokio::test]
async fn a_folder_of_eml_files_keeps_the_promises_of_a_source() {
    let folder = TempDir::new().unwrap();
    let mut files = Files { root: folder.path().to_path_buf(), maildir: false, delivered: 0 };
    files.deliver("already there");
    run(folder.path(), &mut files).await;
}
