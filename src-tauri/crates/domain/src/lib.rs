//! Deskbell's words as types, the ports a provider implements, and the pure rules.
//!
//! Nothing here does I/O, knows a vendor, or depends on another crate of the workspace.

pub mod account;
pub mod address;
pub mod conversation;
pub mod fingerprint;
pub mod id;
pub mod ingested;
pub mod label;
pub mod message;
pub mod outgoing;
pub mod place;
pub mod port;
pub mod reach;
pub mod rule;
pub mod secret;
pub mod settings;
pub mod snooze;
pub mod sync;
pub mod template;
pub mod text;
pub mod threading;
pub mod time;

pub use account::{AccountState, Channel, history_edge};
pub use address::Address;
pub use id::{
    AccountId, ContactId, ConversationId, IdentityId, LabelId, MessageId, OutboxId, OutgoingId,
    QuarantineId, RuleId, ScopeId, SenderId, TemplateId,
};
pub use place::{MailboxRole, Places};
pub use port::ProviderError;
pub use time::Millis;
