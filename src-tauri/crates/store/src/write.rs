//! A transaction under way: the connection, and the log of what it touched.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use rusqlite::Connection;

use deskbell_domain::Millis;

use crate::body::Packer;
use crate::store::{Change, Entity, Origin};

/// What a closure given to [`crate::Store::write`] works with; everything it does commits together.
pub struct Write<'a> {
    connection: &'a Connection,
    packer: &'a Arc<Packer>,
    origin: Origin,
    now: Millis,
    touched: BTreeMap<(Entity, i64), bool>,
    after_commit: Vec<AfterCommit>,
}

type AfterCommit = Box<dyn FnOnce() + Send>;

impl<'a> Write<'a> {
    pub(crate) fn new(
        connection: &'a Connection,
        packer: &'a Arc<Packer>,
        origin: Origin,
        now: Millis,
    ) -> Self {
        Self { connection, packer, origin, now, touched: BTreeMap::new(), after_commit: Vec::new() }
    }

    /// The instant of this transaction, as its caller gave it.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// What packs and unpacks bodies.
    pub fn packer(&self) -> &Arc<Packer> {
        self.packer
    }

    /// Logs that a row was made or changed.
    pub(crate) fn touched(&mut self, entity: Entity, id: i64) {
        self.touched.insert((entity, id), false);
    }

    /// Logs that a row is gone.
    pub(crate) fn deleted(&mut self, entity: Entity, id: i64) {
        self.touched.insert((entity, id), true);
    }

    /// Runs `job` once the transaction is committed; never if it is rolled back.
    pub(crate) fn after_commit(&mut self, job: impl FnOnce() + Send + 'static) {
        self.after_commit.push(Box::new(job));
    }

    /// What is to be done after the commit.
    pub(crate) fn take_after_commit(&mut self) -> Vec<AfterCommit> {
        std::mem::take(&mut self.after_commit)
    }

    /// Writes the log rows; the last step before the commit.
    pub(crate) fn log(&mut self) -> rusqlite::Result<Vec<Change>> {
        let changes: Vec<Change> = std::mem::take(&mut self.touched)
            .into_iter()
            .map(|((entity, id), deleted)| Change { entity, id, deleted })
            .collect();
        crate::table::change::insert(self.connection, self.origin, self.now, &changes)?;
        Ok(changes)
    }
}

impl Deref for Write<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}
