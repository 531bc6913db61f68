//! Stateful fakes of the HTTP providers: a world of their own, with a clock that is set and faults that are
//! ordered, behind one address.
//!
//! Owns its own wire structs and knows nothing of Deskbell: what it takes and gives is what the providers
//! publish. Each provider is a router over the shared [`World`]; journal, clock and faults work for all.
//! Two ways lead in besides the providers' own: the handle ([`Simulator::world`]) for whoever started it, and for
//! everybody else, who runs in another process, a control of HTTP below `/_ctl` with a secret ([`Options::control`]).
//!
//! | request, with `Authorization: Bearer SECRET` | what it does |
//! |---|---|
//! | `GET /_ctl` | the time, and what lies in each mailbox |
//! | `POST /_ctl/clock` `{"advance_ms": 60000}` | time passes |
//! | `POST /_ctl/faults` `{"at": "GET /v1.0/me", "times": 1, "status": 429, "headers": {}, "body": ""}` | answers so instead; or `"cut": 10`, `"never": true`; `"late_ms": 500` delays any of them, or the answer itself; `"carried_out": true` does what was asked all the same |
//! | `DELETE /_ctl/faults` | nothing goes wrong any more |
//! | `GET /_ctl/journal?since=0` | the requests from that number on, and the number that comes next |
//! | `GET /_ctl/delivered` | what reached somebody's mailbox |
//! | `POST /_ctl/{google,microsoft}/mail?to=ADDRESS` with a message as its body | the post brings it; `&folder=junkemail` at Microsoft, `&labels=SPAM,UNREAD` at Google |
//! | `POST /_ctl/{google,microsoft}/forget?of=ADDRESS` | positions are lost: the history, the delta tokens (`&loss=gone` or `not_found`) |
//! | `POST /_ctl/{google,microsoft}/tokens?of=ADDRESS` `{"expire": true}` or `{"revoke": true}` | access tokens end; all that was granted is taken back |
//!
//! Every answer is JSON; what is refused says why in `error`.
//!
//! Invariant: what the world holds changes only by requests, by the clock and by whoever holds the handle.

mod answers;
mod control;
mod fault;
mod google;
mod journal;
mod kept;
mod microsoft;
mod oauth;
mod resend;
mod sendgrid;
mod server;
#[cfg(feature = "specs")]
mod specs;
mod world;

pub use answers::Answers;
pub use fault::{Fault, Strike};
pub use google::{
    FULL as GOOGLE_FULL, GmailMailbox, GmailMessage, GoogleWorld, MODIFY as GOOGLE_MODIFY,
    Quota as GmailQuota, READ as GOOGLE_READ, SEND as GOOGLE_SEND,
};
pub use journal::{Entry, Trouble};
pub use microsoft::{
    Attachment, Folder, Habits, Lives, Loss, Mailbox, Message, MicrosoftWorld, Person,
};
pub use oauth::{CODE_LIVES, Consent, Granted, OAuthClient, OAuthWorld};
pub use resend::{ResendKey, ResendReader, ResendWorld};
pub use sendgrid::{SendGridKey, SendGridWorld};
pub use server::{Options, Simulator};
pub use world::{Delivery, World};
