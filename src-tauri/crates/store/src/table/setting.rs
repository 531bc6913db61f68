//! `setting`: what a person set for all of Deskbell. Which keys there are is `domain::settings`'s.
//!
//! Invariant: only what differs from its default by a person's choice has a row, and what is stored was checked; a
//! value this version does not understand (a newer one wrote it) is left alone and reads as the default.

use rusqlite::{Connection, params};
use serde_json::{Map, Value};

use deskbell_domain::settings::{SettingRefused, Settings};

use crate::store::Entity;
use crate::table::outbox::encode;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE setting (
  id INTEGER PRIMARY KEY, -- for the change log
  key TEXT NOT NULL UNIQUE, -- a field of the settings
  value TEXT NOT NULL, -- JSON
  updated_at INTEGER NOT NULL -- ms UTC
) STRICT;
";

/// Everything that is set; defaults for the rest.
pub fn load(c: &Connection) -> Result<Settings, StoreError> {
    let mut statement = c.prepare_cached("SELECT key, value FROM setting ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut settings = Settings::default();
    while let Some(row) = rows.next()? {
        let (key, text): (String, String) = (row.get(0)?, row.get(1)?);
        let Ok(value) = serde_json::from_str(&text) else { continue };
        if let Ok(with) = with(&settings, &key, value) {
            settings = with;
        }
    }
    Ok(settings)
}

/// Sets one key; `None` puts it back to its default. Nothing is written where it is refused.
pub fn put(
    w: &mut Write<'_>,
    key: &str,
    value: Option<Value>,
) -> Result<Result<Settings, SettingRefused>, StoreError> {
    let before = load(w)?;
    let wanted = match value.clone() {
        Some(value) => with(&before, key, value),
        None => default_of(key).and_then(|value| with(&before, key, value)),
    };
    let settings = match wanted {
        Ok(settings) => settings,
        Err(refused) => return Ok(Err(refused)),
    };
    match value {
        Some(value) => {
            let id: i64 = w
                .prepare_cached(
                    "INSERT INTO setting (key, value, updated_at) VALUES (?1, ?2, ?3)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
                     RETURNING id",
                )?
                .query_row(params![key, encode(&value)?, w.now()], |row| row.get(0))?;
            w.touched(Entity::Setting, id);
        }
        None => {
            let mut statement =
                w.prepare_cached("DELETE FROM setting WHERE key = ?1 RETURNING id")?;
            let gone =
                statement.query_map([key], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            drop(statement);
            gone.into_iter().for_each(|id| w.deleted(Entity::Setting, id));
        }
    }
    Ok(Ok(settings))
}

/// These settings with one key changed, if that can be.
fn with(settings: &Settings, key: &str, value: Value) -> Result<Settings, SettingRefused> {
    let mut all = object(settings);
    match all.get_mut(key) {
        Some(known) => *known = value,
        None => return Err(SettingRefused::Unknown(key.to_owned())),
    }
    let changed: Settings = serde_json::from_value(Value::Object(all))
        .map_err(|_| SettingRefused::Form(key.to_owned()))?;
    changed.check()?;
    Ok(changed)
}

fn default_of(key: &str) -> Result<Value, SettingRefused> {
    object(&Settings::default()).remove(key).ok_or_else(|| SettingRefused::Unknown(key.to_owned()))
}

fn object(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(all)) => all,
        _ => Map::new(),
    }
}
