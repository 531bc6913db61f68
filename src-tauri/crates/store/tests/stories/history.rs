//! The history window: what falls out of it is forgotten here, and only what may be.

use deskbell_domain::MailboxRole::{Archive, Drafts, Inbox};
use deskbell_domain::Millis;
use deskbell_domain::conversation::{ConversationEdit, View};
use deskbell_domain::time::DAY;
use deskbell_store::sync;
use deskbell_store::sync::history::{Forgotten, Place};
use deskbell_store::table::history;

use crate::support::{Desk, START, arrives, flagged, gone, letter};

/// Minutes of so many days before the start.
fn days_ago(days: i64) -> i64 {
    -days * 24 * 60
}

impl Desk {
    fn move_edge(&mut self, since: Option<Millis>) {
        let account = self.account;
        self.write(move |w| history::move_edge(w, account, since)).expect("the edge moves");
    }

    fn forget_step(&mut self, after: Place) -> Forgotten {
        let account = self.account;
        self.write(move |w| sync::history::forget_some(w, account, after)).expect("a step")
    }

    /// Forgets to the end; how many messages.
    fn forget(&mut self) -> i64 {
        let (mut messages, mut place) = (0, Some(Place::default()));
        while let Some(after) = place {
            let step = self.forget_step(after);
            messages += step.messages;
            place = step.next;
        }
        messages
    }

    fn is_here(&self, id: &str) -> bool {
        self.read(|c| Ok(c.prepare("SELECT 1 FROM message WHERE message_id = ?1")?.exists([id])?))
    }

    fn window(&self) -> history::History {
        let account = self.account;
        self.read(|c| history::get(c, account))
    }
}

#[test]
fn older_mail_is_forgotten_with_its_index_its_files_and_its_counts() {
    let mut desk = Desk::new();
    for n in 0..600_u32 {
        let old = letter(&format!("old-{n}@x.example"), days_ago(40) + i64::from(n));
        desk.bring(Inbox, vec![arrives(n + 1, &old.saying("the harpsichord is tuned"))]);
    }
    desk.receive(Inbox, 1_000, &letter("new@x.example", 0));
    desk.move_edge(Some(START - 30 * DAY));
    assert_eq!(desk.forget(), 600, "in as many steps as it takes");
    desk.check();
    assert_eq!(desk.list(View::All), ["About new@x.example"], "what is inside stays");
    let hits = desk.read(|c| {
        let sql = "SELECT count(*) FROM message_text WHERE message_text MATCH 'harpsichord'";
        Ok(c.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(hits, 0, "no search finds it");
    assert!(!desk.window().is_to_forget(), "until the edge moves, nothing is left to do");
}

#[test]
fn what_a_person_holds_on_to_stays_whatever_its_age() {
    let mut desk = Desk::new();
    let old = |id: &str| letter(id, days_ago(40));
    desk.receive(Inbox, 1, &old("plain@x.example"));
    desk.receive(Inbox, 2, &old("starred@x.example").starred());
    desk.receive(Drafts, 3, &old("draft@x.example"));
    desk.receive(Inbox, 4, &old("edited@x.example"));
    desk.receive(Inbox, 5, &old("asleep@x.example"));
    let edited = desk.conversation("edited@x.example");
    desk.edit(edited, ConversationEdit::Read, "read");
    let asleep = desk.conversation("asleep@x.example");
    desk.write(move |w| {
        let until = Some(w.now() + DAY);
        sync::snooze::set(w, &[asleep], until, "later")
    })
    .expect("it is put off");
    desk.move_edge(Some(START - 30 * DAY));
    assert_eq!(desk.forget(), 1);
    desk.write(move |w| sync::snooze::end(w, &[asleep], "woken")).expect("it is back");
    desk.check();
    let kept = ["starred@x.example", "draft@x.example", "edited@x.example", "asleep@x.example"];
    assert!(!desk.is_here("plain@x.example"));
    assert!(kept.iter().all(|id| desk.is_here(id)), "{:?}", kept.map(|id| desk.is_here(id)));
}

#[test]
fn a_process_killed_while_it_forgets_goes_on() {
    let mut desk = Desk::new();
    for n in 0..600_u32 {
        desk.bring(Inbox, vec![arrives(n + 1, &letter(&format!("{n}@x.example"), days_ago(40)))]);
    }
    desk.move_edge(Some(START - 30 * DAY));
    let step = desk.forget_step(Place::default());
    assert!(step.next.is_some() && step.messages < 600, "one step is not all of it: {step:?}");
    let mut desk = desk.reopen();
    assert!(desk.window().is_to_forget(), "what was begun is remembered");
    assert_eq!(desk.forget(), 600 - step.messages);
    desk.check();
}

#[test]
fn what_the_server_says_of_forgotten_mail_is_no_news_and_no_harm() {
    let mut desk = Desk::new();
    desk.receive(Inbox, 1, &letter("old@x.example", days_ago(40)));
    desk.receive(Inbox, 2, &letter("new@x.example", 0));
    desk.move_edge(Some(START - 30 * DAY));
    desk.forget();
    let seen = deskbell_domain::message::Flags { seen: true, ..Default::default() };
    desk.bring(Inbox, vec![flagged(1, seen), gone(1)]);
    desk.check();
    assert_eq!(desk.list(View::All).len(), 1);
    let waiting = desk
        .read(|c| Ok(c.query_row("SELECT count(*) FROM outbox", [], |row| row.get::<_, i64>(0))?));
    assert_eq!(waiting, 0, "nothing is to be told to the server");
}

#[test]
fn mail_that_comes_back_with_a_wider_window_finds_its_thread_and_wakes_no_rule() {
    let mut desk = Desk::new();
    let question = letter("question@x.example", 1);
    let answer = letter("answer@x.example", 50 * 24 * 60).answering("question@x.example");
    desk.receive(Archive, 1, &question);
    desk.receive(Inbox, 2, &answer);
    let thread = desk.conversation("answer@x.example");
    desk.write(|w| Ok(w.execute("DELETE FROM rule_due", [])?)).expect("rules have looked");
    desk.move_edge(Some(START + 30 * DAY));
    assert_eq!(desk.forget(), 1, "the question is older");
    assert_eq!(desk.conversation("answer@x.example"), thread);
    desk.move_edge(None);
    assert_eq!(desk.window().forgotten, None, "a wider window has nothing to forget");
    desk.receive(Archive, 1, &question);
    desk.check();
    assert_eq!(desk.conversation("question@x.example"), thread, "it is the same conversation");
    let due = desk.read(|c| {
        Ok(c.query_row("SELECT count(*) FROM rule_due", [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(due, 0, "rules have seen it long ago");
}
