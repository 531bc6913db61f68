//! What our client does: marks, syncs, spells without a line, and being killed.

use serde_json::Value;

use crate::play::{Intent, Kind, Play, ROOMS};
use crate::support::wait_until;

/// A mark, and what it promises.
const MARKS: [(&str, Kind, Intent); 7] = [
    ("read", Kind::Seen, Intent::Flag(true)),
    ("unread", Kind::Seen, Intent::Flag(false)),
    ("starred", Kind::Starred, Intent::Flag(true)),
    ("unstarred", Kind::Starred, Intent::Flag(false)),
    ("archived", Kind::Place, Intent::In("Archive")),
    ("deleted", Kind::Place, Intent::In("Trash")),
    ("inbox", Kind::Place, Intent::In("INBOX")),
];

impl Play {
    /// A person does something to a conversation.
    pub fn mark(&mut self) {
        let view = *self.dice.one_of(&["inbox", "inbox", "archived", "trash", "all"]).unwrap();
        let page = self.bell.json(&["inbox", "--view", view, "--limit", "200"]);
        let rows = page["rows"].as_array().unwrap();
        let Some(row) = self.dice.one_of(rows) else { return };
        let (word, kind, intent) = self.dice.one_of(&MARKS).unwrap().clone();
        let done = self.bell.json(&["mark", row["id"].as_str().unwrap(), word]);
        let changed = done["changed"].as_u64().unwrap();
        self.note(format!("bell marks {} {word}: {changed}", row["subject"]));
        if changed > 0 {
            if kind == Kind::Place {
                self.moving.insert(id_of(row));
            }
            self.promise(row, kind, intent);
        }
    }

    /// Notes what a mark promises, where nothing else can be the reason that it does not come true.
    fn promise(&mut self, row: &Value, kind: Kind, intent: Intent) {
        let id = id_of(row);
        let alone = !self.threaded.contains(&id) && self.copies.get(&id) == Some(&1);
        if alone && !self.touched.contains(&id) {
            self.intents.insert((id, kind), intent);
        }
    }

    /// A sync that must succeed; every promise that it carried is then true.
    pub fn sync(&mut self) {
        let brought = self.bell.sync();
        self.note(format!("bell syncs: {}", brief(&brought)));
        assert!(brought["error"].is_null(), "{brought:#}");
        if brought["edits_waiting"] == 0 {
            self.collect();
            self.moving.clear();
        }
        self.touched.clear();
    }

    /// Holds the promises against the server.
    fn collect(&mut self) {
        let rooms = ROOMS.map(|room| (room, self.in_room(room)));
        for ((id, kind), intent) in std::mem::take(&mut self.intents) {
            let found = rooms.iter().find_map(|(room, copies)| {
                Some((*room, copies.iter().find(|copy| copy.id == id)?))
            });
            let Some((room, copy)) = found else { panic!("{id} is nowhere on the server") };
            let kept = match &intent {
                Intent::In(target) => room == *target,
                Intent::Flag(value) if kind == Kind::Seen => copy.seen == *value,
                Intent::Flag(value) => copy.starred == *value,
            };
            assert!(
                kept,
                "{id}: {kind:?} {intent:?} was marked here, the server has {copy:?} in {room}"
            );
        }
    }

    /// A sync while the other client is busy on the same mailboxes.
    pub fn sync_in_a_crowd(&mut self) {
        let mut phone = self.phone();
        let mut child = self.bell.start(&["sync"]);
        for _ in 0..6 {
            self.meanwhile(&mut phone);
        }
        let status = child.wait().unwrap();
        self.note(format!("bell has synced in a crowd: {status}"));
        assert!(status.success(), "a crowd is no reason to fail: {status}");
    }

    /// A sync that is killed at a moment nobody chose.
    pub fn sync_killed(&mut self) {
        let mut phone = self.phone();
        let logins = |log: &str| log.matches("imap-login: Info: Login:").count();
        let before = logins(&self.server.log());
        let mut child = self.bell.start(&["sync"]);
        wait_until("bell to sign in or to end", 240, || {
            let over = child.try_wait().unwrap().is_some();
            (over || logins(&self.server.log()) > before).then_some(())
        });
        // Round trips are the clock: from at once to some tenths of a second.
        let moment = self.dice.below(120);
        for _ in 0..moment {
            phone.command("NOOP").unwrap();
        }
        child.kill().unwrap();
        let status = child.wait().unwrap();
        drop(phone);
        self.note(format!("bell is killed in a sync after {moment} round trips: {status}"));
        self.quiet();
    }

    /// The server is away: marks work, a sync says so, and nothing is lost.
    pub fn offline(&mut self) {
        self.server.stop();
        self.note("the server goes away".into());
        for _ in 0..=self.dice.below(3) {
            self.mark();
        }
        let said = self.bell.run(&["--json", "sync"]);
        assert_eq!(said.code, Some(1), "offline is a failure: {said:?}");
        assert_eq!(said.json()["accounts"][0]["error"]["code"], "offline", "{said:?}");
        self.server.restart().unwrap();
        self.note("the server is back".into());
    }
}

/// The Message-ID behind a row that stands for one message.
fn id_of(row: &Value) -> String {
    let number = row["subject"].as_str().unwrap().trim_start_matches("mail ");
    format!("{number}@stories.example")
}

/// A sync's outcome in one line.
pub fn brief(brought: &Value) -> String {
    let count = |name: &str| brought[name].to_string();
    format!(
        "{} new, {} changed, {} gone, {} sent, {} waiting",
        count("added"),
        count("changed"),
        count("removed"),
        count("edits_sent"),
        count("edits_waiting")
    )
}
