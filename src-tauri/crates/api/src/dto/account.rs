//! Accounts and the forms that make them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use deskbell_domain::AccountState;

use super::{OauthProvider, Said, SmtpForm, SmtpServer};

/// A connection to a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Account {
    /// Row id.
    pub id: String,
    /// `imap gmail graph archive smtp sendgrid resend`.
    pub provider: String,
    /// `email`.
    pub channel: String,
    /// The name a person gave it.
    pub name: String,
    /// Its address; the path for an archive.
    pub address: String,
    /// The address of the person whose mail it is, where `address` is none.
    pub own_address: Option<String>,
    /// Index into the palette of account colours, from 0.
    pub color: u8,
    /// The state it is in: `new ok offline sign_in_needed paused storage_full error`.
    pub state: String,
    /// The state in plain words, where there is something to say.
    pub detail: Option<String>,
    /// The same, for a window of another language.
    pub detail_said: Option<Said>,
    /// Where the organisation's administrator allows Deskbell, if only that brings the sign-in back.
    pub admin_page: Option<String>,
    /// When everything was last known to be up to date.
    #[ts(type = "number | null")]
    pub synced_at: Option<i64>,
    /// When it will next be looked at unasked.
    #[ts(type = "number | null")]
    pub next_sync_at: Option<i64>,
    /// Who checks its sign-in, where that is done in the browser: `sign_in_begin` again, not `account_password`.
    pub oauth: Option<OauthProvider>,
    /// When it is looked at unasked: a cron expression of five fields.
    pub schedule: String,
    /// How many days of mail are kept on this machine; `null` for all of it.
    pub history_days: Option<u32>,
    /// The edge of that window: what was received before is not fetched, and Health counts without it. `null`
    /// where everything is kept, and until the next sync has made it so.
    #[ts(type = "number | null")]
    pub history_since: Option<i64>,
    /// Changes made here are written back.
    pub writes_back: bool,
    /// Changes waiting to be written back.
    #[ts(type = "number")]
    pub pending_edits: i64,
    /// Messages can be sent with it.
    pub sends: bool,
    /// The server that takes its mail, where it is one of the person's choice.
    pub smtp: Option<SmtpServer>,
    /// The account that sends when this one cannot.
    pub fallback_id: Option<String>,
    /// How long it must have failed to send before its fallback sends for it, in milliseconds.
    #[ts(type = "number")]
    pub fallback_after_ms: i64,
    /// How long a message waits to be taken back, in milliseconds.
    #[ts(type = "number")]
    pub undo_ms: i64,
    /// Messages it sends in a minute at most, where a person chose.
    pub per_minute: Option<u32>,
    /// Messages a minute that are usual at its provider, and hold where nobody chose; `null` for no limit.
    pub usual_per_minute: Option<u32>,
    /// Its key is not told whether the provider is set to watch who reads: it cannot be seen before a message leaves.
    pub tracking_unknown: bool,
    /// It belongs to the sample workspace: nothing of it is real.
    pub sample: bool,
    /// The sync that is under way.
    pub progress: Option<SyncProgress>,
}

/// How far a sync is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SyncProgress {
    /// Whose.
    pub account_id: String,
    /// The mailbox it is in, by name.
    pub scope: String,
    /// Messages done.
    #[ts(type = "number")]
    pub done: u64,
    /// Messages in all, once known.
    #[ts(type = "number | null")]
    pub total: Option<u64>,
    /// Milliseconds left at the present rate, once it can be said.
    #[ts(type = "number | null")]
    pub eta_ms: Option<u64>,
}

/// How a connection is made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Plain text; loopback hosts only.
    None,
    /// Plain at first, then TLS.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

/// The form behind "Add a mail account".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ImapForm {
    /// Mail address.
    pub address: String,
    /// The name for the account; the address when empty.
    pub name: String,
    /// User name at the server; the address when empty.
    pub user: String,
    /// Host name or IP address.
    pub host: String,
    /// Port, 1 to 65535.
    pub port: u16,
    /// How the connection is made safe.
    pub security: Security,
    /// The password, or the app password the provider gives out for mail programs.
    pub password: String,
    /// SHA-256 fingerprint of the certificate the person has agreed to trust; for a server on this machine only.
    #[ts(optional)]
    pub pin_certificate: Option<String>,
    /// The server that takes its mail; without one the account only receives.
    #[serde(default)]
    #[ts(optional)]
    pub smtp: Option<SmtpForm>,
}

/// Arguments of `account_suggest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SuggestArgs {
    /// The mail address typed so far.
    pub address: String,
}

/// Settings proposed for an address; everything can be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ImapSuggestion {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Security.
    pub security: Security,
    /// User name.
    pub user: String,
    /// The server that takes its mail.
    pub smtp: SmtpServer,
    /// What a person of this provider should know ("needs an app password: …"), if anything.
    pub hint: Option<String>,
}

/// What "Import mail" should look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveKind {
    /// An mbox file.
    File,
    /// A Maildir or a folder of .eml files.
    Folder,
}

/// Arguments of `archive_pick`: the host opens its own dialog, so that no path comes from the webview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PickArgs {
    /// A file or a folder.
    pub kind: ArchiveKind,
}

/// What was picked; `null` path when the person cancelled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Picked {
    /// Token that names the picked path for `account_add_archive`.
    pub token: Option<String>,
    /// The path, to show.
    pub path: Option<String>,
    /// The address of the person whose mail it seems to be; a proposal.
    pub own_address: Option<String>,
}

/// The form behind "Import mail".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ArchiveForm {
    /// From `archive_pick`.
    pub token: String,
    /// The name for the account; the file's name when empty.
    pub name: String,
    /// The address of the person whose mail it is; nobody's when empty.
    #[serde(default)]
    pub own_address: String,
}

/// Arguments of `account_own_address`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OwnAddressForm {
    /// The account.
    pub id: String,
    /// The address of the person whose mail it is; nobody's when empty.
    pub own_address: String,
}

/// Arguments of `account_password`: a new password after a refused sign-in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PasswordForm {
    /// The account.
    pub id: String,
    /// The new password.
    pub password: String,
    /// As in [`ImapForm::pin_certificate`]; without it the certificate trusted so far stays.
    #[ts(optional)]
    pub pin_certificate: Option<String>,
}

/// Arguments of `account_trust`: the certificate of a server on this machine has changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrustForm {
    /// The account.
    pub id: String,
    /// As in [`ImapForm::pin_certificate`]. Without it nothing is changed where the server shows another certificate
    /// than the one trusted so far: the answer is an error with the code `certificate`, whose field
    /// `pin_certificate` says the fingerprint of the new one.
    #[ts(optional)]
    pub pin_certificate: Option<String>,
}

/// Arguments of `account_pause`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PauseArgs {
    /// The account.
    pub id: String,
    /// True to pause, false to go on.
    pub paused: bool,
}

/// Arguments of `account_change`; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct AccountChange {
    /// The account.
    pub id: String,
    /// What to call it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub name: Option<String>,
    /// Index into the palette of account colours, 0 to 7.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub color: Option<u8>,
    /// When to look at it unasked: a cron expression of five fields such as `0 9 * * *`; empty for the usual.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub schedule: Option<String>,
    /// How many days of mail to keep on this machine, 1 to 36500; 0 for all of it. Fewer days forget older mail here
    /// and nowhere else; more days fetch it again. Not for archives and accounts that only send.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub history_days: Option<u32>,
    /// The sender (see `senders`), and with it the signature, that the account writes as unless told otherwise.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub sender_id: Option<String>,
}

/// What became of the sign-in of a removed account at its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignInLeft {
    /// It was taken back: Deskbell has no access there any more, on no machine that signed in with this client id.
    Revoked,
    /// The provider could not be asked, or said no: the person can end it on the provider's page.
    Failed,
    /// The provider lets no program end it: the person can, on the provider's page.
    ByHand,
}

/// What the removal of an account erased from this machine; the mail at the provider stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Removed {
    /// Messages.
    #[ts(type = "number")]
    pub messages: i64,
    /// Files in them.
    #[ts(type = "number")]
    pub files: i64,
    /// Bytes of those messages, as their servers count them.
    #[ts(type = "number")]
    pub bytes: i64,
    /// Passwords and tokens that were kept for it.
    #[ts(type = "number")]
    pub secrets: i64,
    /// The profile's key was removed from the system's keychain, since nothing is left that it opens.
    pub keychain: bool,
    /// What became of its sign-in in the browser; `null` for an account that had none.
    pub sign_in: Option<SignInLeft>,
}

/// Arguments of `sync_now`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SyncArgs {
    /// The account, or all.
    pub account_id: Option<String>,
}

/// All accounts, in the person's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AccountList {
    /// The accounts.
    pub accounts: Vec<Account>,
}
