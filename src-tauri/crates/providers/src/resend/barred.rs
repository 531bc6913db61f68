//! The addresses Resend does not write to any more, because they bounced or complained before.
//!
//! Invariant: where the key may look, every recipient is looked up before a message leaves: of a few each by itself,
//! of many by reading the whole list, or each by itself after all where that is endless.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::address::identity_key;
use deskbell_domain::outgoing::{OutgoingMessage, RefusedRecipient, SendOutcome};
use tokio::time::Instant;

use super::ResendProvider;
use super::wire::{Suppression, SuppressionList};

/// So many are looked up one by one.
const ONE_BY_ONE: usize = 10;
/// Entries asked for at once, the most Resend gives, and so often: a longer list is not read.
const PAGE: &str = "100";
const PAGES: usize = 30;
/// For how long a list that was read holds.
const HOLDS: Duration = Duration::from_secs(5 * 60);

/// A list as it was read, by address; `None` where it is too long to be read.
pub(super) type Read = Option<HashMap<String, Suppression>>;

impl ResendProvider {
    /// The recipients it does not deliver to; or why nothing may leave yet.
    pub(super) async fn barred(
        &self,
        mail: &OutgoingMessage,
    ) -> Result<Vec<RefusedRecipient>, SendOutcome> {
        let found = match self.entries(&mail.recipients, HOLDS).await {
            Ok(found) => found,
            Err(ProviderError::RateLimited { after }) => {
                let message = "Resend asks for a pause".to_owned();
                return Err(SendOutcome::Retry { after, message });
            }
            Err(error) => {
                return Err(SendOutcome::Retry { after: None, message: error.to_string() });
            }
        };
        let why = |origin: &str| match origin {
            "bounce" => "mail to it came back before",
            "complaint" => "its owner called mail from you spam",
            _ => "it is on Resend's list of addresses not to write to",
        };
        let refused = mail.recipients.iter().filter_map(|address| {
            let entry = found.get(&identity_key(address))?;
            Some(RefusedRecipient {
                address: address.clone(),
                reason: format!("Resend does not deliver to {address}: {}", why(&entry.origin)),
            })
        });
        Ok(refused.collect())
    }

    /// What the list says of these, by address; nothing where the key may not look. What was read no longer ago than
    /// `holds` is not read again.
    pub(super) async fn entries(
        &self,
        addresses: &[String],
        holds: Duration,
    ) -> Result<HashMap<String, Suppression>, ProviderError> {
        if !self.may_look.load(Ordering::Relaxed) {
            return Ok(HashMap::new());
        }
        let keys = addresses.iter().map(|address| identity_key(address));
        if addresses.len() > ONE_BY_ONE {
            let list = match self.read_before(holds) {
                Some(list) => list,
                None => self.read_list().await?,
            };
            if let Some(list) = list {
                return Ok(keys.filter_map(|key| list.get_key_value(&key)).map(owned).collect());
            }
        }
        let mut found = HashMap::new();
        for key in keys {
            let answer = self.api.get(&["suppressions", &key], &[]).await?;
            match answer.status {
                401 | 403 => {
                    self.may_look.store(false, Ordering::Relaxed);
                    break;
                }
                429 | 500.. => return Err(answer.refusal("")),
                _ => found
                    .extend(answer.json().filter(|_| answer.is_yes()).map(|entry| (key, entry))),
            }
        }
        Ok(found)
    }

    fn read_before(&self, holds: Duration) -> Option<Read> {
        let read = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        read.as_ref().filter(|(at, _)| at.elapsed() < holds).map(|(_, list)| list.clone())
    }

    async fn read_list(&self) -> Result<Read, ProviderError> {
        let mut list = HashMap::new();
        let mut after: Option<String> = None;
        let mut whole = false;
        for _ in 0..PAGES {
            let mut query = vec![("limit", PAGE)];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let answer = self.api.get(&["suppressions"], &query).await?;
            match answer.status {
                401 | 403 => {
                    self.may_look.store(false, Ordering::Relaxed);
                    return Ok(Some(HashMap::new()));
                }
                429 | 500.. => return Err(answer.refusal("")),
                _ => {}
            }
            let page = answer.json::<SuppressionList>().filter(|_| answer.is_yes());
            let Some(page) = page else { break };
            after = page.data.last().map(|entry| entry.id.clone());
            whole = !page.has_more || after.is_none();
            list.extend(page.data.into_iter().map(|entry| (identity_key(&entry.email), entry)));
            if whole {
                break;
            }
        }
        let read = whole.then_some(list);
        *self.list.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), read.clone()));
        Ok(read)
    }
}

fn owned((key, entry): (&String, &Suppression)) -> (String, Suppression) {
    (key.clone(), entry.clone())
}
