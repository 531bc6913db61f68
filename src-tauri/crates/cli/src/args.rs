//! What can be typed behind `bell`. Passwords never can: they come on standard input.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

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
        /// inbox, unread, starred, sent, drafts, archived, spam, trash or all.
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
    /// Operators: from: to: subject: file: account: has:attachment is:unread is:read is:starred in:VIEW
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
    /// Mark a conversation: read, unread, starred, unstarred, archived, inbox, deleted, spam.
    Mark {
        /// The conversation's id.
        id: String,
        /// As what.
        mark: Mark,
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
    /// Whether it can do its work beside a Deskbell that is writing.
    pub fn only_reads(&self) -> bool {
        matches!(
            self,
            Self::Inbox { .. }
                | Self::Conversation { .. }
                | Self::Search { .. }
                | Self::Stats
                | Self::Export { .. }
                | Self::Account { action: AccountAction::List | AccountAction::Show { .. } }
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
    /// Give an account a new password, read from standard input.
    SignIn {
        /// Its id.
        id: String,
        /// From now on trust the certificate with this fingerprint; only for a server on this machine.
        #[arg(long, value_name = "SHA256")]
        pin_certificate: Option<String>,
    },
    /// Remove an account and everything of it on this machine; the provider keeps its mail.
    Remove {
        /// Its id.
        id: String,
    },
}

/// Kinds of accounts.
#[derive(Debug, Subcommand)]
pub enum NewAccount {
    /// A mailbox behind IMAP. The password is read from standard input.
    Imap(Imap),
    /// Mail in files: an mbox, a Maildir, a folder of .eml files.
    Archive {
        /// The file or folder.
        #[arg(long)]
        path: PathBuf,
        /// What to call it; the file's name by default.
        #[arg(long, default_value = "")]
        name: String,
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

/// Marks of a conversation.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Mark {
    /// Everything in it is read.
    Read,
    /// Its latest message is unread.
    Unread,
    /// Its latest message is starred.
    Starred,
    /// Nothing in it is starred.
    Unstarred,
    /// Out of the inbox, kept.
    Archived,
    /// Back in the inbox.
    Inbox,
    /// In the trash.
    Deleted,
    /// In spam.
    Spam,
}
