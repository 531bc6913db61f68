//! What outlives a run: the mailboxes of the world, and who is still to answer, in one file.
//!
//! Not kept: sign-ins, uploads under way, faults, the journal. Invariant: a file is replaced whole or not at all.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::answers::Answers;
use crate::google::GmailMailbox;
use crate::microsoft::Mailbox;
use crate::world::World;

#[derive(Serialize)]
struct Keeping<'a> {
    now: i64,
    made: u64,
    google: &'a BTreeMap<String, GmailMailbox>,
    microsoft: &'a BTreeMap<String, Mailbox>,
    answers: &'a Answers,
}

#[derive(Deserialize)]
struct Kept {
    now: i64,
    made: u64,
    google: BTreeMap<String, GmailMailbox>,
    microsoft: BTreeMap<String, Mailbox>,
    answers: Answers,
}

/// Writes what outlives a run.
pub(crate) fn keep(world: &World, file: &Path) -> std::io::Result<()> {
    let bytes = serde_json::to_vec(&Keeping {
        now: world.now,
        made: world.made,
        google: &world.google.mailboxes,
        microsoft: &world.microsoft.mailboxes,
        answers: &world.answers,
    })?;
    let beside = file.with_extension("new");
    std::fs::write(&beside, bytes)?;
    std::fs::rename(&beside, file)
}

/// Reads the world of an earlier run.
pub(crate) fn resume(file: &Path) -> std::io::Result<World> {
    let kept: Kept = serde_json::from_slice(&std::fs::read(file)?)?;
    let mut world =
        World { now: kept.now, made: kept.made, answers: kept.answers, ..World::default() };
    world.google.mailboxes = kept.google;
    let mailboxes = kept.microsoft.into_iter().map(|(name, mailbox)| (name, mailbox.resumed()));
    world.microsoft.mailboxes = mailboxes.collect();
    Ok(world)
}

/// Bytes as base64: a list of numbers would be four times as long.
pub(crate) mod bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// As [`bytes`], where there may be none.
pub(crate) mod maybe_bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        bytes.as_ref().map(|bytes| STANDARD.encode(bytes)).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| STANDARD.decode(text).map_err(D::Error::custom)).transpose()
    }
}
