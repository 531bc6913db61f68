//! What can be typed behind `bell`. Passwords never can: they come on standard input.

mod browser;
mod filing;
mod setting;

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

pub use crate::args::browser::{Change, ClientAction, Known, Oidc, Provider, Way};
pub use crate::args::filing::{LabelAction, RuleVerb};
pub use crate::args::setting::SettingAction;
use crate::mark::Mark;

/// Everything the Deskbell window can do, from a terminal or a script.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 sign-in needed, 4 partly done.
#[derive(Debug, Parser)]
#[command(name = "bell", version, max_term_width = 100)]
pub struct Args {
    /// Directory of the profile; the person's own by default.
    #[arg(long, global = true, value_name = "DIR", env = "DESKBELL_PROFILE")]
    pub profile: Option<PathBuf>,
    /// Answer in JSON, one document on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add, list, show and remove accounts.
    Account {
        /// Which of these.
        #[command(subcommand)]
        action: AccountAction,
    },
    /// The client ids Deskbell shows itself with when you sign in in the browser.
    OauthClient {
        /// Which of these.
        #[command(subcommand)]
        action: ClientAction,
    },
    /// Fetch what is new and send what was changed here.
    Sync {
        /// Only this account, by id.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
        /// Watch all accounts until Ctrl-C, printing every change as a line of JSON.
        #[arg(long, conflicts_with = "account")]
        watch: bool,
    },
    /// List conversations, newest first.
    Inbox {
        /// inbox, unread, starred, sent, drafts, outbox, snoozed, archived, spam, trash or all.
        #[arg(long, default_value = "inbox")]
        view: String,
        /// Only this account, by id.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
        /// Rows, 1 to 200.
        #[arg(long, default_value_t = 25)]
        limit: u32,
        /// Continue after a page: its `next` in JSON.
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Show a conversation.
    Conversation {
        /// Its id.
        id: String,
    },
    /// Show a message.
    Message {
        /// Its id.
        id: String,
        /// As what.
        #[command(flatten)]
        form: MessageForm,
    },
    /// Search everything, newest first.
    ///
    /// Operators: from: to: subject: file: account: has:attachment is:unread is:read is:starred is:snoozed
    /// label:NAME in:VIEW
    /// before:2026-11-20 after:2026-11-01 "a phrase" -not prefix*
    Search {
        /// Words and operators.
        #[arg(required = true, allow_hyphen_values = true)]
        query: Vec<String>,
        /// Hits, 1 to 200.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only this account, by id.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
    },
    /// Mark a conversation: read, unread, starred, unstarred, archived, inbox, deleted, spam, label=NAME,
    /// unlabel=NAME, snoozed, snoozed=TIME, awake.
    ///
    /// TIME is later_today, this_evening, tomorrow_morning, this_weekend, next_week, or 2026-11-24T09:00. Without it a
    /// conversation comes back when somebody answers, which brings it back in any case.
    Mark {
        /// The conversation's id.
        id: String,
        /// As what.
        mark: Mark,
    },
    /// Send a message; its text is read from standard input.
    ///
    /// It leaves with the next `bell sync`, or at once with --wait. Exit code 4: not everyone gets it, or nobody knows yet.
    Send(Send),
    /// What is on its way out: list it, take it back, send it again.
    Outbox {
        /// Which of these.
        #[command(subcommand)]
        action: OutboxAction,
    },
    /// Texts kept for use again and again.
    Template {
        /// Which of these.
        #[command(subcommand)]
        action: TemplateAction,
    },
    /// Labels of your own.
    Label {
        /// Which of these.
        #[command(subcommand)]
        action: LabelAction,
    },
    /// Rules for mail that arrives.
    Rule {
        /// Which of these.
        #[command(subcommand)]
        action: RuleVerb,
    },
    /// What can be set for all of Deskbell: language, colours, notifications, shortcuts and so on.
    Setting {
        /// Which of these.
        #[command(subcommand)]
        action: SettingAction,
    },
    /// Count messages, conversations and bytes.
    Stats,
    /// Check the profile, the keychain and every account.
    Doctor,
    /// Write everything as mbox and JSON into a new directory.
    Export {
        /// Where to; it must be empty or not exist.
        directory: PathBuf,
    },
    /// Erase an account and everything of it on this machine.
    Erase {
        /// The account, by id.
        #[arg(long, value_name = "ID")]
        account: String,
    },
}

impl Command {
    /// Whether it works by the loops that watch and send.
    pub fn runs_the_loops(&self) -> bool {
        matches!(self, Self::Sync { watch: true, .. } | Self::Send(Send { wait: true, .. }))
    }

    /// Whether it can do its work beside a Deskbell that is writing.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Label { action } => return action.only_reads(),
            Self::Rule { action } => return action.only_reads(),
            Self::Setting { action } => return action.only_reads(),
            _ => {}
        }
        matches!(
            self,
            Self::Inbox { .. }
                | Self::Conversation { .. }
                | Self::Search { .. }
                | Self::Stats
                | Self::Outbox { action: OutboxAction::List { .. } | OutboxAction::Show { .. } }
                | Self::Template { action: TemplateAction::List }
                | Self::Export { .. }
                | Self::OauthClient { action: ClientAction::List }
                | Self::Account {
                    action: AccountAction::List
                        | AccountAction::Show { .. }
                        | AccountAction::Discover { .. }
                }
        )
    }
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountAction {
    /// Add an account.
    Add {
        /// Of which kind.
        #[command(subcommand)]
        kind: NewAccount,
    },
    /// List all accounts.
    List,
    /// Show one account and its mailboxes.
    Show {
        /// Its id.
        id: String,
    },
    /// Sign in again: in the browser, or with a new password, read from standard input.
    SignIn {
        /// Its id.
        id: String,
        /// In the browser: how.
        #[command(flatten)]
        way: Way,
        /// From now on trust the certificate with this fingerprint; only for a server on this machine.
        #[arg(long, value_name = "SHA256")]
        pin_certificate: Option<String>,
    },
    /// Trust the certificate that a server on this machine shows now; the password stays.
    Trust {
        /// Its id.
        id: String,
        /// The fingerprint of the certificate to trust; without it, the one that the server shows is said.
        #[arg(long, value_name = "SHA256")]
        pin_certificate: Option<String>,
    },
    /// Propose ways to add a mailbox, best first.
    Discover {
        /// The mail address.
        address: String,
    },
    /// Change what an account is called, its colour, when it is looked at, whom it writes as.
    Set {
        /// Its id.
        id: String,
        /// What.
        #[command(flatten)]
        change: Change,
    },
    /// Put accounts into an order; those not named come behind.
    Order {
        /// Their ids.
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Say whose mail an imported archive is.
    OwnAddress {
        /// Its id.
        id: String,
        /// The person's address; `""` for nobody's.
        address: String,
    },
    /// Say how an account sends: its server, the account that sends when it cannot, the time to take back.
    Sending {
        /// Its id.
        id: String,
        /// The server that takes its mail.
        #[command(flatten)]
        smtp: Smtp,
        /// Send with this account when this one cannot; `none` for no other.
        #[arg(long, value_name = "ID")]
        fallback: Option<String>,
        /// Seconds this one must have failed before the other sends, 0 to 86400.
        #[arg(long, value_name = "SECONDS")]
        fallback_after: Option<i64>,
        /// Seconds a message waits to be taken back, 0 to 60.
        #[arg(long, value_name = "SECONDS")]
        undo: Option<i64>,
    },
    /// Remove an account and everything of it on this machine; the provider keeps its mail.
    Remove {
        /// Its id; `sample` for all of the sample workspace.
        id: String,
    },
}

/// Kinds of accounts.
#[derive(Debug, Subcommand)]
pub enum NewAccount {
    /// A mailbox behind IMAP. The password is read from standard input.
    Imap(Imap),
    /// A mailbox at Google: you sign in in the browser.
    Google(Known),
    /// A mailbox at Microsoft (Outlook.com, Hotmail, Microsoft 365): you sign in in the browser.
    Microsoft(Known),
    /// A mailbox at Yahoo or AOL: you sign in in the browser. Most people add these with `imap` and an app password.
    Yahoo(Known),
    /// A mailbox behind IMAP whose sign-in an OpenID Connect server checks in the browser.
    Oidc(Oidc),
    /// A server that only takes mail. Its password is read from standard input.
    Smtp {
        /// The address it sends from.
        #[arg(long)]
        address: String,
        /// What to call the account; the address by default.
        #[arg(long, default_value = "")]
        name: String,
        /// The server.
        #[command(flatten)]
        smtp: Smtp,
    },
    /// Twilio SendGrid, to send only. The API key is read from standard input.
    Sendgrid(Key),
    /// Resend, to send only. The API key is read from standard input.
    Resend(Key),
    /// The sample workspace: the invented mail of an invented studio, at providers that are played on this machine.
    Sample,
    /// Mail in files: an mbox, a Maildir, a folder of .eml files.
    Archive {
        /// The file or folder.
        #[arg(long)]
        path: PathBuf,
        /// What to call it; the file's name by default.
        #[arg(long, default_value = "")]
        name: String,
        /// Whose mail it is; by default the address that takes part in most of it, and `""` for nobody's.
        #[arg(long, value_name = "ADDRESS")]
        address: Option<String>,
    },
}

/// Settings of a mailbox behind IMAP.
#[derive(Debug, Group)]
pub struct Imap {
    /// Mail address.
    #[arg(long)]
    pub address: String,
    /// User name; the address by default.
    #[arg(long, default_value = "")]
    pub user: String,
    /// What to call the account; the address by default.
    #[arg(long, default_value = "")]
    pub name: String,
    /// The server's name; proposed from the address by default.
    #[arg(long)]
    pub host: Option<String>,
    /// The server's port.
    #[arg(long)]
    pub port: Option<u16>,
    /// How the connection is made safe; `none` for a server on this machine only.
    #[arg(long)]
    pub security: Option<Security>,
    /// Read the password from standard input (the only way to give one).
    #[arg(long, required = true)]
    pub password_stdin: bool,
    /// Trust the certificate with this fingerprint; only for a server on this machine, such as Proton Mail Bridge.
    #[arg(long, value_name = "SHA256")]
    pub pin_certificate: Option<String>,
    /// The server that takes its mail; without one the account only receives.
    #[command(flatten)]
    pub smtp: Smtp,
}

/// A server that takes mail.
#[derive(Debug, Group)]
pub struct Smtp {
    /// The server that takes mail.
    #[arg(long, value_name = "HOST")]
    pub smtp_host: Option<String>,
    /// Its port; 465 for TLS, 587 for STARTTLS by default.
    #[arg(long, value_name = "PORT", requires = "smtp_host")]
    pub smtp_port: Option<u16>,
    /// How the connection to it is made safe; `none` for a server on this machine only.
    #[arg(long, value_name = "SECURITY", requires = "smtp_host")]
    pub smtp_security: Option<Security>,
    /// User name there; the mailbox's by default.
    #[arg(long, value_name = "USER", requires = "smtp_host")]
    pub smtp_user: Option<String>,
    /// Its password is another one: the last line of standard input.
    #[arg(long, requires = "smtp_host")]
    pub smtp_password_stdin: bool,
    /// It puts what it sends among the sent messages by itself.
    #[arg(long, requires = "smtp_host")]
    pub smtp_saves_sent: bool,
}

/// A provider that sends by a key.
#[derive(Debug, Group)]
pub struct Key {
    /// The address it sends from; it or its domain must be verified there.
    #[arg(long)]
    pub address: String,
    /// What to call the account; the address by default.
    #[arg(long, default_value = "")]
    pub name: String,
    /// Where the API is, for another region or a rehearsal.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Read the API key from standard input (the only way to give one).
    #[arg(long, required = true)]
    pub key_stdin: bool,
}

/// How a connection is made safe.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Security {
    /// Plain text.
    None,
    /// Plain at first, then TLS.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

/// As what a message is shown.
#[derive(Clone, Copy, Debug, Group)]
#[group(multiple = false)]
pub struct MessageForm {
    /// The source as received, byte for byte.
    #[arg(long)]
    pub raw: bool,
    /// Plain text (the default).
    #[arg(long)]
    pub text: bool,
    /// The safe HTML document the window shows.
    #[arg(long)]
    pub html: bool,
}

/// What to send.
#[derive(Debug, Group)]
pub struct Send {
    /// The account to send with; that of the message answered, or the first that sends, by default.
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,
    /// A recipient: `mara@voss.example` or `Mara Voss <mara@voss.example>`; may be repeated.
    #[arg(long, value_name = "ADDRESS")]
    pub to: Vec<String>,
    /// Gets a copy, and everyone sees it.
    #[arg(long, value_name = "ADDRESS")]
    pub cc: Vec<String>,
    /// Gets a copy, and nobody sees it.
    #[arg(long, value_name = "ADDRESS")]
    pub bcc: Vec<String>,
    /// The subject; that of the message answered by default.
    #[arg(long)]
    pub subject: Option<String>,
    /// Read the text from standard input (the only way to give one).
    #[arg(long, required = true)]
    pub body_stdin: bool,
    /// The text is HTML.
    #[arg(long)]
    pub html: bool,
    /// A file to go along; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// Not before this time: 2026-11-24T09:00 here, or 2026-11-24T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Answer this message.
    #[arg(long, value_name = "MESSAGE", conflicts_with = "forward")]
    pub reply_to: Option<String>,
    /// Answer everyone.
    #[arg(long, requires = "reply_to")]
    pub all: bool,
    /// Hand this message on.
    #[arg(long, value_name = "MESSAGE")]
    pub forward: Option<String>,
    /// Send it although there is something to look at first: no subject, a forgotten file, a dangerous one, many
    /// recipients.
    #[arg(long)]
    pub yes: bool,
    /// Send now, and stay until the provider has answered.
    #[arg(long)]
    pub wait: bool,
}

/// What to do with the outbox.
#[derive(Debug, Subcommand)]
pub enum OutboxAction {
    /// List what has not arrived, the next to leave first.
    List {
        /// Only this account, by id.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
        /// Only this state: queued, sending, unknown, rejected; may be repeated.
        #[arg(long)]
        state: Vec<String>,
        /// Rows, 1 to 200.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Show one message, also after it has left.
    Show {
        /// Its id.
        id: String,
    },
    /// Take a message back into the drafts.
    Cancel {
        /// Its id.
        id: String,
    },
    /// Send a message again, or at once.
    Retry {
        /// Its id.
        id: String,
    },
    /// Say that a message of which nobody knows has arrived.
    Settle {
        /// Its id.
        id: String,
    },
}

/// What to do with templates.
#[derive(Debug, Subcommand)]
pub enum TemplateAction {
    /// List all templates.
    List,
    /// Add a template; its text is read from standard input as HTML, with variables such as {{contact.first_name}}.
    Add {
        /// Its name.
        #[arg(long)]
        name: String,
        /// Typed behind ; it puts the template in.
        #[arg(long, default_value = "")]
        shortcut: String,
        /// The subject, with variables.
        #[arg(long, default_value = "")]
        subject: String,
        /// Read the text from standard input (the only way to give one).
        #[arg(long, required = true)]
        body_stdin: bool,
    },
    /// Remove a template.
    Remove {
        /// Its id.
        id: String,
    },
}
