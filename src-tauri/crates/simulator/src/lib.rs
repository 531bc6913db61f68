//! Stateful fakes of the HTTP providers: a world of their own, with a clock that is set and faults that are
//! ordered, behind one address.
//!
//! Owns its own wire structs and knows nothing of Deskbell: what it takes and gives is what the providers
//! publish. Each provider is a router over the shared [`World`]; journal, clock and faults work for all.
//! Invariant: what the world holds changes only by requests, by the clock and by whoever holds the handle.

mod fault;
mod google;
mod journal;
mod microsoft;
mod oauth;
mod resend;
mod sendgrid;
mod server;
mod world;

pub use fault::{Fault, Strike};
pub use google::{
    FULL as GOOGLE_FULL, GmailMailbox, GmailMessage, GoogleWorld, MODIFY as GOOGLE_MODIFY,
    Quota as GmailQuota, READ as GOOGLE_READ, SEND as GOOGLE_SEND,
};
pub use journal::Entry;
pub use microsoft::{Attachment, Folder, Habits, Loss, Mailbox, Message, MicrosoftWorld, Person};
pub use oauth::{CODE_LIVES, Consent, Granted, OAuthClient, OAuthWorld};
pub use resend::{ResendKey, ResendWorld};
pub use sendgrid::{SendGridKey, SendGridWorld};
pub use server::Simulator;
pub use world::{Delivery, World};
