//! What can be typed behind `bell`. Passwords never can: they come on standard input.

mod account;
mod browser;
mod filing;
mod setting;
mod writing;

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand};

pub use crate::args::account::{AccountAction, Imap, Key, NewAccount, Security, Smtp};
pub use crate::args::browser::{Change, ClientAction, Known, Oidc, Provider, Way};
pub use crate::args::filing::{LabelAction, RuleVerb};
pub use crate::args::setting::SettingAction;
pub use crate::args::writing::{OutboxAction, Send, TemplateAction};
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
