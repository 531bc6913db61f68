//! What has changed in a mailbox of the server in memory since a position.

use std::collections::BTreeSet;

use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteChange, RemoteKey, RemoteMessage, RemoteSource,
};
use serde::{Deserialize, Serialize};

use super::{Mail, Mailbox};

/// A larger message is given out only when it is asked for by itself.
const LARGE: u64 = 64 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Position {
    epoch: u32,
    heard: usize,
    /// Still to list: numbers below this one.
    below: u32,
    relisting: bool,
}

impl Mailbox {
    pub(super) fn page(&self, cursor: Option<&Cursor>, options: PullOptions) -> Page {
        let start = |relisting| Position {
            epoch: self.epoch,
            heard: self.history.len(),
            below: u32::MAX,
            relisting,
        };
        let stored = cursor.map(|cursor| {
            serde_json::from_str::<Position>(&cursor.0).expect("a cursor of this server")
        });
        let mut changes = Vec::new();
        let mut position = match stored {
            Some(position) if position.epoch == self.epoch => position,
            Some(_) => {
                changes.push(RemoteChange::Renumbered);
                changes.push(RemoteChange::ListingBegan);
                start(true)
            }
            None => start(false),
        };
        let remote = |uid: u32, mail: &Mail| RemoteMessage {
            key: RemoteKey::from_uid(uid),
            flags: mail.flags,
            internal_date: mail.date,
            size: mail.size,
            role: None,
            thread: None,
            known_by: None,
            source: if options.bodies && mail.size <= LARGE {
                RemoteSource::Full(mail.raw.clone())
            } else {
                let text = std::str::from_utf8(&mail.raw).expect("our mail is ASCII");
                let end = text.find("\r\n\r\n").expect("our mail has a body") + 4;
                RemoteSource::Headers(mail.raw.slice(..end))
            },
        };
        for uid in self.history.iter().skip(position.heard) {
            match self.mail.get(uid) {
                Some(mail) => changes.push(RemoteChange::Message(remote(*uid, mail))),
                None => changes.push(RemoteChange::Gone(RemoteKey::from_uid(*uid))),
            }
        }
        position.heard = self.history.len();
        let listed: Vec<(&u32, &Mail)> =
            self.mail.range(..position.below).rev().take(options.max_messages as usize).collect();
        for (uid, mail) in &listed {
            changes.push(RemoteChange::Message(remote(**uid, mail)));
        }
        let told: BTreeSet<u32> = changes
            .iter()
            .filter_map(|change| match change {
                RemoteChange::Message(message) => message.key.to_uid(),
                _ => None,
            })
            .collect();
        for uid in told {
            let Some(mail) = self.mail.get(&uid).filter(|mail| !mail.keywords.is_empty()) else {
                continue;
            };
            let (key, keywords) =
                (RemoteKey::from_uid(uid), mail.keywords.iter().cloned().collect());
            changes.push(RemoteChange::Keywords { key, keywords });
        }
        let was_listing = position.below > 0;
        position.below = listed.last().map_or(0, |(uid, _)| **uid);
        let left = self.mail.range(..position.below).count() as u64;
        if left == 0 {
            position.below = 0;
            if position.relisting {
                changes.push(RemoteChange::ListingEnded);
                position.relisting = false;
            }
        }
        Page {
            changes,
            next: Cursor(serde_json::to_string(&position).expect("a position is JSON")),
            more: left > 0,
            remote_total: Some(self.mail.len() as u64),
            remaining: was_listing.then_some(left),
        }
    }
}
