//! Whether Resend watches who reads mail from this account's domain: its setting, which no message can overrule.
//!
//! Invariant: nothing leaves while it is known to be on. A key that may only send is not told; that is said where
//! the account is shown, and the message goes.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::SendOutcome;
use tokio::time::Instant;

use super::ResendProvider;
use super::map::rejected;
use super::wire::{Domain, DomainList, Refusal};
use crate::http::shorten;

/// For how long an answer holds.
const HOLDS: Duration = Duration::from_secs(5 * 60);
/// Domains asked for at once, the most Resend gives, and so often.
const PAGE: &str = "100";
const PAGES: usize = 20;

/// The domain an account sends from, as Resend has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may send, and nobody is watched.
    Fine,
    /// It may not send; why.
    Unfit(String),
    /// Its readers are watched; where that is switched off.
    Watched(String),
    /// The key may only send, and is told nothing.
    Untold,
}

impl ResendProvider {
    /// Looks at the domain now.
    pub(super) async fn standing(&self) -> Result<Standing, ProviderError> {
        let own = self.address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let (mut found, mut after): (Option<Domain>, Option<String>) = (None, None);
        for _ in 0..PAGES {
            let mut query = vec![("limit", PAGE)];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let answer = self.api.get(&["domains"], &query).await?;
            if !answer.is_yes() {
                let refusal: Refusal = answer.json().unwrap_or_default();
                // A key that may only send is a good key.
                if refusal.name == "restricted_api_key" {
                    self.may_look.store(false, Ordering::Relaxed);
                    return Ok(Standing::Untold);
                }
                return Err(answer.refusal(&shorten(&refusal.message)));
            }
            let Some(list) = answer.json::<DomainList>() else {
                return Err(ProviderError::Protocol("the list of domains cannot be read".into()));
            };
            after = list.data.last().map(|domain| domain.id.clone()).filter(|_| list.has_more);
            found = list.data.into_iter().find(|domain| domain.name.eq_ignore_ascii_case(own));
            if found.is_some() || after.is_none() {
                break;
            }
        }
        // Once it is told something, it may ask for more.
        self.may_look.store(true, Ordering::Relaxed);
        Ok(match found {
            // Resend's own domain for first steps.
            _ if own.eq_ignore_ascii_case("resend.dev") => Standing::Fine,
            None => Standing::Unfit(format!(
                "the domain {own} is not set up in this Resend account; add it there first"
            )),
            Some(domain) if domain.open_tracking || domain.click_tracking => {
                Standing::Watched(format!(
                    "Resend is set to watch who opens mail from {own}; switch off open and click tracking for it there"
                ))
            }
            Some(domain) if domain.status != "verified" => Standing::Unfit(format!(
                "the domain {own} is not verified yet; finish its set-up in Resend"
            )),
            Some(_) => Standing::Fine,
        })
    }

    /// Looks before a message leaves, unless it has looked just now; why it must not leave.
    pub(super) async fn watches(&self) -> Result<(), SendOutcome> {
        let known = self.looked().clone().filter(|(at, _)| at.elapsed() < HOLDS);
        let standing = match known {
            Some((_, standing)) => standing,
            None => match self.standing().await {
                Ok(standing) => {
                    *self.looked() = Some((Instant::now(), standing.clone()));
                    standing
                }
                Err(ProviderError::RateLimited { after }) => {
                    let message = "Resend asks for a pause".to_owned();
                    return Err(SendOutcome::Retry { after, message });
                }
                // Whatever else it says to the question, the message it may take.
                Err(ProviderError::Rejected { .. }) => Standing::Untold,
                Err(ProviderError::Auth(words)) => return Err(SendOutcome::SignIn(words)),
                Err(error) => {
                    return Err(SendOutcome::Retry { after: None, message: error.to_string() });
                }
            },
        };
        match standing {
            Standing::Watched(words) => {
                // Switched off there, it is to be seen at the next try.
                *self.looked() = None;
                Err(rejected("tracking", words))
            }
            // Whether it may send, Resend says itself.
            Standing::Fine | Standing::Unfit(_) | Standing::Untold => Ok(()),
        }
    }

    pub(super) fn looked(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Standing)>> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
