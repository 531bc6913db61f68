//! Opening a profile: store, vault, engine and handlers put together, in that order.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deskbell_api::{Desk, Host};
use deskbell_domain::Millis;
use deskbell_domain::time::Clock;
use deskbell_engine::{Engine, MachineClock};
use deskbell_providers::pictures::Pictures;
use deskbell_store::{Kept, Notice, OpenOptions, Store, StoreError};

use crate::browser::Browsers;
use crate::erasing;
use crate::factory::Registry;
use crate::gateway::Doors;
use crate::sample::Sample;
use crate::tokens::Keepers;
use crate::vault::Vault;

/// A closing program waits so long for sign-ins that are being renewed.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// Why a profile cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store says so.
    #[error(transparent)]
    Store(StoreError),
    /// The directory is none, or not the person's to write in.
    #[error("the profile directory cannot be used: {0}")]
    Directory(std::io::Error),
    /// There is no place for a profile.
    #[error("there is no directory for your data here; name one with --profile DIR")]
    NoDirectory,
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Directory(error) => Self::Directory(error),
            error => Self::Store(error),
        }
    }
}

/// An open profile.
pub struct Profile {
    /// Handlers and everything they need.
    pub desk: Arc<Desk>,
    keepers: Arc<Keepers>,
}

/// Makes TLS ready; every program calls it once, before anything connects.
pub fn install_tls() {
    // Already installed is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The profile of the person who runs this program.
pub fn default_directory() -> Result<PathBuf, OpenError> {
    let variable = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let home = || variable("HOME");
    let base = if cfg!(windows) {
        variable("APPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        variable("XDG_DATA_HOME").or_else(|| home().map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("deskbell")).ok_or(OpenError::NoDirectory)
}

/// Whether a profile is of an older version: opening it takes its time, see [`open_telling`].
pub fn is_outdated(directory: &Path) -> bool {
    Store::is_outdated(directory)
}

/// Opens a profile, if need be for writing; with `watch` its loops run until [`Profile::close`], without it only what is asked for
/// is synced.
pub fn open(
    directory: &Path,
    host: Arc<dyn Host>,
    read_only: bool,
    watch: bool,
) -> Result<Profile, OpenError> {
    open_telling(directory, host, read_only, watch, &|_| {})
}

/// [`open`]; where the profile is of an older version, `told` hears how much of it is copied before it is
/// brought up to date, from 0 to 1. A process killed meanwhile leaves the profile as it was.
pub fn open_telling(
    directory: &Path,
    host: Arc<dyn Host>,
    read_only: bool,
    watch: bool,
    told: &dyn Fn(f64),
) -> Result<Profile, OpenError> {
    open_at(directory, host, (read_only, watch), told, Arc::new(MachineClock))
}

/// [`open`] without loops, by a clock of one's own, in ms UTC: stories let ten minutes pass.
pub fn open_by(
    directory: &Path,
    host: Arc<dyn Host>,
    time: Arc<dyn Fn() -> Millis + Send + Sync>,
) -> Result<Profile, OpenError> {
    open_at(directory, host, (false, false), &|_| {}, Arc::new(Hands(time)))
}

/// A clock that somebody else moves.
struct Hands(Arc<dyn Fn() -> Millis + Send + Sync>);

impl Clock for Hands {
    fn now(&self) -> Millis {
        (self.0)()
    }
}

fn open_at(
    directory: &Path,
    host: Arc<dyn Host>,
    (read_only, watch): (bool, bool),
    told: &dyn Fn(f64),
    clock: Arc<dyn Clock>,
) -> Result<Profile, OpenError> {
    erasing::finish_erasing(directory)?;
    // In a profile that was never opened there is nothing to read yet: it is made.
    let read_only = read_only && directory.join("deskbell.db").exists();
    let opened = Store::open_telling(directory, OpenOptions { read_only }, told)?;
    if watch && !opened.store.is_read_only() {
        deskbell_api::clear_opened(directory);
    }
    let notice = opened.notice.as_ref().map(words);
    let store = opened.store;
    let time = Arc::clone(&clock);
    let vault = Arc::new(Vault::new(directory.to_owned(), store.clone(), Arc::clone(&time)));
    let keepers = Keepers::new(Arc::clone(&vault), Arc::clone(&time));
    let sample = if store.is_read_only() {
        Sample::absent(directory, Arc::clone(&time))
    } else {
        Sample::resume(directory, Arc::clone(&time))
    };
    let engine = (!store.is_read_only()).then(|| {
        let factory = Arc::new(Registry {
            keepers: Arc::clone(&keepers),
            sample: Arc::clone(&sample),
            connections: Mutex::default(),
        });
        let secrets = Arc::clone(&vault) as Arc<dyn deskbell_engine::SecretStore>;
        let clock = Arc::clone(&clock);
        if watch {
            Engine::start(store.clone(), factory, secrets, clock)
        } else {
            Engine::idle(store.clone(), factory, secrets, clock)
        }
    });
    let browsers =
        Browsers { vault: Arc::clone(&vault), keepers: Arc::clone(&keepers), clock: time };
    let gateway = Arc::new(Doors { vault, browsers, sample, pictures: Pictures::default() });
    let desk = Desk::new(store, engine, gateway, host, clock, notice).share();
    Ok(Profile { desk, keepers })
}

impl Profile {
    /// Stops all loops and waits for them, and for sign-ins that are being renewed.
    pub async fn close(&self) {
        if let Some(engine) = &self.desk.engine {
            engine.stop().await;
        }
        if tokio::time::timeout(LAST_WAIT, self.keepers.settled()).await.is_err() {
            tracing::warn!("a sign-in was still being renewed at the end");
        }
    }
}

fn words(notice: &Notice) -> String {
    match notice {
        Notice::SetAside { path, kept } => set_aside(path, kept),
        Notice::ReadOnly => {
            "Another Deskbell has this profile open. Here everything can be read, but nothing changed.".into()
        }
    }
}

/// What a person must know after damage: what came along, what could not be read, and what they must do.
fn set_aside(path: &Path, kept: &Kept) -> String {
    let mut words = match kept.accounts {
        0 => format!(
            "Deskbell's database was damaged and is set aside as {}. No account could be read from it; add them again, and their mail is fetched anew",
            path.display()
        ),
        accounts => format!(
            "Deskbell's database was damaged and is set aside as {}. {accounts} of your accounts were kept, with what you wrote, filed and put off, and their mail is fetched anew",
            path.display()
        ),
    };
    if kept.lost_writing {
        words =
            format!("{words}. Some drafts or messages that waited to be sent could not be read");
    }
    if kept.lost_filing {
        words = format!("{words}. Some of what you filed or put off here could not be read");
    }
    if kept.lost_imports {
        words = format!("{words}. Some of the imported mail could not be read; import it again");
    }
    if kept.lost_choices {
        words = format!(
            "{words}. Some passwords, signatures, labels, rules, templates or settings could not be read"
        );
    }
    if kept.taken_back > 0 {
        let count = kept.taken_back;
        words = format!(
            "{words}. Of the messages that waited to be sent, {count} are drafts again; look whether they have left before you send them"
        );
    }
    words + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_lost_to_damage_is_said_and_nothing_else() {
        let path = Path::new("/profile/deskbell.damaged-1.db");
        let told = |kept: Kept| set_aside(path, &kept);
        let whole = told(Kept { accounts: 2, ..Kept::default() });
        assert!(whole.contains("2 of your accounts") && whole.contains("damaged-1.db"), "{whole}");
        assert!(!whole.contains("could not be read"), "nothing was lost: {whole}");
        assert!(!whole.contains("drafts again"), "nothing waited: {whole}");
        let lost = [
            (Kept { lost_writing: true, accounts: 1, ..Kept::default() }, "waited to be sent"),
            (Kept { lost_filing: true, accounts: 1, ..Kept::default() }, "filed or put off here"),
            (Kept { lost_imports: true, accounts: 1, ..Kept::default() }, "import it again"),
            (Kept { lost_choices: true, accounts: 1, ..Kept::default() }, "signatures, labels"),
            (Kept { taken_back: 3, accounts: 1, ..Kept::default() }, "3 are drafts again"),
            (Kept::default(), "No account could be read"),
        ];
        for (kept, words) in lost {
            let said = told(kept);
            assert!(said.contains(words) && said.ends_with('.'), "{kept:?}: {said}");
        }
    }
}
