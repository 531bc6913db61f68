//! What is asked of the window from outside it: by a link, the tray or a notification.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something the window is to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wish {
    /// The inbox of all accounts.
    Inbox,
    /// A conversation.
    Conversation {
        /// Which.
        id: String,
    },
    /// A new message, begun with this; the person looks at it before it leaves.
    Compose {
        /// To: addresses as they came.
        to: Vec<String>,
        /// Cc.
        cc: Vec<String>,
        /// Bcc.
        bcc: Vec<String>,
        /// Subject.
        subject: Option<String>,
        /// Plain text.
        body: Option<String>,
    },
    /// A message that lies in a file, to be looked at.
    Mail {
        /// For `given_mail`.
        token: String,
        /// The file's name.
        name: String,
    },
    /// Mail that lies in a file or a folder, to be imported if the person wants it.
    Import {
        /// For `account_add_archive`.
        token: String,
        /// The path, to show.
        path: String,
        /// The address of the person whose mail it seems to be; a proposal.
        own_address: Option<String>,
    },
    /// An answer.
    Reply {
        /// The conversation to show beside it.
        conversation_id: String,
        /// The message answered.
        message_id: String,
    },
}
