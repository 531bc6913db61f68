//! How accounts send: servers, keys, fallbacks, the time to take a message back.

use deskbell_domain::AccountId;
use deskbell_domain::secret::Secret;
use deskbell_store::table::{self, secret};

use crate::desk::{Desk, KeyProvider};
use crate::dto::{Account, ApiError, KeyForm, SendingForm, SmtpAccountForm};
use crate::handlers::accounts::{SENDING, Secrets, add, refuse_read_only, seal, show};
use crate::handlers::{id, optional_id};

/// Longest time a message waits to be taken back, in milliseconds.
const LONGEST_UNDO: i64 = 60_000;
/// Longest time an account may fail before another one sends for it, in milliseconds.
const LONGEST_WAIT: i64 = deskbell_domain::time::DAY;

/// Most messages a minute that can be chosen.
const FASTEST: u32 = 10_000;

/// Tries a server that takes mail and makes an account of it that only sends.
pub async fn add_smtp(desk: &Desk, form: SmtpAccountForm) -> Result<Account, ApiError> {
    refuse_read_only(desk)?;
    let mailbox = desk.gateway.try_smtp(&form).await?;
    let password = Some(form.smtp.password).filter(|password| !password.is_empty());
    let secrets = Secrets { password: password.map(Secret::new), sending: None, grant: None };
    add(desk, mailbox, &form.name, secrets, "address").await
}

/// Tries a SendGrid key and makes an account of it that only sends.
pub async fn add_sendgrid(desk: &Desk, form: KeyForm) -> Result<Account, ApiError> {
    add_key(desk, KeyProvider::SendGrid, form).await
}

/// Tries a Resend key and makes an account of it that only sends.
pub async fn add_resend(desk: &Desk, form: KeyForm) -> Result<Account, ApiError> {
    add_key(desk, KeyProvider::Resend, form).await
}

async fn add_key(desk: &Desk, provider: KeyProvider, form: KeyForm) -> Result<Account, ApiError> {
    refuse_read_only(desk)?;
    let mailbox = desk.gateway.try_key(provider, &form).await?;
    let secrets = Secrets { password: Some(Secret::new(form.key)), sending: None, grant: None };
    add(desk, mailbox, &form.name, secrets, "address").await
}

/// Says how an account sends from now on; a server is tried first.
pub async fn configure(desk: &Desk, form: SendingForm) -> Result<Account, ApiError> {
    refuse_read_only(desk)?;
    let account: AccountId = id("id", &form.id)?;
    let row = desk.store.read(move |c| table::account::get(c, account)).await?;
    if !(0..=LONGEST_UNDO).contains(&form.undo_ms) {
        return Err(ApiError::field("undo_ms", "Choose a time from 0 to 60 seconds."));
    }
    if form.fallback_after_ms.is_some_and(|after| !(0..=LONGEST_WAIT).contains(&after)) {
        return Err(ApiError::field(
            "fallback_after_ms",
            "Choose a time from 0 seconds to one day.",
        ));
    }
    if form.per_minute.is_some_and(|per_minute| per_minute > FASTEST) {
        return Err(ApiError::field(
            "per_minute",
            "Choose 1 to 10000 messages a minute, or 0 for what is usual.",
        ));
    }
    let fallback = optional_id::<AccountId>("fallback_id", form.fallback_id.as_deref())?;
    if let Some(fallback) = fallback {
        let other = desk.store.read(move |c| table::account::get(c, fallback)).await?;
        if fallback == account || !other.sends {
            return Err(ApiError::field(
                "fallback_id",
                "Choose another account that can send by itself.",
            ));
        }
    }
    let mut settings = None;
    let mut sealed = None;
    if let Some(smtp) = &form.smtp {
        let tried = desk.gateway.try_sending(account, &row.provider, &row.settings, smtp).await?;
        settings = Some(tried);
        if !smtp.password.is_empty() {
            let password = Secret::new(smtp.password.as_str());
            sealed = Some(seal(desk, account, &password).await?);
        }
    }
    let (undo_ms, fallback_after) = (form.undo_ms, form.fallback_after_ms);
    let per_minute = form.per_minute;
    // The password of an account that only sends is its only one.
    let name = if row.provider == "smtp" { "password" } else { SENDING };
    desk.write(move |w| {
        table::account::set_sending(w, account, fallback, undo_ms)?;
        if let Some(after) = fallback_after {
            table::account::set_fallback_after(w, account, after)?;
        }
        if let Some(chosen) = per_minute {
            let chosen = Some(chosen).filter(|chosen| *chosen > 0);
            table::account::set_per_minute(w, account, chosen)?;
        }
        if let Some(settings) = &settings {
            table::account::set_settings(w, account, settings)?;
            table::account::set_sends(w, account, true)?;
        }
        sealed.map_or(Ok(()), |sealed| secret::put(w, account, name, &sealed))
    })
    .await?;
    desk.wake(Some(account));
    show(desk, account).await
}
