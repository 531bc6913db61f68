//! `account`: connections to providers, their state and schedule. Passwords are in `secret`.

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::{AccountId, AccountState, Channel, Millis};

use crate::store::Entity;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  provider TEXT NOT NULL, -- which provider opens it: imap, archive
  channel TEXT NOT NULL, -- how its messages travel: email
  address TEXT NOT NULL, -- its own address, or the path of an archive
  name TEXT NOT NULL, -- what a person calls it
  color INTEGER NOT NULL DEFAULT 0, -- index into the palette of account colours
  position INTEGER NOT NULL DEFAULT 0, -- order in lists
  settings TEXT NOT NULL, -- the provider's settings as JSON, never a secret
  state TEXT NOT NULL DEFAULT 'new', -- new, ok, offline, sign_in_needed, paused, storage_full, error; erasing: being removed, shown nowhere
  detail TEXT, -- the state in plain words
  paused INTEGER NOT NULL DEFAULT 0, -- 1: a person stopped it
  schedule TEXT NOT NULL, -- cron expression of the unasked full sync
  writes_back INTEGER NOT NULL DEFAULT 0, -- 1: the provider keeps what a person does to messages
  created_at INTEGER NOT NULL, -- instant, ms UTC
  synced_at INTEGER -- when every scope was last up to date, ms UTC
) STRICT;
CREATE UNIQUE INDEX account_once ON account (provider, address);
";

pub(crate) const V2: &str = "
ALTER TABLE account ADD COLUMN own_address TEXT; -- the address of the person whose mail it is, where its address names something else: an archive
";

/// What is needed to make an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Which provider opens it.
    pub provider: String,
    /// How its messages travel.
    pub channel: Channel,
    /// Its own address, or the path of an archive.
    pub address: String,
    /// What a person calls it.
    pub name: String,
    /// The provider's settings as JSON.
    pub settings: String,
    /// Cron expression of the unasked full sync.
    pub schedule: String,
    /// The provider keeps what a person does to messages.
    pub writes_back: bool,
    /// Messages can be sent with it.
    pub sends: bool,
}

/// An account row.
#[derive(Clone, Debug)]
pub struct Account {
    /// Row id.
    pub id: AccountId,
    /// Which provider opens it.
    pub provider: String,
    /// How its messages travel.
    pub channel: Channel,
    /// Its own address, or the path of an archive.
    pub address: String,
    /// What a person calls it.
    pub name: String,
    /// Index into the palette.
    pub color: u8,
    /// The provider's settings as JSON.
    pub settings: String,
    /// State.
    pub state: AccountState,
    /// The state in plain words.
    pub detail: Option<String>,
    /// A person stopped it.
    pub paused: bool,
    /// Cron expression of the unasked full sync.
    pub schedule: String,
    /// The provider keeps what a person does to messages.
    pub writes_back: bool,
    /// When every scope was last up to date.
    pub synced_at: Option<Millis>,
    /// The address of the person whose mail it is, where its address names something else.
    pub own_address: Option<String>,
    /// Messages can be sent with it.
    pub sends: bool,
    /// The account that sends where this one cannot.
    pub fallback: Option<AccountId>,
    /// How long a message waits to be taken back, in milliseconds.
    pub undo_ms: i64,
    /// Whether its provider puts what it sends among the sent messages by itself; `None` until learnt.
    pub saves_sent: Option<bool>,
    /// How long it must have failed to send before its fallback sends for it, in milliseconds.
    pub fallback_ms: i64,
    /// Messages it may send in a minute, where a person chose.
    pub per_minute: Option<u32>,
}

const COLUMNS: &str = "id, provider, channel, address, name, color, settings, state, detail, paused, schedule, writes_back, synced_at, sends, fallback_id, undo_ms, saves_sent, fallback_ms, own_address, per_minute";

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: AccountId(row.get(0)?),
        provider: row.get(1)?,
        channel: Channel::parse(&row.get::<_, String>(2)?).unwrap_or(Channel::Email),
        address: row.get(3)?,
        name: row.get(4)?,
        color: row.get(5)?,
        settings: row.get(6)?,
        state: AccountState::parse(&row.get::<_, String>(7)?),
        detail: row.get(8)?,
        paused: row.get(9)?,
        schedule: row.get(10)?,
        writes_back: row.get(11)?,
        synced_at: row.get(12)?,
        sends: row.get(13)?,
        fallback: row.get::<_, Option<i64>>(14)?.map(AccountId),
        undo_ms: row.get(15)?,
        saves_sent: row.get(16)?,
        fallback_ms: row.get(17)?,
        own_address: row.get(18)?,
        per_minute: row.get(19)?,
    })
}

impl Account {
    /// The address by which its own messages are known.
    pub fn own(&self) -> &str {
        self.own_address.as_deref().unwrap_or(&self.address)
    }
}

/// Takes the id of an account to come, which is never given again: its password is sealed for that id, and
/// then stored together with the account.
pub fn reserve(w: &mut Write<'_>) -> Result<AccountId, StoreError> {
    w.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'account', 0
         WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'account')",
        [],
    )?;
    let sql = "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'account' RETURNING seq";
    Ok(w.query_row(sql, [], |row| row.get(0).map(AccountId))?)
}

/// Makes an account under an id of its own.
pub fn insert(w: &mut Write<'_>, new: &NewAccount) -> Result<AccountId, StoreError> {
    let id = reserve(w)?;
    insert_as(w, id, new)?;
    Ok(id)
}

/// Makes an account under a reserved id; its colour is the next of a palette of eight.
pub fn insert_as(w: &mut Write<'_>, id: AccountId, new: &NewAccount) -> Result<(), StoreError> {
    let position: i64 =
        w.query_row("SELECT coalesce(max(position), -1) + 1 FROM account", [], |r| r.get(0))?;
    w.execute(
        "INSERT INTO account (id, provider, channel, address, name, color, position, settings, schedule, writes_back, created_at, sends)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            id.0,
            new.provider,
            new.channel.as_str(),
            new.address,
            new.name,
            position % 8,
            position,
            new.settings,
            new.schedule,
            new.writes_back,
            w.now(),
            new.sends
        ],
    )?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// All accounts in the person's order; here as everywhere without those being removed.
pub fn list(c: &Connection) -> Result<Vec<Account>, StoreError> {
    let mut statement = c.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM account WHERE state <> 'erasing' ORDER BY position, id"
    ))?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One account.
pub fn get(c: &Connection, id: AccountId) -> Result<Account, StoreError> {
    c.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM account WHERE id = ?1 AND state <> 'erasing'"
    ))?
    .query_row([id.0], read)
    .optional()?
    .ok_or(StoreError::NotFound("account"))
}

/// The account of this provider with this address, if there is one.
pub fn find(c: &Connection, provider: &str, address: &str) -> Result<Option<Account>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE provider = ?1 AND address = ?2");
    Ok(c.prepare_cached(&sql)?.query_row([provider, address], read).optional()?)
}

/// Sets the state and its words; does nothing where both stand already.
pub fn set_state(
    w: &mut Write<'_>,
    id: AccountId,
    state: AccountState,
    detail: Option<&str>,
) -> Result<(), StoreError> {
    let changed = w.execute(
        "UPDATE account SET state = ?2, detail = ?3 WHERE id = ?1 AND state <> 'erasing' AND (state IS NOT ?2 OR detail IS NOT ?3)",
        params![id.0, state.as_str(), detail],
    )?;
    if changed > 0 {
        w.touched(Entity::Account, id.0);
    }
    Ok(())
}

/// Says whose mail it is. Messages that are here already are told from others by [`crate::sync::set_owner`].
pub fn set_own_address(
    w: &mut Write<'_>,
    id: AccountId,
    address: Option<&str>,
) -> Result<(), StoreError> {
    w.execute("UPDATE account SET own_address = ?2 WHERE id = ?1", params![id.0, address])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Notes that every scope is up to date.
pub fn set_synced(w: &mut Write<'_>, id: AccountId) -> Result<(), StoreError> {
    w.execute("UPDATE account SET synced_at = ?2 WHERE id = ?1", params![id.0, w.now()])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Stops an account, or lets it go on.
pub fn set_paused(w: &mut Write<'_>, id: AccountId, paused: bool) -> Result<(), StoreError> {
    w.execute("UPDATE account SET paused = ?2 WHERE id = ?1", params![id.0, paused])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Says whether messages can be sent with it.
pub fn set_sends(w: &mut Write<'_>, id: AccountId, sends: bool) -> Result<(), StoreError> {
    w.execute("UPDATE account SET sends = ?2 WHERE id = ?1", params![id.0, sends])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Gives it another name.
pub fn set_name(w: &mut Write<'_>, id: AccountId, name: &str) -> Result<(), StoreError> {
    w.execute("UPDATE account SET name = ?2 WHERE id = ?1", params![id.0, name])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Gives it another colour of the palette.
pub fn set_color(w: &mut Write<'_>, id: AccountId, color: u8) -> Result<(), StoreError> {
    w.execute("UPDATE account SET color = ?2 WHERE id = ?1", params![id.0, color])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Says when it is looked at unasked.
pub fn set_schedule(w: &mut Write<'_>, id: AccountId, schedule: &str) -> Result<(), StoreError> {
    w.execute("UPDATE account SET schedule = ?2 WHERE id = ?1", params![id.0, schedule])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Puts accounts into this order; those not named come behind, in the order they have.
pub fn set_order(w: &mut Write<'_>, order: &[AccountId]) -> Result<(), StoreError> {
    let left: Vec<AccountId> =
        list(w)?.into_iter().map(|row| row.id).filter(|id| !order.contains(id)).collect();
    for (position, id) in order.iter().chain(&left).enumerate() {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let moved = w.execute(
            "UPDATE account SET position = ?2 WHERE id = ?1 AND position <> ?2",
            params![id.0, position],
        )?;
        if moved > 0 {
            w.touched(Entity::Account, id.0);
        }
    }
    Ok(())
}

/// What of an account is on this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Messages.
    pub messages: i64,
    /// Files in them.
    pub files: i64,
    /// Bytes of the messages, as their servers count them.
    pub bytes: i64,
    /// Sealed passwords and tokens.
    pub secrets: i64,
}

/// Counts what of an account is on this machine; walks over all of its messages.
pub fn footprint(c: &Connection, id: AccountId) -> Result<Footprint, StoreError> {
    let sql = "SELECT count(*), coalesce(sum(size), 0),
                 (SELECT count(*) FROM attachment AS a JOIN message AS m ON m.id = a.message_id WHERE m.account_id = ?1),
                 (SELECT count(*) FROM secret WHERE account_id = ?1)
               FROM message WHERE account_id = ?1";
    Ok(c.query_row(sql, [id.0], |row| {
        Ok(Footprint {
            messages: row.get(0)?,
            bytes: row.get(1)?,
            files: row.get(2)?,
            secrets: row.get(3)?,
        })
    })?)
}

/// Says which account sends where this one cannot, and how long a message waits to be taken back.
pub fn set_sending(
    w: &mut Write<'_>,
    id: AccountId,
    fallback: Option<AccountId>,
    undo_ms: i64,
) -> Result<(), StoreError> {
    w.execute(
        "UPDATE account SET fallback_id = ?2, undo_ms = ?3 WHERE id = ?1",
        params![id.0, fallback.map(|id| id.0), undo_ms],
    )?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Notes whether its provider puts what it sends among the sent messages by itself.
pub fn set_saves_sent(w: &mut Write<'_>, id: AccountId, saves: bool) -> Result<(), StoreError> {
    w.execute("UPDATE account SET saves_sent = ?2 WHERE id = ?1", params![id.0, saves])?;
    Ok(())
}

/// Says how long it must have failed to send before its fallback sends for it.
pub fn set_fallback_after(w: &mut Write<'_>, id: AccountId, ms: i64) -> Result<(), StoreError> {
    w.execute("UPDATE account SET fallback_ms = ?2 WHERE id = ?1", params![id.0, ms.max(0)])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Says how many messages it may send in a minute; `None` for what is usual at its provider.
pub fn set_per_minute(
    w: &mut Write<'_>,
    id: AccountId,
    per_minute: Option<u32>,
) -> Result<(), StoreError> {
    w.execute("UPDATE account SET per_minute = ?2 WHERE id = ?1", params![id.0, per_minute])?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Replaces the provider's settings.
pub fn set_settings(w: &mut Write<'_>, id: AccountId, settings: &str) -> Result<(), StoreError> {
    // Another server may keep what it sends, or not.
    w.execute(
        "UPDATE account SET settings = ?2, saves_sent = NULL WHERE id = ?1",
        params![id.0, settings],
    )?;
    w.touched(Entity::Account, id.0);
    Ok(())
}

/// Begins to remove an account: from now on it is shown nowhere, never synced, and its address is free.
///
/// What is left of it is erased in steps, if need be after the next start; see [`crate::sync::erase`].
pub(crate) fn begin_erasing(w: &mut Write<'_>, id: AccountId) -> Result<(), StoreError> {
    let begun = w.execute(
        "UPDATE account SET state = 'erasing', detail = NULL, paused = 1, address = 'erasing ' || id, name = '', settings = '{}'
         WHERE id = ?1 AND state <> 'erasing'",
        [id.0],
    )?;
    if begun > 0 {
        w.execute("DELETE FROM secret WHERE account_id = ?1", [id.0])?;
        w.deleted(Entity::Account, id.0);
    }
    Ok(())
}

/// Whether there is such an account, or something left of it.
pub(crate) fn exists(c: &Connection, id: AccountId) -> Result<bool, StoreError> {
    Ok(c.prepare_cached("SELECT 1 FROM account WHERE id = ?1")?.exists([id.0])?)
}

/// Accounts whose removal has begun and not ended.
pub fn erasing(c: &Connection) -> Result<Vec<AccountId>, StoreError> {
    let mut statement = c.prepare("SELECT id FROM account WHERE state = 'erasing' ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get(0).map(AccountId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Erases the account's own rows; its messages must be erased first, see [`crate::sync::erase`].
pub(crate) fn delete(w: &mut Write<'_>, id: AccountId) -> Result<(), StoreError> {
    w.execute("DELETE FROM account WHERE id = ?1", [id.0])?;
    w.deleted(Entity::Account, id.0);
    Ok(())
}
