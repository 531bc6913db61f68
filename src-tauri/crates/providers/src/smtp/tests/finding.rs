//! Looking for a message of unknown fate.

use std::sync::Arc;

use async_trait::async_trait;
use deskbell_domain::message::Flags;
use deskbell_domain::outgoing::Found;
use deskbell_domain::port::{CopyName, CopySink, MessageSink as _};
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{MailboxRole, Millis, ProviderError};

use super::support::settings;
use crate::smtp::pace::Pace;
use crate::smtp::{SmtpProvider, SmtpSettings};

/// Sent messages, by their Message-ID.
struct Sent(&'static str);

#[async_trait]
impl CopySink for Sent {
    async fn copies(&self, role: MailboxRole, id: &str) -> Result<Vec<CopyName>, ProviderError> {
        assert_eq!(role, MailboxRole::Sent);
        Ok((id == self.0).then(|| ("Sent".to_owned(), RemoteKey("7".into()))).into_iter().collect())
    }

    async fn keep(
        &self,
        _: MailboxRole,
        _: &[u8],
        _: Flags,
        _: Millis,
    ) -> Result<Option<CopyName>, ProviderError> {
        panic!("looking puts nothing anywhere")
    }

    async fn forget(&self, _: &[CopyName]) -> Result<(), ProviderError> {
        panic!("looking erases nothing")
    }
}

fn looking(saves_sent: Option<bool>) -> SmtpProvider {
    let settings = SmtpSettings { saves_sent, ..settings(1) };
    SmtpProvider::with_pace(settings, None, Some(Arc::new(Sent("there@x"))), Pace::default())
}

#[tokio::test]
async fn a_missing_copy_says_no_only_where_the_server_makes_one() {
    let find = async |sender: &SmtpProvider, id: &str| sender.find(id, None).await.expect("looked");
    for saves_sent in [None, Some(false)] {
        let sender = looking(saves_sent);
        assert_eq!(find(&sender, "elsewhere@x").await, Found::CannotTell, "{saves_sent:?}");
    }
    assert_eq!(find(&looking(Some(true)), "elsewhere@x").await, Found::No);
    let learning = looking(None);
    assert_eq!(learning.saves_sent(), None);
    assert_eq!(find(&learning, "there@x").await, Found::Yes(Some("7".into())));
    assert_eq!(learning.saves_sent(), Some(true), "it was caught making one");
    assert_eq!(find(&learning, "elsewhere@x").await, Found::No);
}

#[tokio::test]
async fn a_server_that_gives_messages_new_ids_never_says_no() {
    let host = "smtp-mail.outlook.com".to_owned();
    let settings = SmtpSettings { saves_sent: Some(true), host, ..settings(1) };
    let sender =
        SmtpProvider::with_pace(settings, None, Some(Arc::new(Sent("there@x"))), Pace::default());
    assert_eq!(sender.find("elsewhere@x", None).await.expect("looked"), Found::CannotTell);
    assert_eq!(sender.saves_sent(), Some(true), "it makes its copy all the same");
}

#[tokio::test]
async fn without_sent_messages_nobody_can_tell() {
    let settings = SmtpSettings { saves_sent: Some(true), ..settings(1) };
    let alone = SmtpProvider::with_pace(settings, None, None, Pace::default());
    assert_eq!(alone.find("any@x", None).await.expect("looked"), Found::CannotTell);
}
