//! Real servers and a real desktop session on loopback, for tests and benchmarks.
//!
//! Everything here is synchronous and owns what it started: dropping a value ends its
//! processes and removes its files, and so does the end of the test process by any signal.
//! It knows nothing of Deskbell's own crates, so any of them may use it in its tests.

pub mod certificates;
pub mod corpus;
pub mod dovecot;
pub mod exim;
pub mod imap_client;
mod lmtp;
mod missing;
#[cfg(target_os = "linux")]
pub mod network;
pub mod oidc;
mod process;
pub mod scripted;
pub mod scripted_smtp;
pub mod session;

pub use corpus::Corpus;
pub use dovecot::{Capabilities, Certificate, Dovecot, DovecotOptions, Filed, Letterbox};
pub use exim::Exim;
pub use imap_client::OtherClient;
pub use missing::{MissingPeer, unless_missing};
pub use oidc::{Decision, Oidc};
pub use process::Leashed;
pub use scripted::{Script, ScriptedServer};
pub use scripted_smtp::{Chance, Courier, Fault, Moment, ScriptedSmtp, SmtpOffers, Taken};
pub use session::{Desktop, Geometry, TauriDriver};
#[cfg(target_os = "linux")]
pub use session::{Docks, Dunst, Entry, Instants, Notifications, Piles, Shown, TrayHost};
