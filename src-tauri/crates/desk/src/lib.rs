//! Opens a profile: keychain, store, providers, engine. The window and the command line share it.

mod browser;
mod discovered;
mod erasing;
mod factory;
mod gateway;
mod key;
mod log;
mod mail;
mod open;
mod owner;
mod sample;
mod sending;
mod tokens;
mod vault;

pub use erasing::finish_erasing;
pub use key::{KEYRING_SERVICE, KeyError};
pub use log::may_be_logged;
pub use open::{
    OpenError, Profile, default_directory, install_tls, is_outdated, open, open_by, open_telling,
};
