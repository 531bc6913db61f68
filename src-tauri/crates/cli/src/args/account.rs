//! What can be typed behind `bell account`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand, ValueEnum};

use super::{Change, Known, Oidc, Way};

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
        /// Messages it sends in a minute at most, 1 to 10000; 0 for what is usual at its provider.
        #[arg(long, value_name = "N")]
        per_minute: Option<u32>,
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
