//! What an SMTP server says, and what it means in plain language.
//!
//! Invariant: no text made here holds the user name or the password; an address is named only where a
//! person must see which one is meant.

use std::error::Error as _;

use deskbell_domain::ProviderError;
use lettre::transport::smtp::Error;

use super::pace::WORDS_KEPT;
use crate::net::NetError;

/// A reply that says no (RFC 5321 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// `550`.
    pub(crate) code: u16,
    /// `5.1.1` (RFC 3463), where it is given.
    pub(crate) enhanced: Option<String>,
    /// The server's words on one line, without the codes.
    pub(crate) words: String,
}

/// Why something with an SMTP server did not work.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The server could not be reached, or the settings are wrong.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The connection broke, stayed silent, or what came was not SMTP.
    #[error("{0}")]
    Lost(String),
    /// The server said no.
    #[error("{}", .0.words)]
    Refused(Reply),
    /// The sign-in was refused.
    #[error("{0}")]
    SignIn(String),
}

impl Reply {
    fn read(code: u16, text: &str) -> Self {
        let text = shorten(text);
        let (first, rest) = text.split_once(' ').unwrap_or((text.as_str(), ""));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let is_code = first.split('.').count() == 3 && first.split('.').all(digits);
        if is_code {
            Self { code, enhanced: Some(first.to_owned()), words: rest.trim().to_owned() }
        } else {
            Self { code, enhanced: None, words: text }
        }
    }

    /// Whether another try may help.
    pub(crate) fn is_temporary(&self) -> bool {
        (400..500).contains(&self.code)
    }

    /// `550 5.1.1`.
    pub(crate) fn code(&self) -> String {
        match &self.enhanced {
            Some(enhanced) => format!("{} {enhanced}", self.code),
            None => self.code.to_string(),
        }
    }

    /// Whether the server only takes no more recipients for this message (RFC 5321 section 4.5.3.1.10).
    pub(crate) fn is_too_many(&self) -> bool {
        self.enhanced.as_deref().is_some_and(|code| code.ends_with(".5.3"))
            || self.words.to_ascii_lowercase().contains("too many recipients")
    }

    /// The refusal of a recipient in plain language, with the server's own words behind it.
    pub(crate) fn about_recipient(&self, address: &str) -> String {
        let said = self.words.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let plain = match self.detail() {
            Some((1, 1 | 0 | 6)) => format!("There is no such mailbox: {address}"),
            Some((1, 2 | 10)) => format!("The domain of {address} takes no mail or does not exist"),
            Some((1, 3)) => format!("The server cannot read the address {address}"),
            Some((2, 2)) => format!("The mailbox of {address} is full"),
            Some((2, 1)) => format!("The mailbox of {address} is switched off"),
            _ if self.is_too_many() => {
                format!(
                    "The server takes no more recipients in one message; it goes to {address} separately"
                )
            }
            _ if says(&["relay", "not permitted"]) => {
                format!(
                    "The server does not hand mail on to {address} for this account; check the sign-in"
                )
            }
            _ if says(&[
                "unknown",
                "no such",
                "does not exist",
                "not found",
                "invalid recipient",
            ]) =>
            {
                format!("There is no such mailbox: {address}")
            }
            _ if self.is_temporary() => {
                format!("{address} is not taken at the moment")
            }
            _ => format!("The server refused {address}"),
        };
        self.quoted(plain)
    }

    /// The refusal of the whole message in plain language, with the server's own words behind it.
    pub(crate) fn about_message(&self, sender: &str) -> String {
        let said = self.words.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let plain = match (self.code, self.detail()) {
            (552, None) | (_, Some((3, 4) | (2, 3))) => {
                "The message is too large for this server; remove a file or send a link".to_owned()
            }
            (_, Some((1, 7 | 8))) | (553, _) => {
                format!(
                    "The server does not let this account send as {sender}; choose another sender"
                )
            }
            _ if says(&["sender address rejected", "not owned by", "not allowed to send as"]) => {
                format!(
                    "The server does not let this account send as {sender}; choose another sender"
                )
            }
            (530, _) => "The server wants a sign-in first; check user name and password".to_owned(),
            (_, Some((4, 5))) | (_, Some((7, 28))) => {
                "The server's limit for sending is used up".to_owned()
            }
            _ if says(&["spam", "virus", "malware", "blacklist", "blocklist", "unsolicited"]) => {
                "The server takes the message for unwanted or harmful".to_owned()
            }
            (_, Some((7, _))) => "The server's rules do not allow this message".to_owned(),
            (_, Some((6, _))) => "The server cannot carry the message in this form".to_owned(),
            _ if self.is_temporary() => {
                "The server does not take the message at the moment".to_owned()
            }
            _ => "The server refused the message".to_owned(),
        };
        self.quoted(plain)
    }

    /// The last two parts of the enhanced code.
    fn detail(&self) -> Option<(u16, u16)> {
        let mut parts = self.enhanced.as_deref()?.split('.').skip(1);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }

    fn quoted(&self, plain: String) -> String {
        if self.words.is_empty() {
            format!("{plain}.")
        } else {
            format!("{plain} ({})", self.words)
        }
    }
}

impl Trouble {
    /// Reads lettre's error.
    pub(crate) fn of(error: &Error) -> Self {
        if let Some(code) = error.status() {
            let words = error.source().map(ToString::to_string).unwrap_or_default();
            return Self::Refused(Reply::read(code.into(), &words));
        }
        let kind = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
        Self::Lost(match kind.map(std::io::Error::kind) {
            Some(std::io::ErrorKind::TimedOut) => "the server stayed silent for too long".into(),
            Some(kind) => format!("the connection broke ({kind})"),
            None if error.to_string().contains("incomplete response") => {
                "the server closed the connection".into()
            }
            None => "the server sent something that is not SMTP".into(),
        })
    }

    /// Whether the connection is of no more use.
    pub(crate) fn spoils_connection(&self) -> bool {
        !matches!(self, Self::Refused(reply) if reply.code != 421)
    }

    /// The trouble in the words of a check of settings.
    pub(crate) fn into_provider(self) -> ProviderError {
        match self {
            Self::Net(NetError::Lost(text)) | Self::Lost(text) => ProviderError::Offline(text),
            Self::Net(NetError::Tls(text)) => ProviderError::Tls(text),
            Self::Net(NetError::Protocol(text)) => ProviderError::Protocol(text),
            Self::Net(NetError::Settings { field, message }) => {
                ProviderError::Rejected { code: format!("settings.{field}"), message }
            }
            Self::Refused(reply) if reply.is_temporary() => {
                ProviderError::Offline(format!("the server is not ready ({})", reply.words))
            }
            Self::Refused(reply) => {
                ProviderError::Rejected { code: reply.code(), message: reply.words }
            }
            Self::SignIn(text) => ProviderError::Auth(text),
        }
    }
}

/// A server's words on one line and not too long.
pub(crate) fn shorten(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS_KEPT).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_recipient_is_told_in_plain_words_and_the_servers() {
        for (code, text, plain) in [
            (550, "5.1.1 <x@y.example>: user unknown", "There is no such mailbox: x@y.example"),
            (550, "No such user here", "There is no such mailbox: x@y.example"),
            (450, "4.1.2 Domain not found", "The domain of x@y.example takes no mail"),
            (552, "5.2.2 over quota", "The mailbox of x@y.example is full"),
            (554, "5.7.1 Relay access denied", "does not hand mail on to x@y.example"),
            (452, "4.5.3 Too many recipients", "it goes to x@y.example separately"),
            (451, "4.7.1 Greylisted", "x@y.example is not taken at the moment"),
        ] {
            let reply = Reply::read(code, text);
            let told = reply.about_recipient("x@y.example");
            assert!(told.contains(plain), "{code} {text}: {told}");
            assert!(told.contains(&reply.words), "the server's own words stay: {told}");
        }
    }

    #[test]
    fn a_server_cannot_flood_the_screen_or_break_a_line() {
        let reply = Reply::read(550, &"x\r\n\u{7}".repeat(500));
        assert!(reply.words.chars().count() <= WORDS_KEPT && !reply.words.contains('\n'));
        assert_eq!(Reply::read(550, "1.2.x odd").enhanced, None);
    }
}
