//! One life of the program, from its start to its end or to the blade, and what it leaves on disk.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use deskbell_store::{OpenOptions, Store};

use crate::blade::{Blade, Cut};
use crate::desk::{Desk, HandClock, make_account};
use crate::mailbox::Mailbox;

/// The lives of one profile.
pub struct Lives<'a> {
    pub mailbox: Rc<Mailbox<'a>>,
    pub clock: HandClock,
    folder: tempfile::TempDir,
    profile: PathBuf,
    lived: usize,
}

/// What there is to say of a life.
pub struct Lived<T> {
    /// What came of it, where it was not cut short.
    pub told: Option<T>,
    /// Whether each of its commits changed the file, in order.
    pub commits: Vec<bool>,
}

/// A profile with an account, to begin from.
pub fn beginning() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a directory");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let opened = Store::open(folder.path(), OpenOptions::default()).expect("a profile");
    runtime.block_on(make_account(&opened.store));
    folder
}

impl<'a> Lives<'a> {
    /// Lives of a profile that begins as another one stands.
    pub fn new(beginning: &Path, mailbox: Mailbox<'a>) -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let profile = folder.path().join("0");
        copy(beginning, &profile);
        Self { mailbox: Rc::new(mailbox), clock: HandClock::new(), folder, profile, lived: 0 }
    }

    /// Lives once. After a cut the next life finds what a killed process leaves: the files as they stood then.
    pub fn live<T>(&mut self, cut: Option<Cut>, story: impl AsyncFnOnce(&Desk) -> T) -> Lived<T> {
        // Dropped, nothing of this life goes on.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let blade = Blade::over(cut);
        let (doors, clock) = (self.mailbox.doors(), &self.clock);
        let (store, told) = runtime.block_on(async {
            let opened = Store::open(&self.profile, OpenOptions::default()).expect("a profile");
            assert_eq!(opened.notice, None, "a crash damages nothing");
            let desk = Desk::open(&opened.store, doors, clock).await;
            blade.hang(&opened.store).await;
            let told = tokio::select! {
                biased;
                () = blade.falls() => None,
                told = story(&desk) => Some(told),
            };
            (opened.store, told)
        });
        drop(runtime);
        let fallen = blade.has_fallen();
        if fallen {
            self.lived += 1;
            let left = self.folder.path().join(self.lived.to_string());
            copy(&self.profile, &left);
            self.profile = left;
        }
        let commits = blade.commits();
        blade.lift();
        drop(store);
        self.mailbox.rest();
        Lived { told: told.filter(|_| !fallen), commits }
    }
}

/// Copies what lies on disk; what only a running process has stays behind.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a profile") {
        let entry = entry.expect("a file");
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else if name != "deskbell.lock" && name != "deskbell.db-shm" {
            std::fs::copy(path, to.join(name)).expect("a copy");
        }
    }
}
