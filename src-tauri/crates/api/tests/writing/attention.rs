//! Who is looked at, as a window says it and the mailboxes hear it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use deskbell_api::dto::{Code, IdsArgs};
use deskbell_api::handlers::accounts;
use deskbell_domain::port::{Capabilities, MessageSource, Provider, StateSink};
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::{Cursor, Page, PullOptions, RemoteBody, RemoteKey, RemoteScope};
use deskbell_domain::{AccountId, ProviderError};
use deskbell_engine::ProviderFactory;
use deskbell_store::table::account::Account;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;

/// What each mailbox heard last.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<BTreeMap<AccountId, bool>>>);

impl Heard {
    /// The accounts that are looked at, as far as their mailboxes know.
    fn looked_at(&self) -> Vec<String> {
        let heard = self.0.lock().expect("whole");
        heard.iter().filter(|(_, now)| **now).map(|(id, _)| id.to_string()).collect()
    }
}

/// A mailbox out of reach, which hears all the same whether it is looked at.
struct Mailbox(AccountId, Heard);

impl ProviderFactory for Heard {
    fn open(
        &self,
        account: &Account,
        _: Option<Secret>,
    ) -> Result<Arc<dyn Provider>, ProviderError> {
        Ok(Arc::new(Mailbox(account.id, self.clone())))
    }
}

fn nobody<T>() -> Result<T, ProviderError> {
    Err(ProviderError::Offline("nobody is there".into()))
}

#[async_trait]
impl MessageSource for Mailbox {
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        nobody()
    }

    async fn pull(
        &self,
        _: &RemoteScope,
        _: Option<&Cursor>,
        _: PullOptions,
    ) -> Result<Page, ProviderError> {
        nobody()
    }

    async fn bodies(
        &self,
        _: &RemoteScope,
        _: Option<&Cursor>,
        _: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        nobody()
    }

    async fn watch(&self, _: &[RemoteScope]) -> Result<Vec<String>, ProviderError> {
        nobody()
    }

    fn attend(&self, looked_at: bool) {
        self.1.0.lock().expect("whole").insert(self.0, looked_at);
    }
}

impl Provider for Mailbox {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: true, writes_state: false, connections: 1 }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        Some(self)
    }

    fn state(&self) -> Option<&dyn StateSink> {
        None
    }
}

fn ids(ids: &[&str]) -> IdsArgs {
    IdsArgs { ids: ids.iter().map(|id| (*id).to_owned()).collect() }
}

#[tokio::test]
async fn the_mailboxes_of_the_list_on_the_screen_hear_that_they_are_looked_at() {
    let mut desk = Desk::new().await;
    let (own, other) = (desk.account.clone(), desk.add("other@studio.example").await);
    let heard = Heard::default();
    let engine = desk.run(Arc::new(heard.clone()));
    for account in [&own, &other] {
        let id: AccountId = account.parse().expect("an id");
        let synced = engine.sync_once(id, &CancellationToken::new()).await;
        synced.expect_err("nobody is there, but the mailbox is open");
    }
    assert_eq!(heard.looked_at(), [""; 0]);

    let both = json!({ "ids": [own, other] });
    deskbell_api::call(&desk, "accounts_attend", both).await.expect("is taken");
    assert_eq!(heard.looked_at(), [own.clone(), other.clone()]);
    accounts::attend(&desk, ids(&[&other])).await.expect("is taken");
    assert_eq!(heard.looked_at(), [other.as_str()], "the list of one account");

    let gone = accounts::attend(&desk, ids(&[&own, "4711"])).await.expect_err("no such account");
    assert_eq!(gone.code, Code::NotFound);
    let none = accounts::attend(&desk, ids(&[&own, "x"])).await.expect_err("no id");
    assert_eq!((none.code, none.fields[0].field.as_str()), (Code::Invalid, "ids"));
    assert_eq!(heard.looked_at(), [other], "what is refused changes nothing");

    accounts::attend(&desk, ids(&[])).await.expect("is taken");
    assert_eq!(heard.looked_at(), [""; 0], "the window is behind another");
}

#[tokio::test]
async fn where_no_engine_runs_nobody_hears_it_and_nothing_is_wrong() {
    let desk = Desk::new().await;
    accounts::attend(&desk, ids(&[&desk.account])).await.expect("is taken");
}
