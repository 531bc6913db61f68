//! What is proposed for a mail address.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{OauthProvider, Said, Security, SmtpServer};

/// Arguments of `account_discover`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DiscoverArgs {
    /// The whole mail address.
    pub address: String,
}

/// What was found for an address, best first; each is a proposal a person sees and may change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Discovery {
    /// The proposals; never empty for a whole address.
    pub proposals: Vec<Proposal>,
}

/// Where a proposal comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProposalSource {
    /// The provider's help pages.
    Preset,
    /// The domain's own SRV records (RFC 6186).
    Srv,
    /// A configuration file for mail programs (Mozilla's autoconfig).
    Autoconfig,
    /// The domain's mail is delivered to a provider that is known.
    Mx,
    /// A name that is often right.
    Guess,
}

/// Which kind of account it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailRoute {
    /// IMAP and SMTP.
    Imap,
    /// The Gmail API.
    Gmail,
    /// Microsoft Graph.
    Graph,
}

/// A way to add the mailbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Proposal {
    /// Where it comes from.
    pub source: ProposalSource,
    /// Which kind of account it makes.
    pub provider: MailRoute,
    /// What to show: `Gmail`, `Outlook`, `iCloud`, `mail.example.org`.
    pub name: String,
    /// Signs in by OAuth 2 with this provider; `null`: by password.
    pub oauth: Option<OauthProvider>,
    /// The server that holds the mail; `null` where an API does.
    pub imap: Option<ServerGuess>,
    /// The server that takes mail; `null` where an API does, or none is known.
    pub smtp: Option<SmtpServer>,
    /// Which password it wants; `null` where it wants none.
    pub password: Option<PasswordHint>,
    /// The configuration came over a connection others could have changed: compare it before use.
    pub unsafe_source: bool,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ServerGuess {
    /// Host name or IP address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is made safe.
    pub security: Security,
    /// User name.
    pub user: String,
}

/// Which password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PasswordKind {
    /// One made for mail programs on the page at `url`.
    AppPassword,
    /// The one a bridge on this machine shows.
    Bridge,
    /// The mailbox's own.
    Plain,
}

/// What to type as a password, and where to get it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PasswordHint {
    /// Which password.
    pub kind: PasswordKind,
    /// The page that makes it.
    pub url: Option<String>,
    /// One or two sentences.
    pub message: String,
    /// The same, for a window of another language.
    pub said: Option<Said>,
}
