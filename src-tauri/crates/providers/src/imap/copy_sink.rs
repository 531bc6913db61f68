//! The port for copies of messages made here, over the connection for edits.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use async_trait::async_trait;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopyName, CopySink};
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{MailboxRole, Millis, ProviderError};

use super::error::{ImapError, Purpose};
use super::relocation::Once;
use super::session::Session;
use super::uids::sequence_set;
use super::{ImapProvider, copies, gmail, uids_of};

impl ImapProvider {
    fn numberings(&self) -> MutexGuard<'_, BTreeMap<String, u32>> {
        self.numberings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers under which numbering the selected mailbox was seen.
    fn note_numbering(&self, session: &Session) {
        if let Some(selected) = &session.selected {
            self.numberings().insert(selected.name.clone(), selected.view.uid_validity);
        }
    }

    async fn forget_in(
        &self,
        session: &mut Session,
        mailbox: &str,
        uids: &[u32],
    ) -> Result<(), ImapError> {
        let (view, _) = match session.select(mailbox, None).await {
            Err(ImapError::MailboxGone) => return Ok(()),
            other => other?,
        };
        let named = self.numberings().get(mailbox).copied();
        let named = named.or_else(|| self.seen.uid_validity(mailbox));
        match named {
            Some(validity) if validity != view.uid_validity => Err(ImapError::Renumbered),
            _ if gmail::pile(session, &self.known_folders()).await?.as_deref() == Some(mailbox) => {
                let there = session.search(&sequence_set(uids)).await?;
                let known = self.known_folders();
                if there.is_empty() {
                    return Ok(());
                }
                gmail::erase_through_trash(session, mailbox, &there, &known, &Once).await
            }
            _ => copies::forget(session, uids).await,
        }
    }
}

#[async_trait]
impl CopySink for ImapProvider {
    async fn copies(
        &self,
        role: MailboxRole,
        message_id: &str,
    ) -> Result<Vec<CopyName>, ProviderError> {
        let known = self.known_folders();
        let looking = async {
            let mut slot = self.edits.lock().await;
            let mut session = self.open(&mut slot).await?;
            let outcome = copies::find(&mut session, role, message_id, &known).await;
            self.note_numbering(&session);
            self.rest(&mut slot, session, outcome)
        };
        looking.await.map_err(|error| error.into_provider(role.as_str(), Purpose::Reading))
    }

    async fn keep(
        &self,
        role: MailboxRole,
        source: &[u8],
        flags: Flags,
        date: Millis,
    ) -> Result<Option<CopyName>, ProviderError> {
        let known = self.known_folders();
        let keeping = async {
            let mut slot = self.edits.lock().await;
            let mut session = self.open(&mut slot).await?;
            let outcome = copies::keep(&mut session, role, source, flags, date, &known).await;
            self.rest(&mut slot, session, outcome)
        };
        let kept = keeping.await;
        let (mailbox, given) =
            kept.map_err(|error| error.into_provider(role.as_str(), Purpose::Writing))?;
        Ok(given.map(|(validity, uid)| {
            self.numberings().insert(mailbox.clone(), validity);
            (mailbox, RemoteKey::from_uid(uid))
        }))
    }

    async fn forget(&self, copies: &[CopyName]) -> Result<(), ProviderError> {
        let mut mailboxes: BTreeMap<&str, Vec<RemoteKey>> = BTreeMap::new();
        for (mailbox, key) in copies {
            mailboxes.entry(mailbox).or_default().push(key.clone());
        }
        for (mailbox, keys) in mailboxes {
            let uids = uids_of(&keys);
            let forgetting = async {
                let mut slot = self.edits.lock().await;
                let mut session = self.open(&mut slot).await?;
                let outcome = self.forget_in(&mut session, mailbox, &uids).await;
                self.rest(&mut slot, session, outcome)
            };
            forgetting.await.map_err(|error| error.into_provider(mailbox, Purpose::Writing))?;
        }
        Ok(())
    }
}
