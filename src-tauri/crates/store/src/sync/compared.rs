//! What a provider lists of a scope, held against what is here of it.
//!
//! Invariant: nothing is written. What differs is named, and asked for anew: a listing is put together from several
//! answers, between which things change.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use deskbell_domain::message::Flags;
use deskbell_domain::sync::{Listed, RemoteKey};
use deskbell_domain::{MailboxRole, ScopeId, label as names};

use crate::StoreError;
use crate::table::label;
use crate::table::location::valid_key;

/// A copy as it is here.
struct Here {
    flags: Flags,
    role: Option<MailboxRole>,
    /// Labels by what tells their names at the provider apart.
    labels: BTreeSet<String>,
}

/// The keys of what is here and not listed, listed and not here, or another there than here.
pub fn differing(
    c: &Connection,
    scope: ScopeId,
    listed: &[Listed],
) -> Result<Vec<RemoteKey>, StoreError> {
    let mut here = here(c, scope)?;
    let (known, full) = (labels(c)?, label::has_adopted_enough(c)?);
    // What is not taken over as a label would differ for ever.
    let counts = |name: &&String| {
        known.contains(&names::name_key(name)) || (!full && label::shown_as(name).is_some())
    };
    let mut differing = Vec::new();
    for one in listed {
        let same = here.remove(&one.key).is_some_and(|here| {
            let labels: BTreeSet<String> =
                one.labels.iter().filter(counts).map(|name| names::name_key(name)).collect();
            told(here.flags) == told(one.flags)
                && here.role == Some(one.role)
                && here.labels == labels
        });
        if !same {
            differing.push(one.key.clone());
        }
    }
    differing.extend(here.into_keys());
    Ok(differing)
}

/// What a listing tells of flags.
fn told(flags: Flags) -> (bool, bool, bool) {
    (flags.seen, flags.starred, flags.draft)
}

/// What tells all labels apart that there are, by their names at providers.
fn labels(c: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut statement = c.prepare("SELECT remote_key FROM label")?;
    let keys = statement.query_map([], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

fn here(c: &Connection, scope: ScopeId) -> Result<BTreeMap<RemoteKey, Here>, StoreError> {
    let mut copies = c.prepare(concat!(
        "SELECT remote_key, flags, role FROM location WHERE scope_id = ?1 AND ",
        valid_key!()
    ))?;
    let rows = copies.query_map([scope.0], |row| {
        let role: String = row.get(2)?;
        let (flags, role) = (Flags::from_bits(row.get(1)?), MailboxRole::parse(&role));
        Ok((RemoteKey(row.get(0)?), Here { flags, role, labels: BTreeSet::new() }))
    })?;
    let mut here: BTreeMap<RemoteKey, Here> = rows.collect::<Result<_, _>>()?;
    let mut carried = c.prepare(
        "SELECT b.remote_key, n.remote_key FROM location_label b JOIN label n ON n.id = b.label_id WHERE b.scope_id = ?1",
    )?;
    let mut rows = carried.query([scope.0])?;
    while let Some(row) = rows.next()? {
        if let Some(copy) = here.get_mut(&RemoteKey(row.get(0)?)) {
            copy.labels.insert(row.get(1)?);
        }
    }
    Ok(here)
}
