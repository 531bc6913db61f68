//! Who a person can write as, and whom they write to.

use deskbell_domain::SenderId;
use deskbell_engine::compose::fault;
use deskbell_store::table::{account, identity, sender};

use crate::compose::clean;
use crate::desk::Desk;
use crate::dto::{
    ApiError, ById, CompleteArgs, Completions, Done, NoArgs, Sender, SenderForm, SenderList,
};
use crate::handlers::{id, optional_id};
use crate::present;

/// Suggestions one may ask for.
const MOST: u32 = 20;
/// Longest name and signature.
const LONGEST_NAME: usize = 200;
const LONGEST_SIGNATURE: usize = 200_000;

/// Every sender.
pub async fn list(desk: &Desk, _: NoArgs) -> Result<SenderList, ApiError> {
    ensure(desk).await?;
    let rows = desk.store.read(sender::list).await?;
    Ok(SenderList { senders: rows.into_iter().map(shown).collect() })
}

/// Gives each account that has an address and no sender its first one, of that address and its name.
pub(crate) async fn ensure(desk: &Desk) -> Result<(), ApiError> {
    let lacking = desk
        .store
        .read(|c| {
            let mut lacking = Vec::new();
            for account in account::list(c)? {
                let writes = fault(&account.address).is_none();
                if writes && sender::of_account(c, account.id)?.is_empty() {
                    lacking.push(account);
                }
            }
            Ok(lacking)
        })
        .await?;
    if lacking.is_empty() || desk.store.is_read_only() {
        return Ok(());
    }
    desk.write(move |w| {
        for account in &lacking {
            if !sender::of_account(w, account.id)?.is_empty() {
                continue;
            }
            let name = if account.name == account.address { "" } else { account.name.as_str() };
            let form = sender::SenderForm {
                account: account.id,
                name: name.to_owned(),
                address: account.address.clone(),
                signature: String::new(),
                reply_to: None,
                first: true,
            };
            sender::put(w, None, &form)?;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

/// Makes a sender or changes one.
pub async fn put(desk: &Desk, form: SenderForm) -> Result<Sender, ApiError> {
    ensure(desk).await?;
    let known = optional_id::<SenderId>("id", form.id.as_deref())?;
    let account = id("account_id", &form.account_id)?;
    let address = form.address.trim().to_owned();
    if let Some(fault) = fault(&address) {
        return Err(ApiError::field("address", format!("“{address}” {fault}.")));
    }
    let reply_to = form.reply_to.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some((address, fault)) =
        reply_to.as_deref().and_then(|address| Some((address, fault(address)?)))
    {
        return Err(ApiError::field("reply_to", format!("“{address}” {fault}.")));
    }
    let name = form.name.trim().to_owned();
    if name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(ApiError::field(
            "name",
            "Enter a name of one line and at most 200 characters.",
        ));
    }
    if form.signature.len() > LONGEST_SIGNATURE {
        return Err(ApiError::field("signature", "This signature is too long. Shorten it."));
    }
    let form = sender::SenderForm {
        account,
        name,
        address,
        signature: clean(&form.signature),
        reply_to,
        first: form.first,
    };
    let row = desk
        .write(move |w| {
            let id = sender::put(w, known, &form)?;
            sender::get(w, id)
        })
        .await?;
    Ok(shown(row))
}

/// Removes a sender. An account's last one stays: something must stand in From.
pub async fn remove(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let sender: SenderId = id("id", &args.id)?;
    let row = desk.store.read(move |c| sender::get(c, sender)).await?;
    let left = desk.store.read(move |c| sender::of_account(c, row.account)).await?;
    if left.len() < 2 {
        return Err(ApiError::field(
            "id",
            "This is the account's only sender. Change it, or make another one first.",
        ));
    }
    desk.write(move |w| sender::remove(w, sender)).await?;
    Ok(Done {})
}

/// People whose name or address begins like this.
pub async fn complete(desk: &Desk, args: CompleteArgs) -> Result<Completions, ApiError> {
    if !(1..=MOST).contains(&args.limit) {
        return Err(ApiError::field("limit", format!("Ask for 1 to {MOST} people.")));
    }
    let limit = args.limit as usize;
    let people = desk.store.read(move |c| identity::complete(c, &args.prefix, limit)).await?;
    Ok(Completions { people: people.into_iter().map(present::person).collect() })
}

fn shown(row: sender::Sender) -> Sender {
    Sender {
        id: row.id.to_string(),
        account_id: row.account.to_string(),
        name: row.name,
        address: row.address,
        signature: row.signature,
        reply_to: row.reply_to,
        first: row.first,
    }
}
