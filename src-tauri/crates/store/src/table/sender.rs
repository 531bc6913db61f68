//! `sender`: who a person can write as: names and addresses of an account, with their signatures.
//!
//! Invariant: an account that has senders has exactly one first. An account without any writes under its own
//! address.

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::address::identity_key;
use deskbell_domain::{AccountId, Address, SenderId};

use crate::store::Entity;
use crate::table::account;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE sender (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- with which account
  name TEXT NOT NULL, -- display name, or empty
  address TEXT NOT NULL, -- as it stands in From
  address_key TEXT NOT NULL, -- the address in its comparable form
  signature TEXT NOT NULL, -- HTML, or empty
  reply_to TEXT, -- where answers should go, where not to the address
  first INTEGER NOT NULL -- 1: the one an account writes as unless told otherwise
) STRICT;
CREATE UNIQUE INDEX sender_once ON sender (account_id, address_key, name);
CREATE INDEX sender_address ON sender (address_key);
";

/// A row of `sender`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Row id.
    pub id: SenderId,
    /// With which account.
    pub account: AccountId,
    /// Display name, or empty.
    pub name: String,
    /// Address.
    pub address: String,
    /// Signature as HTML, or empty.
    pub signature: String,
    /// Where answers should go.
    pub reply_to: Option<String>,
    /// The account's first.
    pub first: bool,
}

impl Sender {
    /// As it stands in From.
    pub fn mailbox(&self) -> Address {
        let name = Some(self.name.clone()).filter(|name| !name.trim().is_empty());
        Address { name, address: self.address.clone() }
    }
}

/// What a sender is made of, or changed to.
#[derive(Clone, Debug)]
pub struct SenderForm {
    /// With which account.
    pub account: AccountId,
    /// Display name, or empty.
    pub name: String,
    /// Address.
    pub address: String,
    /// Signature as HTML, or empty.
    pub signature: String,
    /// Where answers should go.
    pub reply_to: Option<String>,
    /// Make it the account's first.
    pub first: bool,
}

const COLUMNS: &str = "id, account_id, name, address, signature, reply_to, first";

fn read(row: &Row<'_>) -> rusqlite::Result<Sender> {
    Ok(Sender {
        id: SenderId(row.get(0)?),
        account: AccountId(row.get(1)?),
        name: row.get(2)?,
        address: row.get(3)?,
        signature: row.get(4)?,
        reply_to: row.get(5)?,
        first: row.get(6)?,
    })
}

/// The senders of an account, its first in front.
pub fn of_account(c: &Connection, account: AccountId) -> Result<Vec<Sender>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM sender WHERE account_id = ?1 ORDER BY first DESC, id");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map([account.0], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every sender, in the order of the accounts.
pub fn list(c: &Connection) -> Result<Vec<Sender>, StoreError> {
    let mut senders = Vec::new();
    for account in account::list(c)? {
        senders.extend(of_account(c, account.id)?);
    }
    Ok(senders)
}

/// One sender.
pub fn get(c: &Connection, id: SenderId) -> Result<Sender, StoreError> {
    c.prepare_cached(&format!("SELECT {COLUMNS} FROM sender WHERE id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or(StoreError::NotFound("sender"))
}

/// Whether an address is one the person writes as, with any account.
pub fn is_own(c: &Connection, address: &str) -> Result<bool, StoreError> {
    let key = identity_key(address);
    if c.prepare_cached("SELECT 1 FROM sender WHERE address_key = ?1")?.exists([&key])? {
        return Ok(true);
    }
    Ok(account::list(c)?.iter().any(|account| identity_key(&account.address) == key))
}

/// Makes a sender, or changes one.
pub fn put(
    w: &mut Write<'_>,
    id: Option<SenderId>,
    form: &SenderForm,
) -> Result<SenderId, StoreError> {
    account::get(w, form.account)?;
    let key = identity_key(&form.address);
    let twin: Option<i64> = w
        .prepare_cached(
            "SELECT id FROM sender WHERE account_id = ?1 AND address_key = ?2 AND name = ?3",
        )?
        .query_row(params![form.account.0, key, form.name], |row| row.get(0))
        .optional()?;
    if twin.is_some() && twin != id.map(|id| id.0) {
        return Err(StoreError::Conflict(format!(
            "{} is a sender of this account already; change that one, or give this one another name",
            form.address
        )));
    }
    let id = match id {
        Some(id) => {
            let before = get(w, id)?;
            if before.account != form.account {
                return Err(StoreError::Conflict(
                    "a sender stays with its account; make a new one for the other account".into(),
                ));
            }
            w.prepare_cached(
                "UPDATE sender SET name = ?2, address = ?3, address_key = ?4, signature = ?5, reply_to = ?6 WHERE id = ?1",
            )?
            .execute(params![id.0, form.name, form.address, key, form.signature, form.reply_to])?;
            id
        }
        None => {
            let id: i64 = w
                .prepare_cached(
                    "INSERT INTO sender (account_id, name, address, address_key, signature, reply_to, first)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0) RETURNING id",
                )?
                .query_row(
                    params![form.account.0, form.name, form.address, key, form.signature, form.reply_to],
                    |row| row.get(0),
                )?;
            SenderId(id)
        }
    };
    if form.first {
        w.execute(
            "UPDATE sender SET first = (id = ?2) WHERE account_id = ?1",
            params![form.account.0, id.0],
        )?;
    }
    keep_a_first(w, form.account)?;
    w.touched(Entity::Account, form.account.0);
    Ok(id)
}

/// Makes a sender the one its account writes as unless told otherwise.
pub fn set_first(w: &mut Write<'_>, id: SenderId) -> Result<(), StoreError> {
    let row = get(w, id)?;
    w.execute(
        "UPDATE sender SET first = (id = ?2) WHERE account_id = ?1",
        params![row.account.0, id.0],
    )?;
    w.touched(Entity::Account, row.account.0);
    Ok(())
}

/// Removes a sender; the account's next one becomes its first.
pub fn remove(w: &mut Write<'_>, id: SenderId) -> Result<(), StoreError> {
    let row = get(w, id)?;
    w.execute("DELETE FROM sender WHERE id = ?1", [id.0])?;
    keep_a_first(w, row.account)?;
    w.touched(Entity::Account, row.account.0);
    Ok(())
}

fn keep_a_first(w: &Write<'_>, account: AccountId) -> Result<(), StoreError> {
    w.execute(
        "UPDATE sender SET first = 1 WHERE id = (SELECT min(id) FROM sender WHERE account_id = ?1)
           AND NOT EXISTS (SELECT 1 FROM sender WHERE account_id = ?1 AND first = 1)",
        [account.0],
    )?;
    Ok(())
}
