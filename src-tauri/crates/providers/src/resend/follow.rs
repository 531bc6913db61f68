//! What became of an email that Resend took, from the one word it keeps for it.
//!
//! Invariant: only what is certain is told. The word is of the whole email: of several recipients it says nothing,
//! unless Resend's list of addresses that bounced or complained names this very email. That a pixel was fetched is
//! no reading: Deskbell asks for no tracking, and programs fetch pixels for people.

use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::address::identity_key;
use deskbell_domain::outgoing::{Fate, Progress, Told};

use super::ResendProvider;
use super::wire::{Refusal, Retrieved};
use crate::http::{page, shorten};

/// What one of Resend's words means (`last_event`, API 1.5.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// Resend has it.
    Held,
    /// It was handed to the recipient's server, which has not answered.
    Sent,
    /// The recipient's server wants it later.
    Delayed,
    Delivered,
    /// It was delivered, and its reader called it spam.
    Complained,
    /// It will never get there; why, in plain words.
    Failed(&'static str),
    /// A word of a later version.
    Other,
}

impl Event {
    fn of(word: &str) -> Self {
        match word {
            "queued" | "scheduled" => Self::Held,
            "sent" => Self::Sent,
            "delivery_delayed" => Self::Delayed,
            "delivered" | "opened" | "clicked" => Self::Delivered,
            "complained" => Self::Complained,
            "bounced" => Self::Failed("the recipient's server sent it back"),
            "failed" => Self::Failed("Resend could not send it"),
            "suppressed" => Self::Failed(
                "Resend does not write to this address: mail to it came back before, or was called spam",
            ),
            "canceled" => Self::Failed("it was cancelled at Resend"),
            _ => Self::Other,
        }
    }

    /// What it says of a recipient, if it is of that one.
    fn of_one(self, address: &str) -> Option<Told> {
        let (fate, reason) = match self {
            Self::Delayed => (Fate::Delayed, "the recipient's server wants it later"),
            Self::Delivered => (Fate::Delivered, ""),
            Self::Complained => (Fate::Delivered, "its reader called it spam"),
            Self::Failed(why) => (Fate::Failed, why),
            Self::Held | Self::Sent | Self::Other => return None,
        };
        Some(Told { address: address.to_owned(), fate, reason: reason.to_owned() })
    }

    /// Whether somebody may be on the list of addresses that bounced or complained because of it. The word is of
    /// whoever came last: where it was delivered, it may have come back from another.
    fn may_be_listed(self) -> bool {
        matches!(self, Self::Delivered | Self::Complained | Self::Failed(_))
    }

    /// What an entry of that list says.
    fn of_origin(origin: &str) -> Option<Self> {
        match origin {
            "bounce" => Some(Self::of("bounced")),
            "complaint" => Some(Self::Complained),
            _ => None,
        }
    }
}

impl ResendProvider {
    /// What became of an email.
    pub(super) async fn became(
        &self,
        id: &str,
        recipients: &[String],
    ) -> Result<Progress, ProviderError> {
        let answer = self.api.get(&["emails", id], &[]).await?;
        if !answer.is_yes() {
            let refusal: Refusal = answer.json().unwrap_or_default();
            return match (answer.status, refusal.name.as_str()) {
                // A key that may only send will never be told.
                (401 | 403, "restricted_api_key") | (404, _) => {
                    Ok(Progress { over: true, ..Progress::default() })
                }
                _ => Err(answer.refusal(&shorten(&refusal.message))),
            };
        }
        let Some(email) = answer.json::<Retrieved>() else { return Err(page()) };
        let event = Event::of(&email.last_event);
        let alone = recipients.len() == 1;
        let told = match recipients {
            [only] => event.of_one(only).into_iter().collect(),
            several if event.may_be_listed() => self.listed(id, several).await,
            _ => Vec::new(),
        };
        Ok(Progress {
            sent: !matches!(event, Event::Held | Event::Other | Event::Failed(_)),
            told,
            // Of several, another may still be heard of.
            over: alone && matches!(event, Event::Complained | Event::Failed(_)),
        })
    }

    /// Whose bounce or complaint this very email was, of several.
    async fn listed(&self, id: &str, recipients: &[String]) -> Vec<Told> {
        // Nothing is told where it cannot be read now; it is asked again.
        let found = self.entries(recipients, Duration::ZERO).await.unwrap_or_default();
        let told = recipients.iter().filter_map(|address| {
            let entry = found.get(&identity_key(address))?;
            let event = Event::of_origin(&entry.origin);
            event.filter(|_| entry.source_id.as_deref() == Some(id))?.of_one(address)
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetched_pixel_is_no_reading_and_an_unknown_word_says_nothing() {
        for word in ["opened", "clicked", "delivered"] {
            let told = Event::of(word).of_one("mara@client.example").expect("it is there");
            assert_eq!(told.fate, Fate::Delivered, "{word}");
        }
        for word in ["", "queued", "sent", "a_word_of_next_year"] {
            assert_eq!(Event::of(word).of_one("mara@client.example"), None, "{word:?}");
        }
    }
}
