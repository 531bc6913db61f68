//! Finding mail: every operator, every page once, and no query that fails.

use std::cell::RefCell;
use std::collections::BTreeSet;

use deskbell_domain::MailboxRole::{self, Archive, Inbox, Sent, Spam, Trash};
use deskbell_domain::ingested::{Attachment, IngestedChange};
use deskbell_store::queries::search::{self, Page, Request};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestRunner};

use crate::support::{Desk, Letter, START, arrives, key, letter};

impl Desk {
    fn page(&self, words: &str, typing: bool, below: Option<i64>, limit: usize) -> Page {
        let query = search::parse(words, typing, &TimeZone::UTC);
        let request = Request { query, account: None, below, limit };
        let packer = self.store.packer();
        self.read(|c| search::run(c, &packer, &request))
    }

    /// The Message-IDs of what a search finds, newest first, without what follows the at sign.
    pub fn find(&self, words: &str) -> Vec<String> {
        names(&self.page(words, false, None, 100))
    }

    pub fn find_typing(&self, words: &str) -> Vec<String> {
        names(&self.page(words, true, None, 100))
    }
}

fn names(page: &Page) -> Vec<String> {
    let id = |hit: &search::Hit| hit.message.message_id.clone().unwrap_or_default();
    page.hits.iter().map(|hit| id(hit).split('@').next().unwrap_or_default().to_owned()).collect()
}

/// A letter comes with a form to sign.
pub fn with_form(number: u32, letter: &Letter) -> IngestedChange {
    let mut message = letter.ingested(&key(number));
    message.body.as_mut().expect("a body").attachments = vec![Attachment {
        part: 1,
        name: "consent-form.pdf".into(),
        media_type: "application/pdf".into(),
        size: 10,
        content_id: None,
        inline: false,
    }];
    IngestedChange::Message(Box::new(message))
}

fn desk() -> Desk {
    let mut desk = Desk::new();
    let mut number = 0;
    let mut receive = |desk: &mut Desk, role: MailboxRole, letter: &Letter| {
        number += 1;
        desk.receive(role, number, letter);
    };
    let day = 24 * 60;
    let fern = letter("fern@x", 1).titled("New design").saying("a botanical fern on my forearm");
    let sleeve = letter("sleeve@x", 2 * day).seen().titled("Sleeve").saying("the left forearm");
    let both = letter("both@x", 3 * day).starred().saying("left or right forearm, with a fern");
    let mut mara = letter("mara@x", 4 * day).seen().titled("Deposit").saying("I have paid it");
    mara.from = "mara.voss@client.example".into();
    receive(&mut desk, Inbox, &fern);
    receive(&mut desk, Inbox, &sleeve);
    receive(&mut desk, Archive, &both);
    receive(&mut desk, Inbox, &mara);
    receive(&mut desk, Spam, &letter("spam@x", 5 * day).saying("fern for sale"));
    receive(&mut desk, Trash, &letter("trash@x", 6 * day).saying("an old fern"));
    let mut sent = letter("sent@x", 7 * day).seen().saying("your forearm heals well");
    sent.from = crate::support::OWN.into();
    receive(&mut desk, Sent, &sent);

    let filed = letter("filed@x", 8 * day).titled("Papers");
    desk.bring(Inbox, vec![with_form(90, &filed)]);
    desk
}

#[test]
fn every_operator_does_what_it_says() {
    let desk = desk();
    for (query, found) in [
        ("fern", vec!["both", "fern"]),
        ("FERN forearm", vec!["both", "fern"]),
        ("\"left forearm\"", vec!["sleeve"]),
        ("forearm -fern", vec!["sent", "sleeve"]),
        ("forearm -\"left forearm\"", vec!["sent", "both", "fern"]),
        ("fore*", vec!["sent", "both", "sleeve", "fern"]),
        ("from:mara.voss", vec!["mara"]),
        ("from:mara.voss@client.example", vec!["mara"]),
        ("from:Mara.Voss@Client.Example paid", vec!["mara"]),
        ("-from:mara@client.example is:read", vec!["sent", "mara"]),
        ("from:mara@client.example fern", vec!["both", "fern"]),
        ("from:mara@client.example", vec!["filed", "both", "sleeve", "fern"]),
        ("from:voss deposit", vec!["mara"]),
        ("from:desk forearm", vec!["sent"]),
        ("to:desk@studio.example sleeve", vec!["sleeve"]),
        ("subject:design", vec!["fern"]),
        ("subject:fern", vec![]),
        ("subject:\"new design\"", vec!["fern"]),
        ("file:consent", vec!["filed"]),
        ("has:attachment", vec!["filed"]),
        ("forearm -has:attachment", vec!["sent", "both", "sleeve", "fern"]),
        ("is:unread", vec!["filed", "both", "fern"]),
        ("is:unread forearm", vec!["both", "fern"]),
        ("is:read forearm", vec!["sent", "sleeve"]),
        ("is:starred", vec!["both"]),
        ("-is:starred fern", vec!["fern"]),
        ("in:archive", vec!["both"]),
        ("in:sent", vec!["sent"]),
        ("fern in:spam", vec!["spam"]),
        ("fern in:trash", vec!["trash"]),
        ("fern in:anywhere", vec!["trash", "spam", "both", "fern"]),
        ("-in:inbox forearm", vec!["sent", "both"]),
        ("forearm account:studio", vec!["sent", "both", "sleeve", "fern"]),
        ("forearm account:elsewhere", vec![]),
        ("forearm -account:studio", vec![]),
        ("channel:email fern", vec!["both", "fern"]),
        ("channel:pigeon fern", vec![]),
        ("-fern is:unread", vec!["filed"]),
        ("nothing-of-this", vec![]),
    ] {
        assert_eq!(desk.find(query), found, "{query}");
    }
}

#[test]
fn days_are_whole_days() {
    let desk = desk();
    let day = |days: i64| {
        let instant = jiff::Timestamp::from_millisecond(START + days * 86_400_000).expect("a day");
        instant.to_zoned(TimeZone::UTC).date().to_string()
    };
    assert_eq!(desk.find(&format!("forearm before:{}", day(1))), ["fern"]);
    assert_eq!(desk.find(&format!("forearm after:{}", day(3))), ["sent", "both"]);
    let between = format!("forearm after:{} before:{}", day(2), day(3));
    assert_eq!(desk.find(&between), ["sleeve"], "from a day's first instant to the next one's");
    assert_eq!(desk.find(&format!("forearm -before:{}", day(3))), ["sent", "both"]);
}

#[test]
fn while_a_person_types_the_last_word_matches_by_its_beginning() {
    let desk = desk();
    for typed in ["f", "fo", "for", "fore", "forea", "forearm"] {
        let found = desk.find_typing(typed);
        assert!(
            found.contains(&"sleeve".to_owned()),
            "{typed} is on the way to forearm: {found:?}"
        );
    }
    assert_eq!(desk.find_typing("left fore"), ["both", "sleeve"], "only the last word is open");
    assert!(desk.find_typing("lef forearm").is_empty(), "the first word is complete");
    assert!(desk.find_typing("fore ").is_empty(), "a space ends the word");
    assert_eq!(desk.find_typing("subject:des"), ["fern"], "also behind an operator");
    assert_eq!(desk.find_typing("from:ma"), ["filed", "mara", "both", "sleeve", "fern"]);
}

#[test]
fn a_misspelt_word_is_answered_with_the_one_that_was_meant() {
    let desk = desk();
    let suggestion = |words: &str| desk.page(words, false, None, 10).suggestion;
    assert_eq!(suggestion("foreram").as_deref(), Some("forearm"), "two letters changed places");
    assert_eq!(suggestion("botanicle").as_deref(), Some("botanical"));
    assert_eq!(suggestion("slleve left").as_deref(), Some("sleeve left"), "the rest stays");
    assert_eq!(suggestion("xyzzyplugh"), None, "nothing is near");
    assert_eq!(suggestion("forearm"), None, "what is found needs no suggestion");
}

#[test]
fn every_hit_is_on_one_page_also_while_mail_arrives() {
    let mut desk = Desk::new();
    let letters: Vec<IngestedChange> = (0..60)
        .map(|n| {
            let one = letter(&format!("{n}@x"), i64::from(n)).saying("a fern");
            // Threads whose letters lie far apart.
            let thread = format!("{}@x", n % 20);
            arrives(n + 1, &if n < 20 { one } else { one.answering(&thread) })
        })
        .collect();
    desk.bring(Inbox, letters);
    let (mut below, mut shown, mut pages) = (None, Vec::new(), 0);
    loop {
        let page = desk.page("fern", false, below, 7);
        shown.extend(page.hits.iter().map(|hit| hit.conversation.id));
        pages += 1;
        desk.receive(
            Inbox,
            1_000 + pages,
            &letter(&format!("new-{pages}@x"), 9_000).saying("fern"),
        );
        match page.next {
            Some(next) => below = Some(next),
            None => break,
        }
    }
    let distinct: BTreeSet<_> = shown.iter().collect();
    assert_eq!(distinct.len(), 20, "no conversation is left out");
    assert_eq!(shown.len(), 20, "and none is shown twice");
}

#[test]
fn few_or_many_are_found_newest_first_whichever_way_leads_to_them() {
    let mut desk = Desk::new();
    let one_in = [("is:starred", 20), ("is:unread", 31), ("in:sent", 50), ("from:b@b.example", 17)];
    let has = |n: i64, which: usize| n % one_in[which].1 == 0;
    let part = |role, numbers: Vec<i64>| {
        let letters = numbers.into_iter().map(|n| {
            let mut letter = letter(&format!("{n}@x"), n).titled(&n.to_string());
            letter = letter.saying(if n % 2 == 0 { "a fern" } else { "a needle" });
            letter = if has(n, 0) { letter.starred() } else { letter };
            letter = if has(n, 1) { letter } else { letter.seen() };
            letter.from = if has(n, 3) { "b@b.example" } else { "c@c.example" }.into();
            arrives(u32::try_from(n).expect("small") + 1, &letter)
        });
        (role, letters.collect::<Vec<_>>())
    };
    let (sent, kept): (Vec<i64>, Vec<i64>) = (0..3_000).partition(|n| has(*n, 2));
    for (role, letters) in [part(Sent, sent), part(Inbox, kept)] {
        desk.bring(role, letters);
    }
    for which in 0_u32..16 {
        for word in ["", "fern"] {
            let asked: Vec<usize> = (0..4).filter(|n| which >> n & 1 == 1).collect();
            let operators: Vec<&str> = asked.iter().map(|n| one_in[*n].0).collect();
            let query = format!("{word} {}", operators.join(" "));
            let meant: Vec<String> = (0..3_000)
                .rev()
                .filter(|n| (word.is_empty() || n % 2 == 0) && asked.iter().all(|w| has(*n, *w)))
                .map(|n| n.to_string())
                .collect();
            let (mut below, mut found) = (None, Vec::new());
            while found.len() < 200 {
                let page = desk.page(&query, false, below, 60);
                found.extend(names(&page));
                below = page.next;
                if below.is_none() {
                    break;
                }
            }
            let shown = found.len().min(200);
            assert_eq!(found[..shown], meant[..meant.len().min(200)], "{query}");
        }
    }
}

const WORDS: [&str; 6] = ["fern", "ferns", "left", "arm", "ink", "needle"];

#[test]
fn what_is_found_is_what_is_written_there() {
    let mut desk = Desk::new();
    let texts: Vec<Vec<&str>> = (0..64_usize)
        .map(|n| {
            WORDS.into_iter().enumerate().filter(|(w, _)| n >> w & 1 == 1).map(|(_, w)| w).collect()
        })
        .collect();
    let letters = (1..).zip(&texts).map(|(n, words)| {
        let mut written =
            letter(&format!("{}@x", n - 1), i64::from(n)).titled("-").saying(&words.join(" "));
        written.from = "c@c.example".into();
        arrives(n, &written)
    });
    desk.bring(Inbox, letters.collect());
    let desk = RefCell::new(desk);
    let part = (prop::sample::select(WORDS.to_vec()), any::<bool>(), any::<bool>());
    let mut runner = TestRunner::new(Config {
        cases: 200,
        rng_seed: RngSeed::Fixed(5),
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Config::default()
    });
    let story = |parts: Vec<(&str, bool, bool)>| {
        let query: Vec<String> = parts
            .iter()
            .map(|(word, not, prefix)| {
                let (not, star) = (if *not { "-" } else { "" }, if *prefix { "*" } else { "" });
                format!("{not}{word}{star}")
            })
            .collect();
        let holds = |words: &[&str]| {
            parts.iter().all(|(word, not, prefix)| {
                let there =
                    words.iter().any(|w| if *prefix { w.starts_with(word) } else { w == word });
                there != *not
            })
        };
        let meant: Vec<String> =
            (0..64).rev().filter(|n| holds(&texts[*n])).map(|n| n.to_string()).collect();
        let found = desk.borrow().find(&query.join(" "));
        prop_assert_eq!(found, meant, "{}", query.join(" "));
        Ok(())
    };
    runner.run(&prop::collection::vec(part, 1..5), story).expect("every query");
}

#[test]
fn no_query_a_person_can_type_fails() {
    let desk = RefCell::new(desk());
    let mut runner = TestRunner::new(Config {
        cases: 600,
        rng_seed: RngSeed::Fixed(3),
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Config::default()
    });
    let piece = prop_oneof![
        2 => prop::sample::select(vec![
            "from:", "to:", "subject:", "file:", "has:", "is:", "in:", "account:", "before:",
            "after:", "channel:", "-", "--", "\"", "\"\"", "*", "**", " ", "  ", "AND", "OR", "NOT",
            "NEAR(", ")", "(", "^", "{", "}", "+", ":", "fern", "forearm", "旅行", "é", "\u{301}",
            "\u{0}", "'", "\\", "%", "_", ";", "2026-11-20", "9999-12-31", "-9999-01-01", "🦊",
        ]).prop_map(str::to_owned),
        1 => ".{0,6}",
    ];
    let story = |(pieces, typing): (Vec<String>, bool)| {
        let text = pieces.concat();
        let desk = desk.borrow();
        let query = search::parse(&text, typing, &TimeZone::UTC);
        let request = Request { query, account: None, below: Some(i64::MAX), limit: 5 };
        let packer = desk.store.packer();
        let found = desk.store.read_now(|c| search::run(c, &packer, &request));
        prop_assert!(found.is_ok(), "{text:?} is searched for: {:?}", found.err());
        Ok(())
    };
    let strategy = (prop::collection::vec(piece, 0..8), any::<bool>());
    runner.run(&strategy, story).expect("every query");
}
