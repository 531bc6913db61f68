//! From settings to a signed-in connection: TCP, TLS or STARTTLS, greeting, EHLO, sign-in.
//!
//! Invariant: the password is sent only over TLS or to a loopback address.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::ProviderError;
use deskbell_domain::secret::Secret;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Ehlo, Quit, Starttls};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use super::pace::Pace;
use super::reply::{Trouble, shorten};
use super::settings::{Security, SignIn, SmtpSettings};
use super::stream::Stream;
use crate::net::{Credential, NetError, TOKEN_REFUSED, dial, secure, xoauth2};

/// What a server offers in its answer to EHLO.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offers {
    /// Largest message in bytes (RFC 1870); 0 means that it does not say.
    pub(crate) size: Option<u64>,
    /// 8BITMIME (RFC 6152).
    pub(crate) eight_bit: bool,
    /// SMTPUTF8 (RFC 6531).
    pub(crate) utf8: bool,
    /// Reports on delivery (RFC 3461).
    pub(crate) dsn: bool,
    start_tls: bool,
    mechanisms: Vec<String>,
}

/// A connection that is signed in.
pub(crate) struct Line {
    pub(crate) smtp: AsyncSmtpConnection,
    pub(crate) stream: Stream,
    pub(crate) offers: Offers,
    pub(crate) last_used: Instant,
    /// A message went over it already.
    pub(crate) used: bool,
    pace: Pace,
}

impl Line {
    /// Connects and signs in.
    pub(crate) async fn open(
        settings: &SmtpSettings,
        credential: Option<&Credential>,
        pace: &Pace,
    ) -> Result<Self, Trouble> {
        settings.validate()?;
        let endpoint = settings.endpoint();
        let mut transport = dial(&endpoint, pace.connect).await?;
        if settings.security == Security::Tls {
            transport = secure(&endpoint, transport, pace.connect).await?;
        }
        let stream = Stream::new(transport, pace.greeting);
        let hello = ClientId::default();
        let greeting =
            AsyncSmtpConnection::connect_with_transport(Box::new(stream.clone()), &hello);
        let smtp = match timeout(pace.greeting, greeting).await {
            Ok(Ok(smtp)) => smtp,
            Ok(Err(error)) => return Err(stranger(Trouble::of(&error), settings)),
            Err(_) => {
                let silent = Trouble::Lost("the server stayed silent for too long".into());
                return Err(stranger(silent, settings));
            }
        };
        stream.set_patience(pace.command);
        let offers = Offers::read(&stream.heard());
        let mut line =
            Self { smtp, stream, offers, last_used: Instant::now(), used: false, pace: *pace };
        if settings.security == Security::StartTls {
            line.start_tls(settings, &hello).await?;
        }
        if !settings.user.is_empty() {
            line.sign_in(settings, credential).await?;
        }
        Ok(line)
    }

    /// Sends a command and reads its reply.
    pub(crate) async fn command(
        &mut self,
        command: impl fmt::Display + Send,
    ) -> Result<Response, Trouble> {
        let asked = timeout(self.pace.command, self.smtp.command(command)).await;
        match asked {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(Trouble::of(&error)),
            Err(_) => Err(Trouble::Lost("the server stayed silent for too long".into())),
        }
    }

    async fn start_tls(
        &mut self,
        settings: &SmtpSettings,
        hello: &ClientId,
    ) -> Result<(), Trouble> {
        let missing = || {
            Trouble::Net(NetError::Tls(
                "the server does not offer STARTTLS on this port; choose TLS (usually on 465)"
                    .into(),
            ))
        };
        if !self.offers.start_tls {
            return Err(missing());
        }
        match self.command(Starttls).await {
            Ok(_) => {}
            Err(Trouble::Refused(_)) => return Err(missing()),
            Err(other) => return Err(other),
        }
        // Bytes that came before the handshake were not protected by it and are an attack (CVE-2011-0411).
        let heard = self.stream.heard();
        let alone = heard.iter().position(|line| !line.starts_with("220-"));
        if alone.is_none_or(|last| last + 1 != heard.len()) {
            return Err(Trouble::Net(NetError::Tls(
                "the server spoke before the secure connection was made".into(),
            )));
        }
        let Some(plain) = self.stream.take() else {
            return Err(Trouble::Lost("the connection broke".into()));
        };
        let safe = secure(&settings.endpoint(), plain, self.pace.connect).await?;
        self.stream.put(safe);
        self.command(Ehlo::new(hello.clone())).await?;
        self.offers = Offers::read(&self.stream.heard());
        Ok(())
    }

    async fn sign_in(
        &mut self,
        settings: &SmtpSettings,
        credential: Option<&Credential>,
    ) -> Result<(), Trouble> {
        let credential = credential.ok_or_else(|| {
            Trouble::SignIn("no password is stored for sending; enter it again".into())
        })?;
        let secret = credential.secret(None).await.map_err(no_token)?;
        if settings.sign_in == SignIn::Xoauth2 {
            return match self.by_token(&settings.user, &secret).await {
                Err(Trouble::SignIn(_)) if credential.renews() => {
                    let fresh = credential.secret(Some(&secret)).await.map_err(no_token)?;
                    self.by_token(&settings.user, &fresh).await
                }
                outcome => outcome,
            };
        }
        let offered = |name: &str| self.offers.mechanisms.iter().any(|one| one == name);
        let user = settings.user.as_str();
        let password = secret.expose();
        let outcome = if offered("PLAIN") || !offered("LOGIN") && self.offers.mechanisms.is_empty()
        {
            if !offered("PLAIN") {
                return Err(Trouble::Net(NetError::Settings {
                    field: "security",
                    message: "the server takes no password on this connection; choose TLS or STARTTLS, or \
                              leave the user name empty if it asks for none"
                        .into(),
                }));
            }
            let token = encode(&format!("\0{user}\0{password}"));
            self.command(Typed(format!("AUTH PLAIN {}", *token))).await
        } else if offered("LOGIN") {
            // Servers spell the two questions differently; their order is always the same.
            match self.command(Typed("AUTH LOGIN".into())).await {
                Ok(reply) if reply.has_code(334) => {
                    match self.command(Typed(encode(user).to_string())).await {
                        Ok(reply) if reply.has_code(334) => {
                            self.command(Typed(encode(password).to_string())).await
                        }
                        other => other,
                    }
                }
                other => other,
            }
        } else {
            return Err(Trouble::SignIn(
                "the server offers no way to sign in with a password; it may want another kind of account"
                    .into(),
            ));
        };
        match outcome {
            Ok(reply) if reply.has_code(334) => {
                Err(Trouble::SignIn("the server asks on and on instead of letting us in".into()))
            }
            Ok(_) => Ok(()),
            Err(Trouble::Refused(reply)) if !reply.is_temporary() => Err(Trouble::SignIn(format!(
                "check the user name and the password; many providers want an app password ({})",
                shorten(&reply.words)
            ))),
            Err(other) => Err(other),
        }
    }

    /// XOAUTH2. A refusal comes as a challenge, which wants an empty answer before the 535.
    async fn by_token(&mut self, user: &str, token: &Secret) -> Result<(), Trouble> {
        let line = encode(&xoauth2(user, token));
        let outcome = match self.command(Typed(format!("AUTH XOAUTH2 {}", *line))).await {
            Ok(reply) if reply.has_code(334) => self.command(Typed(String::new())).await,
            other => other,
        };
        match outcome {
            Ok(reply) if reply.has_code(334) => {
                Err(Trouble::SignIn("the server asks on and on instead of letting us in".into()))
            }
            Ok(_) => Ok(()),
            Err(Trouble::Refused(reply)) if !reply.is_temporary() => {
                Err(Trouble::SignIn(TOKEN_REFUSED.into()))
            }
            Err(other) => Err(other),
        }
    }

    /// Says goodbye; what comes of it does not matter.
    pub(crate) async fn farewell(mut self) {
        let _ = timeout(self.pace.farewell, self.smtp.command(Quit)).await;
    }
}

/// Why there is no access token to sign in with.
fn no_token(error: ProviderError) -> Trouble {
    match error {
        ProviderError::Auth(words) => Trouble::SignIn(words),
        other => Trouble::Lost(other.to_string()),
    }
}

/// A line of our own making.
struct Typed(String);

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\r\n", self.0)
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

fn encode(text: &str) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(text))
}

/// Somebody who does not greet like an SMTP server.
fn stranger(trouble: Trouble, settings: &SmtpSettings) -> Trouble {
    let Trouble::Lost(_) = trouble else { return trouble };
    let hint = if settings.security == Security::Tls {
        "check the port, or choose STARTTLS (usually on 587)"
    } else {
        "check the port, or choose TLS if the server wants TLS from the first byte (usually on 465)"
    };
    let port = settings.port;
    Trouble::Net(NetError::Protocol(format!(
        "port {port} does not greet like an SMTP server; {hint}"
    )))
}

impl Offers {
    fn read(lines: &[String]) -> Self {
        let mut offers = Self::default();
        // Behind the code and its dash or space; the first line is the server's name.
        for line in lines.iter().skip(1).filter_map(|line| line.get(4..)) {
            let upper = line.trim().to_ascii_uppercase();
            // Old servers write AUTH=PLAIN.
            let mut words = upper.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("SIZE") => offers.size = words.next().and_then(|n| n.parse().ok()).or(Some(0)),
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("DSN") => offers.dsn = true,
                Some("STARTTLS") => offers.start_tls = true,
                Some("AUTH") => offers.mechanisms.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        offers
    }
}

/// How long a connection may rest.
pub(crate) fn rested(line: &Line, idle: Duration) -> bool {
    line.last_used.elapsed() >= idle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_offers_is_read_as_servers_write_it() {
        let lines = [
            "250-mx.example at your service",
            "250-SIZE 35882577",
            "250-8bitmime",
            "250-AUTH=LOGIN PLAIN",
            "250-AUTH XOAUTH2",
            "250 SMTPUTF8",
        ];
        let offers = Offers::read(&lines.map(str::to_owned));
        assert_eq!(offers.size, Some(35_882_577));
        assert!(offers.eight_bit && offers.utf8 && !offers.start_tls);
        assert_eq!(offers.mechanisms, ["LOGIN", "PLAIN", "XOAUTH2"]);
        assert_eq!(Offers::read(&["250 SIZE".into()]), Offers::default(), "the name is no offer");
        assert_eq!(Offers::read(&["250-x".into(), "250 SIZE".into()]).size, Some(0));
    }
}
