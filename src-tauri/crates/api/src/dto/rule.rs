//! Rules for mail that arrives, and what they would have done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Rule {
    /// Row id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is used.
    pub enabled: bool,
    /// No rule after it is looked at for a message it matched.
    pub stop: bool,
    /// When it applies.
    pub when: RuleGroup,
    /// What it does then.
    pub actions: Vec<RuleAction>,
    /// Messages it has acted on.
    #[ts(type = "number")]
    pub matched: i64,
    /// When it last did.
    #[ts(type = "number | null")]
    pub matched_at: Option<i64>,
}

/// Every rule, in the order they are looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleList {
    /// Them.
    pub rules: Vec<Rule>,
}

/// Arguments of `rule_put`: a rule made or changed. Faults are named as `name`, `when.of.0.value`, `actions.1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleForm {
    /// `null` to make one, behind all others.
    #[serde(default)]
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Whether it is used.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// No rule after it is looked at for a message it matched.
    #[serde(default)]
    pub stop: bool,
    /// When it applies.
    pub when: RuleGroup,
    /// What it does then.
    pub actions: Vec<RuleAction>,
}

fn yes() -> bool {
    true
}

/// Conditions taken together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleGroup {
    /// How many of them must hold.
    pub quantifier: RuleQuantifier,
    /// The conditions.
    pub of: Vec<RuleCondition>,
}

/// How many conditions of a group must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleQuantifier {
    /// Each.
    All,
    /// At least one.
    Any,
    /// Not one.
    None,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleCondition {
    /// A group inside the group.
    Group {
        /// How many of them must hold.
        quantifier: RuleQuantifier,
        /// The conditions.
        of: Vec<RuleCondition>,
    },
    /// Words in a field.
    Text {
        /// Where.
        field: RuleField,
        /// How.
        how: RuleHow,
        /// What.
        value: String,
    },
    /// It has attached files, or none.
    Attachment {
        /// Which of the two.
        value: bool,
    },
    /// It is larger than so many bytes.
    Larger {
        /// Bytes.
        #[ts(type = "number")]
        bytes: u64,
    },
    /// It is smaller than so many bytes.
    Smaller {
        /// Bytes.
        #[ts(type = "number")]
        bytes: u64,
    },
    /// It came to one of these accounts.
    Account {
        /// Their ids.
        accounts: Vec<String>,
    },
    /// It came on this channel.
    Channel {
        /// `email`.
        channel: String,
    },
    /// It was sent by a list or a machine, or by a person.
    Bulk {
        /// Which of the two.
        value: bool,
    },
    /// It answers another message, or begins a conversation.
    Reply {
        /// Which of the two.
        value: bool,
    },
    /// Words in any header field, by its name.
    Header {
        /// The field's name, without its colon.
        name: String,
        /// How.
        how: RuleHow,
        /// What.
        value: String,
    },
    /// It says that it was written within these instants.
    Date {
        /// At this instant or later.
        #[ts(type = "number | null")]
        after: Option<i64>,
        /// Before this instant.
        #[ts(type = "number | null")]
        before: Option<i64>,
    },
    /// Its author is known, or a stranger.
    Known {
        /// Which of the two.
        value: bool,
    },
}

/// A field of a message that holds words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleField {
    /// The author.
    From,
    /// To.
    To,
    /// Cc.
    Cc,
    /// To, Cc or Bcc.
    Recipient,
    /// Subject.
    Subject,
    /// The text.
    Body,
    /// The mailing list.
    List,
    /// The name of an attached file.
    File,
    /// Bcc.
    Bcc,
    /// Where answers go, where that is not the author.
    ReplyTo,
}

/// How words are compared; case never matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleHow {
    /// They occur.
    Contains,
    /// They are all of it.
    Is,
    /// It begins with them.
    Starts,
    /// It ends with them.
    Ends,
    /// A regular expression finds something.
    Regex,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleAction {
    /// Put a label on the conversation.
    Label {
        /// Which.
        label_id: String,
    },
    /// Star it.
    Star,
    /// Mark it read.
    Read,
    /// Out of the inbox, kept.
    Archive,
    /// To the trash.
    Trash,
    /// To spam.
    Spam,
    /// Tell the person at once.
    Notify,
    /// Answer with a template, once per person and day.
    AutoReply {
        /// Which template.
        template_id: String,
    },
}

/// Arguments of `rule_test`: one step of a dry run over the last month, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleTestArgs {
    /// The rule to try, as it stands in the editor; `null` for all that are enabled.
    pub rule: Option<RuleForm>,
    /// From the step before; `null` to begin. Not asking again stops it.
    pub cursor: Option<String>,
}

/// What one step of a dry run came to. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleTest {
    /// Messages looked at in this step.
    #[ts(type = "number")]
    pub looked_at: u64,
    /// Those that rules would touch.
    pub touched: Vec<RuleTouched>,
    /// Cursor of the next step; `null` at the end.
    pub next: Option<String>,
}

/// A message that rules would touch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RuleTouched {
    /// The message.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// Its author: name, or address where there is none.
    pub from: String,
    /// Subject.
    pub subject: String,
    /// When it was written.
    #[ts(type = "number")]
    pub date: i64,
    /// Names of the rules that match.
    pub rules: Vec<String>,
    /// What would be done to it.
    pub actions: Vec<RuleAction>,
}
