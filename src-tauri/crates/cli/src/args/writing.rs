//! What can be typed about messages one writes: sending them, the outbox, templates.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};

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
    /// Read the text from standard input.
    #[arg(long, required_unless_present = "template")]
    pub body_stdin: bool,
    /// The text is HTML.
    #[arg(long)]
    pub html: bool,
    /// The text is this template's, filled in for the first recipient; by its name, its shortcut or its id. Its
    /// subject holds where none is given.
    #[arg(long, value_name = "TEMPLATE", conflicts_with_all = ["body_stdin", "html"])]
    pub template: Option<String>,
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
