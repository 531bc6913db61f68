//! Stateful fakes of the HTTP providers: a world of their own, with a clock that is set and faults that are
//! ordered, behind one address.
//!
//! Owns its own wire structs and knows nothing of Deskbell: what it takes and gives is what the providers
//! publish. Each provider is a router over the shared [`World`]; journal, clock and faults work for all.
//! Invariant: what the world holds changes only by requests, by the clock and by whoever holds the handle.

mod fault;
mod journal;
mod microsoft;
mod resend;
mod sendgrid;
mod server;
mod world;

pub use fault::{Fault, Strike};
pub use journal::Entry;
pub use microsoft::{Attachment, Folder, Habits, Loss, Mailbox, Message, MicrosoftWorld, Person};
pub use resend::{ResendKey, ResendWorld};
pub use sendgrid::{SendGridKey, SendGridWorld};
pub use server::Simulator;
pub use world::{Delivery, World};
