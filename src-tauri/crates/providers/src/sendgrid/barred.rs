//! The recipients SendGrid would take and then drop without a word, because of what happened before.
//!
//! Invariant: where the key may look, every recipient is looked up in every list before a message leaves: of a few
//! each by itself, of many by reading the lists, or each by itself after all where a list is endless.

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::address::identity_key;
use deskbell_domain::outgoing::{OutgoingMessage, RefusedRecipient, SendOutcome};
use tokio::time::Instant;

use super::{SendGridProvider, words};
use crate::http::Answer;

/// So many are looked up one by one: five questions each.
const ONE_BY_ONE: usize = 10;
/// Entries asked for at once, the most SendGrid gives, and so often: a longer list is not read.
const PAGE: usize = 500;
const PAGES: usize = 20;
/// For how long a list that was read holds.
const HOLDS: Duration = Duration::from_secs(5 * 60);

/// A list of suppressions.
struct List {
    /// Where all of it is read.
    whole: &'static [&'static str],
    /// Where one address is asked for; behind it stands the address, or it is asked for by a query where the API has
    /// no such place.
    one: Option<&'static [&'static str]>,
    why: &'static str,
}

const LISTS: [List; 5] = [
    List {
        whole: &["v3", "suppression", "bounces"],
        one: Some(&["v3", "suppression", "bounces"]),
        why: "mail to it came back before",
    },
    List {
        whole: &["v3", "suppression", "blocks"],
        one: Some(&["v3", "suppression", "blocks"]),
        why: "its server blocked mail from you",
    },
    List {
        whole: &["v3", "suppression", "spam_reports"],
        one: None,
        why: "its owner called mail from you spam",
    },
    List {
        whole: &["v3", "suppression", "invalid_emails"],
        one: None,
        why: "there is no such mailbox",
    },
    List {
        whole: &["v3", "suppression", "unsubscribes"],
        one: Some(&["v3", "asm", "suppressions", "global"]),
        why: "its owner wants no more mail from you",
    },
];

/// The lists as they were read, in the order of [`LISTS`]; `None` for one too long to be read.
pub(super) type Read = Vec<Option<BTreeSet<String>>>;

impl SendGridProvider {
    /// The recipients it would drop; or why nothing may leave yet.
    pub(super) async fn barred(
        &self,
        mail: &OutgoingMessage,
    ) -> Result<Vec<RefusedRecipient>, SendOutcome> {
        self.listed(&mail.recipients).await.map_err(|error| match error {
            ProviderError::RateLimited { after } => {
                SendOutcome::Retry { after, message: "SendGrid asks for a pause".into() }
            }
            error => SendOutcome::Retry { after: None, message: error.to_string() },
        })
    }

    async fn listed(&self, addresses: &[String]) -> Result<Vec<RefusedRecipient>, ProviderError> {
        let mut refused: Vec<RefusedRecipient> = Vec::new();
        let read = if addresses.len() > ONE_BY_ONE { self.lists().await? } else { Vec::new() };
        for address in addresses {
            let key = identity_key(address);
            for (place, list) in LISTS.iter().enumerate() {
                if !self.may_look.load(Ordering::Relaxed) {
                    return Ok(refused);
                }
                let is_on_it = match read.get(place) {
                    Some(Some(known)) => known.contains(&key),
                    Some(None) | None => self.names(list, &key).await?,
                };
                if is_on_it {
                    let reason = format!("SendGrid does not deliver to {address}: {}", list.why);
                    refused.push(RefusedRecipient { address: address.clone(), reason });
                    break;
                }
            }
        }
        Ok(refused)
    }

    /// Whether one list names this address.
    async fn names(&self, list: &List, key: &str) -> Result<bool, ProviderError> {
        let answer = match list.one {
            Some(place) => self.api.get(&[place, &[key]].concat(), &[]).await?,
            None => self.api.get(list.whole, &[("email", key)]).await?,
        };
        Ok(self.told(&answer)? && addresses(&answer).any(|address| identity_key(&address) == key))
    }

    /// All lists, as they were read within the last minutes.
    async fn lists(&self) -> Result<Read, ProviderError> {
        let before = {
            let read = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
            read.as_ref().filter(|(at, _)| at.elapsed() < HOLDS).map(|(_, read)| read.clone())
        };
        if let Some(read) = before {
            return Ok(read);
        }
        let mut read = Read::new();
        for list in &LISTS {
            read.push(self.whole(list).await?);
        }
        *self.lists.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), read.clone()));
        Ok(read)
    }

    async fn whole(&self, list: &List) -> Result<Option<BTreeSet<String>>, ProviderError> {
        let mut known = BTreeSet::new();
        for page in 0..PAGES {
            let (limit, offset) = (PAGE.to_string(), (page * PAGE).to_string());
            let query = [("limit", limit.as_str()), ("offset", offset.as_str())];
            let answer = self.api.get(list.whole, &query).await?;
            if !self.told(&answer)? {
                return Ok(None);
            }
            let entries: Vec<String> = addresses(&answer).collect();
            known.extend(entries.iter().map(|address| identity_key(address)));
            if entries.len() < PAGE {
                return Ok(Some(known));
            }
        }
        Ok(None)
    }

    /// Whether it was told; a key that may not look is not told, and does not ask again.
    fn told(&self, answer: &Answer) -> Result<bool, ProviderError> {
        match answer.status {
            401 | 403 => {
                self.may_look.store(false, Ordering::Relaxed);
                Ok(false)
            }
            429 | 500.. => Err(answer.refusal(&words(answer))),
            _ => Ok(answer.is_yes()),
        }
    }
}

/// The addresses in an answer: of a list, or of the one entry asked for.
fn addresses(answer: &Answer) -> impl Iterator<Item = String> {
    let entries = match answer.json::<serde_json::Value>() {
        Some(serde_json::Value::Array(list)) => list,
        Some(entry) => vec![entry],
        None => Vec::new(),
    };
    entries.into_iter().filter_map(|entry| {
        let email = entry.get("email").or_else(|| entry.get("recipient_email"))?;
        Some(email.as_str()?.to_owned())
    })
}
