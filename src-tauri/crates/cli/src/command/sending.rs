//! `bell account add smtp|sendgrid|resend` and `bell account sending`.

use deskbell_api::Desk;
use deskbell_api::dto::{
    self, Account, ApiError, KeyForm, NoArgs, SendingForm, SmtpAccountForm, SmtpForm,
};
use deskbell_api::handlers::{accounts, sending};

use super::account::password;
use crate::args::{Key, Security, Smtp};
use crate::exit::Failure;

impl From<Security> for dto::Security {
    fn from(security: Security) -> Self {
        match security {
            Security::None => Self::None,
            Security::Starttls => Self::Starttls,
            Security::Tls => Self::Tls,
        }
    }
}

/// The server that takes mail, if one is named; its password is read where it is another one.
pub fn form(smtp: &Smtp) -> Result<Option<SmtpForm>, Failure> {
    let Some(host) = &smtp.smtp_host else { return Ok(None) };
    let security = smtp.smtp_security.map_or(dto::Security::Tls, Into::into);
    let usual = match security {
        dto::Security::Tls => 465,
        dto::Security::None | dto::Security::Starttls => 587,
    };
    Ok(Some(SmtpForm {
        host: host.clone(),
        port: smtp.smtp_port.unwrap_or(usual),
        security,
        user: smtp.smtp_user.clone().unwrap_or_default(),
        password: if smtp.smtp_password_stdin { password()? } else { String::new() },
        saves_sent: smtp.smtp_saves_sent.then_some(true),
    }))
}

pub async fn add_smtp(
    desk: &Desk,
    address: String,
    name: String,
    smtp: &Smtp,
) -> Result<Account, Failure> {
    let smtp = form(smtp)?.ok_or_else(|| {
        ApiError::field("smtp_host", "Name the server that takes mail with --smtp-host.")
    })?;
    Ok(sending::add_smtp(desk, SmtpAccountForm { address, name, smtp }).await?)
}

/// The form behind a key; the key is read.
pub fn key(key: Key) -> Result<KeyForm, Failure> {
    Ok(KeyForm { address: key.address, name: key.name, key: password()?, base_url: key.base_url })
}

/// Changes what is named and leaves the rest.
pub async fn configure(
    desk: &Desk,
    id: String,
    smtp: &Smtp,
    (fallback, fallback_after): (Option<String>, Option<i64>),
    (undo, per_minute): (Option<i64>, Option<u32>),
) -> Result<Account, Failure> {
    let known = accounts::list(desk, NoArgs {}).await?.accounts;
    let account = known.into_iter().find(|account| account.id == id).ok_or_else(|| {
        ApiError::new(
            dto::Code::NotFound,
            format!("There is no account {id}; see `bell account list`."),
        )
    })?;
    let fallback_id = match fallback {
        None => account.fallback_id,
        Some(none) if none == "none" => None,
        Some(other) => Some(other),
    };
    let undo_ms = undo.map_or(account.undo_ms, |seconds| seconds.saturating_mul(1_000));
    let fallback_after_ms = fallback_after.map(|seconds| seconds.saturating_mul(1_000));
    let smtp = form(smtp)?;
    let form = SendingForm { id, smtp, fallback_id, fallback_after_ms, undo_ms, per_minute };
    Ok(sending::configure(desk, form).await?)
}

/// How an account sends, in a line.
pub fn told(account: &Account) -> String {
    let way = match (&account.smtp, account.sends) {
        (Some(smtp), _) => format!("sends through {}, port {}", smtp.host, smtp.port),
        (None, true) => "sends by its provider".into(),
        (None, false) => "cannot send".into(),
    };
    let fallback = account.fallback_id.as_ref();
    let after = account.fallback_after_ms / 1_000;
    let fallback = fallback.map_or_else(String::new, |id| {
        format!(", account {id} when it is down for {after} seconds")
    });
    let undo = account.undo_ms / 1_000;
    let pace = match (account.per_minute, account.usual_per_minute) {
        (Some(chosen), _) => format!(", at most {chosen} messages a minute"),
        (None, Some(usual)) => format!(", at most {usual} messages a minute, as is usual there"),
        (None, None) => String::new(),
    };
    let watched = watched(account);
    format!(
        "{watched}{} {way}{pace}{fallback}; {undo} seconds to take a message back.",
        account.name
    )
}

/// What a key that may only send cannot tell.
pub fn watched(account: &Account) -> String {
    if !account.tracking_unknown {
        return String::new();
    }
    "This key may only send: it cannot be seen whether the provider is set to track who opens mail. Make sure that \
     open and click tracking are off for the domain there.\n"
        .to_owned()
}
