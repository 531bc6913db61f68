//! Signing in: by a password (PLAIN, or LOGIN where the server knows nothing better) or by an access token (XOAUTH2).
//!
//! Invariant: a token that was turned away is replaced once; what is turned away then is for the person.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::secret::Secret;
use zeroize::Zeroizing;

use async_imap::imap_proto::ResponseCode;

use super::capability::Caps;
use super::error::{ImapError, code_of, shorten};
use super::settings::ImapSettings;
use super::wire::{Command, Done, Wire};
use crate::net::{Credential, TOKEN_REFUSED, xoauth2};

/// Signs in; the capabilities if the server tells them with its OK.
pub(super) async fn sign_in(
    wire: &mut Wire,
    settings: &ImapSettings,
    credential: &Credential,
    caps: &Caps,
) -> Result<Option<Caps>, ImapError> {
    let secret = credential.secret(None).await.map_err(ImapError::Token)?;
    if !credential.renews() {
        return by_password(wire, settings, &secret, caps).await;
    }
    if !caps.auth_xoauth2 {
        return Err(ImapError::Settings {
            field: "host",
            message: "this server does not take a sign-in of the browser; use a password for it"
                .into(),
        });
    }
    match by_token(wire, settings, &secret, caps).await {
        Err(ImapError::SignIn(_)) => {
            let fresh = credential.secret(Some(&secret)).await.map_err(ImapError::Token)?;
            by_token(wire, settings, &fresh, caps).await
        }
        outcome => outcome,
    }
}

async fn by_token(
    wire: &mut Wire,
    settings: &ImapSettings,
    token: &Secret,
    caps: &Caps,
) -> Result<Option<Caps>, ImapError> {
    let line = Zeroizing::new(STANDARD.encode(xoauth2(&settings.user, token).as_bytes()));
    let tag = if caps.sasl_ir {
        wire.send(Command::new(format!("AUTHENTICATE XOAUTH2 {}", *line))).await?
    } else {
        let tag = wire.send(Command::new("AUTHENTICATE XOAUTH2")).await?;
        wire.invitation(&tag).await?;
        wire.send_line(&line).await?;
        tag
    };
    let outcome = wire.finish_challenged(&tag).await;
    verdict(outcome, |_| TOKEN_REFUSED.into())
}

async fn by_password(
    wire: &mut Wire,
    settings: &ImapSettings,
    password: &Secret,
    caps: &Caps,
) -> Result<Option<Caps>, ImapError> {
    let user = settings.user.as_str();
    let outcome = if caps.auth_plain {
        let token = STANDARD.encode(format!("\0{user}\0{}", password.expose()));
        if caps.sasl_ir {
            wire.run(Command::new(format!("AUTHENTICATE PLAIN {token}")), |_| {}).await
        } else {
            let tag = wire.send(Command::new("AUTHENTICATE PLAIN")).await?;
            match wire.invitation(&tag).await {
                Ok(()) => {
                    wire.send_line(&token).await?;
                    wire.finish(&tag, |_| {}).await
                }
                Err(error) => Err(error),
            }
        }
    } else if caps.login_disabled {
        return Err(ImapError::Settings {
            field: "security",
            message:
                "the server accepts passwords only over a secure connection; choose TLS or STARTTLS"
                    .into(),
        });
    } else {
        let login = Command::new("LOGIN ").argument(user).text(" ").argument(password.expose());
        wire.run(login, |_| {}).await
    };
    verdict(outcome, |text| {
        format!(
            "check the user name and the password; many providers want an app password ({text})"
        )
    })
}

/// Tells a refused sign-in from a server that has trouble; `words` makes a refusal plain.
fn verdict(
    outcome: Result<Done, ImapError>,
    words: impl FnOnce(&str) -> String,
) -> Result<Option<Caps>, ImapError> {
    match outcome {
        Ok(done) => Ok(match &done.code {
            Some(ResponseCode::Capabilities(all)) => Some(Caps::read(all)),
            _ => None,
        }),
        Err(ImapError::No { text }) => match code_of(&text).as_deref() {
            Some("LIMIT" | "UNAVAILABLE" | "INUSE" | "OVERQUOTA" | "SERVERBUG") => {
                Err(ImapError::No { text })
            }
            _ => Err(ImapError::SignIn(words(&shorten(&text)))),
        },
        Err(error) => Err(error),
    }
}
