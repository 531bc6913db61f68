//! What can go wrong with an IMAP server, and what each trouble means for the connection and the engine.
//!
//! Invariant: a text made here names the host, port or mailbox field at most; never a user, an address or
//! a password. A server's own words are kept short and carried only where it said no.

use std::time::Duration;

use deskbell_domain::ProviderError;

use crate::net::NetError;

/// How long to stay away after `[LIMIT]`; Yahoo's throttle lasts minutes.
const LIMIT_PAUSE: Duration = Duration::from_secs(5 * 60);
/// How long to stay away after `[UNAVAILABLE]` (RFC 5530: a subsystem is down for the moment).
const UNAVAILABLE_PAUSE: Duration = Duration::from_secs(2 * 60);
/// How long to stay away after `[INUSE]` (RFC 5530: somebody else holds the mailbox).
const INUSE_PAUSE: Duration = Duration::from_secs(30);
/// How long to stay away after `[OVERQUOTA]` on a read: Gmail answers so when its daily traffic is used up.
const TRAFFIC_PAUSE: Duration = Duration::from_secs(15 * 60);
/// A server's words are cut after this many characters.
const WORDS_KEPT: usize = 200;

/// Trouble with an IMAP server.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ImapError {
    /// The connection could not be made, broke, or stayed silent for too long.
    #[error("{0}")]
    Lost(String),
    /// The server said BYE.
    #[error("the server ended the connection: {text}")]
    Bye {
        /// Its words, with a response code in front if it gave one.
        text: String,
    },
    /// The server understood a command and refused it.
    #[error("the server refused: {text}")]
    No {
        /// Its words, with a response code in front if it gave one.
        text: String,
    },
    /// The server did not understand a command.
    #[error("the server did not understand: {text}")]
    Bad {
        /// Its words.
        text: String,
    },
    /// The server's certificate cannot be trusted.
    #[error("{0}")]
    Tls(String),
    /// The answer is not IMAP, or breaks its rules in a way that cannot be repaired.
    #[error("{0}")]
    Protocol(String),
    /// The settings forbid what was asked.
    #[error("{message}")]
    Settings {
        /// Which field.
        field: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
    /// The sign-in was refused.
    #[error("{0}")]
    SignIn(String),
    /// There is no access token to sign in with.
    #[error("{0}")]
    Token(ProviderError),
    /// UIDVALIDITY is not the one the keys were given under.
    #[error("the numbering of the mailbox changed")]
    Renumbered,
    /// The mailbox does not exist any more.
    #[error("the mailbox is gone")]
    MailboxGone,
}

/// What the refused command was for: a full mailbox means different things for reading and writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Signing in, listing, pulling, watching.
    Reading,
    /// Changing flags, moving, erasing.
    Writing,
}

impl From<NetError> for ImapError {
    fn from(error: NetError) -> Self {
        match error {
            NetError::Lost(text) => Self::Lost(text),
            NetError::Tls(text) => Self::Tls(text),
            NetError::Protocol(text) => Self::Protocol(text),
            NetError::Settings { field, message } => Self::Settings { field, message },
        }
    }
}

impl ImapError {
    /// Whether the connection is of no more use after this trouble.
    pub(crate) fn spoils_connection(&self) -> bool {
        match self {
            Self::No { text } => is_breakdown(text),
            Self::Renumbered | Self::MailboxGone => false,
            _ => true,
        }
    }

    /// Whether the server has trouble of its own, with this message or with everything.
    pub(crate) fn is_breakdown(&self) -> bool {
        matches!(self, Self::No { text } if is_breakdown(text))
    }

    /// Whether the server refused one thing only: not a throttle, which asks to stop altogether.
    pub(crate) fn concerns_one_command(&self) -> bool {
        matches!(self, Self::No { text } if pause(text, Purpose::Reading).is_none())
    }

    /// The trouble in the engine's words; `scope` names the scope the call was about.
    pub(crate) fn into_provider(self, scope: &str, purpose: Purpose) -> ProviderError {
        match self {
            Self::Lost(text) => ProviderError::Offline(text),
            Self::Bye { text } => pause(&text, Purpose::Reading).unwrap_or_else(|| {
                ProviderError::Offline(format!(
                    "the server ended the connection ({})",
                    shorten(&text)
                ))
            }),
            Self::No { text } if is_breakdown(&text) => ProviderError::Offline(
                "the server has trouble of its own with this mailbox".to_owned(),
            ),
            Self::No { text } => pause(&text, purpose).unwrap_or_else(|| refusal(&text)),
            Self::Bad { text } => ProviderError::Protocol(format!(
                "the server did not understand ({})",
                shorten(&text)
            )),
            Self::Tls(text) => ProviderError::Tls(text),
            Self::Protocol(text) => ProviderError::Protocol(text),
            Self::Settings { field, message } => {
                ProviderError::Rejected { code: format!("settings.{field}"), message }
            }
            Self::SignIn(text) => ProviderError::Auth(text),
            Self::Token(error) => error,
            Self::Renumbered => ProviderError::CursorLost(scope.to_owned()),
            Self::MailboxGone => ProviderError::ScopeGone(scope.to_owned()),
        }
    }
}

/// The response code (RFC 5530) a server put in front of its words, in upper case.
pub(crate) fn code_of(text: &str) -> Option<String> {
    let inner = text.trim_start().strip_prefix('[')?;
    let (code, _) = inner.split_once(']')?;
    code.split_whitespace().next().map(str::to_ascii_uppercase)
}

/// The server's own trouble (RFC 5530): a new connection often helps, another password or mailbox never.
fn is_breakdown(text: &str) -> bool {
    matches!(code_of(text).as_deref(), Some("SERVERBUG" | "CORRUPTION"))
}

/// A pause the server asks for, if its words ask for one.
fn pause(text: &str, purpose: Purpose) -> Option<ProviderError> {
    let after = match code_of(text)?.as_str() {
        "LIMIT" => LIMIT_PAUSE,
        "UNAVAILABLE" => UNAVAILABLE_PAUSE,
        "INUSE" => INUSE_PAUSE,
        "OVERQUOTA" if purpose == Purpose::Reading => TRAFFIC_PAUSE,
        _ => return None,
    };
    Some(ProviderError::RateLimited { after: Some(after) })
}

/// A refusal in plain language where the code is known.
fn refusal(text: &str) -> ProviderError {
    let code = code_of(text).unwrap_or_default();
    let message = match code.as_str() {
        "OVERQUOTA" => {
            "the mailbox at the provider is full; delete or move some mail there first".to_owned()
        }
        "NOPERM" => "the provider does not allow this in that mailbox".to_owned(),
        "READ-ONLY" => "that mailbox can only be read, not changed".to_owned(),
        "AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "EXPIRED" | "PRIVACYREQUIRED" => {
            return ProviderError::Auth(shorten(text));
        }
        _ => shorten(text),
    };
    ProviderError::Rejected { code: if code.is_empty() { "NO".to_owned() } else { code }, message }
}

/// A server's words on one line and not too long.
pub(crate) fn shorten(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(WORDS_KEPT)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no(text: &str, purpose: Purpose) -> ProviderError {
        ImapError::No { text: text.to_owned() }.into_provider("INBOX", purpose)
    }

    #[test]
    fn a_throttling_server_is_left_alone_for_minutes() {
        for text in ["[LIMIT] too many", "[UNAVAILABLE] try later", "[inuse] locked"] {
            let error = no(text, Purpose::Reading);
            assert!(
                matches!(error, ProviderError::RateLimited { after: Some(pause) } if pause >= INUSE_PAUSE),
                "{text} asks for a pause, not {error:?}"
            );
        }
    }

    #[test]
    fn a_full_mailbox_refuses_an_edit_but_only_delays_a_pull() {
        assert!(
            matches!(no("[OVERQUOTA] full", Purpose::Writing), ProviderError::Rejected { .. }),
            "a person must make room"
        );
        assert!(
            matches!(
                no("[OVERQUOTA] bandwidth", Purpose::Reading),
                ProviderError::RateLimited { .. }
            ),
            "traffic comes back by itself"
        );
    }

    #[test]
    fn a_server_cannot_flood_the_screen_with_its_words() {
        let ProviderError::Rejected { message, code } = no(&"x\r\n".repeat(500), Purpose::Writing)
        else {
            panic!("a plain NO is a rejection");
        };
        assert_eq!(code, "NO");
        assert!(message.chars().count() <= WORDS_KEPT && !message.contains('\n'), "{message}");
    }
}
