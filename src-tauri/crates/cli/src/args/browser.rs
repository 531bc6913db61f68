//! What can be typed about signing in in the browser, and about the life of accounts.

use clap::{Args as Group, Subcommand, ValueEnum};

use super::{Security, Smtp};

/// A mailbox one signs in to in the browser, with a provider that is known.
#[derive(Debug, Group)]
pub struct Known {
    /// The mailbox, so that the page proposes it.
    #[arg(long)]
    pub address: Option<String>,
    /// What to call the account; the address by default.
    #[arg(long, default_value = "")]
    pub name: String,
    /// Reach the mail by IMAP and SMTP instead of the provider's own API.
    #[arg(long)]
    pub imap: bool,
    /// How to sign in.
    #[command(flatten)]
    pub way: Way,
}

/// A mailbox behind IMAP whose sign-in an OpenID Connect server checks.
#[derive(Debug, Group)]
pub struct Oidc {
    /// The server that checks the sign-in: its issuer.
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// The mailbox, so that the page proposes it.
    #[arg(long)]
    pub address: Option<String>,
    /// What to call the account; the address by default.
    #[arg(long, default_value = "")]
    pub name: String,
    /// The server that holds the mail.
    #[arg(long)]
    pub host: String,
    /// Its port; 993 for TLS, 143 otherwise by default.
    #[arg(long)]
    pub port: Option<u16>,
    /// How the connection to it is made safe; `none` for a server on this machine only.
    #[arg(long)]
    pub security: Option<Security>,
    /// The server that takes mail; without one the account only receives.
    #[command(flatten)]
    pub smtp: Smtp,
    /// How to sign in.
    #[command(flatten)]
    pub way: Way,
}

/// How to sign in.
#[derive(Debug, Default, Group)]
pub struct Way {
    /// The client id to show to the provider; the one in the settings by default.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Where the provider is, for a rehearsal.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Read the address the browser ended on from standard input: for a browser on another machine.
    #[arg(long)]
    pub hand_back: bool,
}

/// Providers that sign in in the browser.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Provider {
    /// Google.
    Google,
    /// Microsoft.
    Microsoft,
    /// Yahoo and AOL.
    Yahoo,
    /// Any OpenID Connect server.
    Custom,
}

/// What to do with the client ids Deskbell shows itself with.
#[derive(Debug, Subcommand)]
pub enum ClientAction {
    /// List them, with the scopes and redirect addresses each provider must allow.
    List,
    /// Enter one. Its secret, if it has one, is read from standard input.
    Set {
        /// For which provider.
        provider: Provider,
        /// The id.
        #[arg(long, value_name = "ID")]
        client_id: String,
        /// Read the secret from standard input (the only way to give one).
        #[arg(long)]
        secret_stdin: bool,
        /// For `custom`: the issuer.
        #[arg(long, value_name = "URL")]
        issuer: Option<String>,
        /// A page of your own, under https, that is registered as its redirect address: sign-ins come back by it.
        #[arg(long, value_name = "URL")]
        redirect_page: Option<String>,
        /// Only `deskbell://oauth/callback` is registered for it: the window is answered by that link instead of a port.
        #[arg(long)]
        deep_link: bool,
    },
    /// Go back to the one Deskbell came with.
    Reset {
        /// For which provider.
        provider: Provider,
    },
}

/// What can be changed about an account.
#[derive(Debug, Group)]
#[group(required = true, multiple = true)]
pub struct Change {
    /// What to call it.
    #[arg(long)]
    pub name: Option<String>,
    /// Its colour, 0 to 7.
    #[arg(long)]
    pub color: Option<u8>,
    /// When to look at it unasked, as a cron expression such as "*/15 * * * *"; `""` for the usual.
    #[arg(long, value_name = "CRON")]
    pub schedule: Option<String>,
    /// How much of its mail to keep on this machine: so many days, or `all`. Older mail is forgotten here and stays
    /// at its provider; what is starred, a draft, or still to be sent stays here too.
    #[arg(long, value_name = "DAYS|all", value_parser = days)]
    pub history: Option<u32>,
    /// The sender to write as unless told otherwise, by id.
    #[arg(long, value_name = "ID")]
    pub sender: Option<String>,
}

/// Days of a history window; 0 for everything.
fn days(text: &str) -> Result<u32, String> {
    match text {
        "all" => Ok(0),
        number => number.parse().map_err(|_| "write a number of days, or `all`".to_owned()),
    }
}
