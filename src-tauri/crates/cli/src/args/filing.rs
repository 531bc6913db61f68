//! What can be typed behind `bell label` and `bell rule`.

use clap::Subcommand;

/// What to do with labels.
#[derive(Debug, Subcommand)]
pub enum LabelAction {
    /// List all labels.
    List,
    /// Make a label.
    Add {
        /// Its name.
        name: String,
        /// Its colour, 0 to 9; the next of the palette by default.
        #[arg(long)]
        color: Option<u8>,
    },
    /// Give a label another name.
    Rename {
        /// Its name.
        name: String,
        /// Its new name.
        to: String,
    },
    /// List the conversations that carry a label, newest first.
    Show {
        /// Its name.
        name: String,
        /// Rows, 1 to 200.
        #[arg(long, default_value_t = 25)]
        limit: u32,
    },
    /// Take a label from everything that carries it, and remove it.
    Remove {
        /// Its name.
        name: String,
    },
}

impl LabelAction {
    /// Whether it can do its work beside a Deskbell that is writing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::List | Self::Show { .. })
    }
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RuleVerb {
    /// List all rules, in the order they are looked at.
    List,
    /// Add a rule behind all others; it is read as JSON from standard input.
    ///
    /// {"name":"Invoices","when":{"quantifier":"all","of":[{"kind":"text","field":"subject","how":"contains",
    /// "value":"invoice"}]},"actions":[{"kind":"star"}]}
    ///
    /// Fields: from to cc recipient subject body list file. How: contains is starts ends regex. Other kinds:
    /// attachment larger smaller account channel bulk reply known group. Actions: label star read archive
    /// trash spam notify auto_reply.
    Add,
    /// Show what a rule would have done to last month's mail, and change nothing.
    Test {
        /// The rule's id, or `all` for those that are enabled; without it a rule is read as JSON from standard input.
        id: Option<String>,
    },
    /// Remove a rule.
    Remove {
        /// Its id.
        id: String,
    },
}

impl RuleVerb {
    /// Whether it can do its work beside a Deskbell that is writing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::List | Self::Test { .. })
    }
}
