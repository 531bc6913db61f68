//! The end of the play: are both sides equal, is nothing lost, is nothing there twice?

use std::collections::BTreeMap;

use crate::ours::brief;
use crate::play::Play;
use crate::support::{mbox, server, wait_until};

impl Play {
    /// Syncs until nothing waits and nothing more comes.
    pub fn settle(&mut self) {
        let mut lines = Vec::new();
        wait_until("the last change to arrive", 300, || {
            let brought = self.bell.sync();
            lines.push(format!("bell syncs: {}", brief(&brought)));
            let still = ["added", "changed", "removed", "edits_sent", "edits_waiting"];
            still.iter().all(|name| brought[*name] == 0).then_some(())
        });
        lines.into_iter().for_each(|line| self.note(line));
    }

    /// Compares both sides, and both with what is known.
    pub fn judge(&mut self) {
        let there = server::holdings(&self.server);
        self.judge_numbers(&there);
        self.judge_export(&there);
        self.judge_lists(&there);
        self.bell.assert_whole();
    }

    /// Every message is there as often as it was put there.
    fn judge_numbers(&self, there: &BTreeMap<&str, Vec<server::Copy>>) {
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for copy in there.values().flatten() {
            *found.entry(&copy.id).or_default() += 1;
        }
        let wanted: BTreeMap<&str, usize> = self
            .copies
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(id, count)| (id.as_str(), *count))
            .collect();
        assert_eq!(found, wanted, "copies on the server: nothing lost, nothing double");
    }

    /// What we would export is what lies there: every copy, its flags and its text.
    fn judge_export(&self, there: &BTreeMap<&str, Vec<server::Copy>>) {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("export");
        self.bell.json(&["export", target.to_str().unwrap()]);
        let here = mbox::exported(&target);
        for (mailbox, copies) in there {
            let mut theirs: Vec<(&str, bool, bool)> =
                copies.iter().map(|copy| (copy.id.as_str(), copy.seen, copy.starred)).collect();
            let entries = &here[*mailbox];
            let mut ours: Vec<(&str, bool, bool)> = entries
                .iter()
                .map(|entry| (entry.id.as_str(), entry.seen, entry.starred))
                .collect();
            theirs.sort_unstable();
            ours.sort_unstable();
            assert_eq!(ours, theirs, "{mailbox}: ours, then the server's");
            for entry in entries {
                let text = String::from_utf8_lossy(&entry.source);
                assert!(text.contains("Is Friday still free?"), "{} has its text", entry.id);
            }
        }
    }

    /// The lists show what lies there, for messages that are alone in their conversation.
    fn judge_lists(&self, there: &BTreeMap<&str, Vec<server::Copy>>) {
        let mut in_inbox = Vec::new();
        for (view, mailbox) in [("inbox", "INBOX"), ("archived", "Archive"), ("trash", "Trash")] {
            let page = self.bell.json(&["inbox", "--view", view, "--limit", "200"]);
            let rows = page["rows"].as_array().unwrap();
            assert!(page["next"].is_null(), "the play stays below one page");
            for row in rows {
                let number = row["subject"].as_str().unwrap().trim_start_matches("mail ");
                let id = format!("{number}@stories.example");
                if self.copies[&id] != 1 || self.threaded.contains(&id) {
                    continue;
                }
                let copy = there[mailbox].iter().find(|copy| copy.id == id);
                let copy = copy.unwrap_or_else(|| panic!("{id} is shown in {view} and not there"));
                // What is unread outside the inbox is not counted.
                let unread = mailbox == "INBOX" && !copy.seen;
                assert_eq!(row["unread"] != 0, unread, "{id}: read or not");
                assert_eq!(row["starred"] == true, copy.starred, "{id}: the star");
                assert_eq!(row["pending"], false, "{id}: nothing waits");
            }
            for copy in &there[mailbox] {
                // What also lies in the inbox is shown there and not as archived.
                let held =
                    self.shows(rows, copy) || (mailbox == "Archive" && self.shows(&in_inbox, copy));
                assert!(held, "{} lies in {mailbox} and {view} does not show it", copy.id);
            }
            if mailbox == "INBOX" {
                in_inbox.clone_from(rows);
            }
        }
    }

    /// Whether a list shows a copy, by itself or in a conversation of several.
    fn shows(&self, rows: &[serde_json::Value], copy: &server::Copy) -> bool {
        let number = copy.id.trim_end_matches("@stories.example");
        let subject = format!("mail {number}");
        let own = rows.iter().any(|row| row["subject"] == subject.as_str());
        let threaded = self.threaded.contains(&copy.id);
        own || threaded
            && rows.iter().any(|row| {
                let opened = self.bell.json(&["conversation", row["id"].as_str().unwrap()]);
                let messages = opened["messages"].as_array().unwrap();
                messages.iter().any(|message| message["message_id"] == copy.id.as_str())
            })
    }
}
