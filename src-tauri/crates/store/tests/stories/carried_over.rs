//! After damage: everything a person chose, wrote, filed or put off comes along into the fresh file, nothing leaves
//! because of it, and what could not be read is told.

use std::collections::BTreeSet;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use deskbell_domain::MailboxRole::Inbox;
use deskbell_domain::conversation::{ConversationEdit, View};
use deskbell_domain::ingested::IngestedChange;
use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile, OutgoingState};
use deskbell_domain::port::Parting;
use deskbell_domain::rule::{Action, Condition, Group, Quantifier, Rule};
use deskbell_domain::time::{DAY, HOUR};
use deskbell_domain::{Address, OutgoingId};
use deskbell_store::queries::health;
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use deskbell_store::sync::transit::{self, Leaving};
use deskbell_store::table::{
    account, attachment, label, message, oauth_client, outbox, outgoing, rule, secret, sender,
    setting, template,
};
use deskbell_store::{Kept, Notice, OpenOptions, Store, sync};

use crate::search::with_form;
use crate::support::{Desk, START, arrives, held as counted, letter};

const FILE: &[u8] = b"the bytes of a price list";
const DRAFT: &str = "draft@studio.example";
const WAITING: &str = "waiting@studio.example";
const LEAVING: &str = "leaving@studio.example";
const GONE: &str = "gone@studio.example";

fn begin(desk: &mut Desk, token: &str, about: Option<&str>) -> OutgoingId {
    let blob = desk.store.packer().keep_file(FILE).expect("the file is kept");
    let new = NewDraft {
        account: desk.account,
        kind: if about.is_some() { ComposeKind::Reply } else { ComposeKind::New },
        about: about.map(|id| desk.message(id)),
        token: token.into(),
        composition: Composition {
            to: vec![Address { name: None, address: "mara@client.example".into() }],
            subject: format!("About {token}"),
            text: "Thursday suits me.".into(),
            in_reply_to: about.map(Into::into),
            ..Composition::default()
        },
        files: vec![OutgoingFile {
            blob,
            name: "prices.pdf".into(),
            media_type: "application/pdf".into(),
            size: FILE.len() as u64,
            content_id: None,
        }],
    };
    desk.write(move |w| written::create(w, &new)).expect("a draft")
}

fn queue(desk: &mut Desk, token: &str) -> OutgoingId {
    let id = begin(desk, token, None);
    let now = desk.now;
    desk.write(move |w| written::queue(w, id, now, false)).expect("it waits");
    id
}

fn depart(desk: &mut Desk, id: OutgoingId) {
    let row = desk.read(|c| outgoing::get(c, id));
    let source = format!("Message-ID: <{}>\r\n\r\n{}\r\n", row.token, row.composition.text);
    let packed = desk.store.packer().pack(source.as_bytes(), &row.composition.text);
    let leaving = Leaving {
        id,
        revision: row.revision,
        via: None,
        date: desk.now,
        source: source.into(),
        text: row.composition.text,
        files: Vec::new(),
        packed: packed.expect("is packed"),
    };
    desk.write(move |w| transit::departs(w, &leaving, &Parting::default())).expect("it leaves");
}

/// Nothing in the file belongs to what is not there, and every counter is true.
#[track_caller]
fn whole(desk: &Desk) {
    desk.read(|c| {
        assert_eq!(health::integrity(c)?, Vec::<String>::new());
        assert_eq!(counted::check(c), Ok(()));
        assert!(!c.prepare("PRAGMA foreign_key_check")?.exists([])?, "every row has its owner");
        let held = "SELECT 1 FROM blob b WHERE used <> (SELECT count(*) FROM body_blob x WHERE x.hash = b.hash)
          + (SELECT count(*) FROM outgoing_file x WHERE x.blob = b.hash)
          + (SELECT count(*) FROM draft_version_file x WHERE x.blob = b.hash)";
        assert!(!c.prepare(held)?.exists([])?, "every file is held by whoever lists it");
        let found = "SELECT count(*) FROM message WHERE body_state <> 0 AND sort_key NOT IN (SELECT rowid FROM message_text)";
        let hidden: i64 = c.query_row(found, [], |row| row.get(0))?;
        assert_eq!(hidden, 0, "what is here can be found");
        Ok(())
    });
}

fn composition(desk: &Desk, id: OutgoingId) -> Composition {
    desk.read(|c| outgoing::get(c, id)).composition
}

/// A desk at which a person has done everything that exists nowhere else.
fn lived_in() -> Desk {
    let mut desk = Desk::new();
    let mail = ["read", "archived", "labelled", "asleep", "asked", "left alone"];
    let letters = (1..).zip(mail).map(|(n, id)| arrives(n, &letter(id, i64::from(n)))).collect();
    desk.bring(Inbox, letters);
    let id = desk.account;
    desk.write(move |w| {
        secret::put(w, id, "password", b"sealed")?;
        w.execute("UPDATE account SET fallback_ms = 7000, undo_ms = 20000", [])?;
        oauth_client::put(
            w,
            &oauth_client::OauthClient {
                provider: "google".into(),
                client_id: "its id".into(),
                secret: Some(b"sealed too".to_vec()),
                issuer: None,
                page: Some("https://studio.example/signed-in".into()),
                redirect: "deep_link".into(),
            },
        )?;
        let form = sender::SenderForm {
            account: id,
            name: "Front desk".into(),
            address: "hello@studio.example".into(),
            signature: "<p>Your studio</p>".into(),
            reply_to: None,
            first: true,
        };
        sender::put(w, None, &form)?;
        let form = template::TemplateForm {
            name: "Prices".into(),
            shortcut: "p".into(),
            subject: "Our prices".into(),
            html: "<p>From 80 on</p>".into(),
        };
        template::put(w, None, &form)?;
        setting::put(w, "theme", Some("dark".into()))?.expect("a theme");
        let vip = label::insert(w, "VIP", Some(3))?;
        let when =
            Group { quantifier: Quantifier::All, of: vec![Condition::Known { value: true }] };
        let actions = vec![Action::Label { label: vip }];
        let name = "regulars".into();
        rule::insert(w, &Rule { name, enabled: true, stop: true, when, actions })?;
        Ok(())
    })
    .expect("chosen");
    for (id, edit) in [("read", ConversationEdit::Read), ("archived", ConversationEdit::Archive)] {
        let group = desk.write(sync::new_group).expect("a name");
        desk.edit(desk.conversation(id), edit, &group);
    }
    let (labelled, asleep) = (desk.conversation("labelled"), desk.conversation("asleep"));
    desk.write(move |w| {
        let vip = label::named(w, "VIP")?.expect("a label").id;
        let group = sync::new_group(w)?;
        sync::label::set(w, &[labelled], vip, true, &group)?;
        let group = sync::new_group(w)?;
        sync::snooze::set(w, &[asleep], Some(START + 400 * DAY), &group)
    })
    .expect("filed");

    let draft = begin(&mut desk, DRAFT, Some("asked"));
    let mut later = composition(&desk, draft);
    later.text = "Friday suits me better.".into();
    let files = desk.read(|c| outgoing::files(c, draft));
    desk.write(move |w| written::save(w, draft, 0, &later, &files)).expect("written on");
    queue(&mut desk, WAITING);
    let leaving = queue(&mut desk, LEAVING);
    depart(&mut desk, leaving);
    let gone = queue(&mut desk, GONE);
    depart(&mut desk, gone);
    desk.write(move |w| transit::accepted(w, gone, Some("250"), &[], None)).expect("accepted");
    let thrown_away = begin(&mut desk, "thrown-away@studio.example", None);
    desk.write(move |w| written::discard(w, thrown_away)).expect("thrown away");
    whole(&desk);
    desk
}

/// Spoils the first page of a table, as a failing disk does, and opens the profile as after a killed process.
fn spoil(desk: Desk, table: &str) -> (Desk, Kept) {
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let page: i64 = desk.read(|c| Ok(c.query_row(sql, [table], |row| row.get(0))?));
    let Desk { directory, store, account, now, runtime, .. } = desk;
    drop(store);
    let file = directory.path().join("deskbell.db");
    scribble(&file, page);
    std::fs::write(file.with_extension("open"), b"").expect("a killed process");
    let opened = Store::open(directory.path(), OpenOptions::default()).expect("opens anew");
    let Some(Notice::SetAside { kept, .. }) = opened.notice.clone() else {
        panic!("the damage of {table} is noticed: {:?}", opened.notice);
    };
    (Desk::of(directory, opened, account, now, runtime), kept)
}

fn scribble(file: &Path, page: i64) {
    let mut raw = std::fs::OpenOptions::new().write(true).open(file).expect("the file");
    raw.seek(SeekFrom::Start((page.unsigned_abs() - 1) * 4_096)).expect("seeks");
    raw.write_all(&[0xa5; 4_096]).expect("writes");
}

fn listed(desk: &Desk, view: View) -> BTreeSet<String> {
    desk.list(view).into_iter().collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| format!("About {name}")).collect()
}

#[test]
fn everything_a_person_chose_wrote_filed_or_put_off_comes_along() {
    let before = lived_in();
    let shown_as = before.message(DRAFT);
    let (draft_before, versions_before) = before.read(|c| {
        let row = outgoing::of_message(c, shown_as)?.expect("a draft");
        Ok((row.clone(), outgoing::versions(c, row.id)?))
    });
    // Nobody reads this table again.
    let (mut desk, kept) = spoil(before, "sync_run");
    let all = Kept { accounts: 1, taken_back: 1, ..Kept::default() };
    assert_eq!(kept, all, "everything could be read, and it is said what waited to be sent");
    whole(&desk);

    // What was chosen.
    let (id, now) = (desk.account, desk.now);
    desk.read(|c| {
        let kept = account::get(c, id)?;
        assert_eq!((kept.undo_ms, kept.fallback_ms), (20_000, 7_000), "with what was chosen of it");
        assert_eq!(secret::get(c, id, "password")?.as_deref(), Some(&b"sealed"[..]));
        let client = oauth_client::get(c, "google")?.expect("its client");
        assert_eq!(client.redirect, "deep_link");
        assert_eq!(client.page.as_deref(), Some("https://studio.example/signed-in"));
        assert!(client.secret.is_some());
        let senders = sender::of_account(c, id)?;
        assert_eq!(senders[0].signature, "<p>Your studio</p>", "{senders:?}");
        assert_eq!(template::list(c)?[0].html, "<p>From 80 on</p>");
        let theme = serde_json::to_value(setting::load(c)?).expect("settings")["theme"].clone();
        assert_eq!(theme, "dark");
        let labels = label::list(c)?;
        let vip = labels.iter().find(|label| label.name == "VIP").expect("the label");
        let rules = rule::list(c)?;
        assert_eq!(rules[0].rule.name, "regulars");
        assert_eq!(rules[0].rule.actions, [Action::Label { label: vip.id }], "of the same label");
        Ok(())
    });

    // What was filed or put off is shown as the person left it, before any provider is asked.
    assert_eq!(listed(&desk, View::Snoozed), set(&["asleep"]));
    assert!(listed(&desk, View::Archived).contains("About archived"));
    assert!(!listed(&desk, View::Inbox).contains("About archived"));
    assert!(!listed(&desk, View::Unread).contains("About read"), "what was read stays read");
    let due = desk.read(|c| outbox::due(c, id, now + HOUR, 100));
    assert_eq!(due.len(), 3, "read, archived and labelled are still to be told: {due:?}");

    // What was written.
    let row =
        |token: &str| desk.read(|c| Ok(outgoing::of_token(c, id, token)?.expect("it came along")));
    let draft = row(DRAFT);
    assert_eq!(draft.composition, draft_before.composition, "word for word");
    assert_eq!((draft.state, draft.about), (OutgoingState::Draft, draft_before.about));
    let versions = desk.read(|c| outgoing::versions(c, draft.id));
    assert_eq!(versions.len(), versions_before.len(), "with what was set aside of it");
    assert_eq!(versions[0].composition, versions_before[0].composition);
    assert_eq!(versions[0].files, versions_before[0].files);
    let files = desk.read(|c| outgoing::files(c, draft.id));
    assert_eq!(desk.store.packer().file(&files[0].blob).expect("its file"), FILE);
    assert_eq!(row(WAITING).state, OutgoingState::Draft, "nothing leaves by itself");
    assert_eq!(row(LEAVING).state, OutgoingState::Sending, "it is looked for at the start");
    assert_eq!(row(GONE).state, OutgoingState::Accepted, "and is not sent again");
    assert!(listed(&desk, View::Drafts).contains(&format!("About {WAITING}")));
    let packer = desk.store.packer();
    let sent = desk.message(GONE);
    let source = desk.read(|c| sync::source(c, &packer, sent)).expect("what left can be read");
    assert!(String::from_utf8_lossy(&source).contains("Thursday suits me."));
    let thrown = desk.read(|c| outgoing::of_token(c, id, "thrown-away@studio.example"));
    assert!(thrown.is_none(), "what was thrown away stays away");
    assert_eq!(desk.find("Friday"), ["draft"], "and is found by its words");

    // Its provider tells everything again: nothing is doubled, and nothing a person did is undone.
    let mail = ["read", "archived", "labelled", "asleep", "asked", "left alone"];
    let letters = (1..).zip(mail).map(|(n, id)| arrives(n, &letter(id, i64::from(n)))).collect();
    desk.bring(Inbox, letters);
    whole(&desk);
    let mine = |m: &String| mail.iter().any(|id| *m == format!("About {id}"));
    let known: Vec<String> = desk.list(View::All).into_iter().filter(mine).collect();
    assert_eq!(known.len(), mail.len(), "each conversation once: {known:?}");
    assert_eq!(listed(&desk, View::Snoozed), set(&["asleep"]), "old mail wakes nothing");
    assert!(!listed(&desk, View::Unread).contains("About read"));
    let read = desk.message("read");
    let body = desk.read(|c| message::get(c, read)).body_state;
    assert_eq!(body, deskbell_domain::message::BodyState::Full, "bodies come with it");
}

#[test]
fn what_could_not_be_read_is_said_by_its_kind() {
    let lost = |table| {
        let (desk, kept) = spoil(lived_in(), table);
        whole(&desk);
        (kept.lost_choices, kept.lost_writing, kept.lost_filing)
    };
    assert_eq!(lost("template"), (true, false, false), "templates are chosen");
    assert_eq!(lost("outgoing"), (false, true, false), "drafts are written");
    assert_eq!(lost("snooze"), (false, false, true), "what is put off is filed");
    assert_eq!(lost("outbox"), (false, false, true), "and so is what waits to be told");
}

#[test]
fn imported_mail_comes_along_whole_since_its_file_may_be_gone() {
    let mut desk = Desk::new();
    desk.write(|w| Ok(w.execute_batch("UPDATE account SET provider = 'archive'")?))
        .expect("an import");
    let letters = || -> Vec<IngestedChange> {
        let mut told = letter("told", 2).answering("asked").saying("the needle is new").seen();
        told.from = "ruth@client.example".into();
        let asked = letter("asked", 1).titled("Needles").saying("what of the fern");
        let filed = letter("filed", 3).titled("Papers");
        vec![arrives(1, &asked), arrives(2, &told), with_form(3, &filed)]
    };
    desk.bring(Inbox, letters());
    let (mut desk, kept) = spoil(desk, "sync_run");
    assert!(!kept.lost_imports, "all of it could be read");
    whole(&desk);
    let (told, filed) = (desk.message("told"), desk.message("filed"));
    let packer = desk.store.packer();
    let text = desk.read(|c| sync::text(c, &packer, told)).expect("its text");
    assert!(text.contains("the needle is new"), "{text}");
    assert!(desk.read(|c| sync::source(c, &packer, told)).is_some(), "and its source");
    assert_eq!(desk.read(|c| attachment::of_message(c, filed)).len(), 1, "and its files");
    for (words, found) in [("needle", "told"), ("file:consent", "filed"), ("from:ruth", "told")] {
        assert_eq!(desk.find(words), [found], "{words}");
    }
    let again = desk.bring(Inbox, letters());
    assert_eq!(again.added, 0, "an import of the same file adds nothing");
    whole(&desk);
}

#[test]
fn an_edit_after_the_damage_is_taken_back_alone() {
    let (mut desk, _) = spoil(lived_in(), "sync_run");
    let id = desk.conversation("asked");
    let group = desk.write(sync::new_group).expect("a name");
    desk.edit(id, ConversationEdit::Star, &group);
    desk.undo(&group);
    assert!(listed(&desk, View::Archived).contains("About archived"), "what was done before stays");
    whole(&desk);
}

#[test]
fn a_file_of_an_older_version_gives_up_what_it_has() {
    let mut desk = lived_in();
    let id = desk.account;
    // As an older Deskbell would have left it: a column that came later is missing.
    desk.write(|w| Ok(w.execute_batch("ALTER TABLE oauth_client DROP COLUMN page")?))
        .expect("an older table");
    let (desk, kept) = spoil(desk, "sync_run");
    assert!(!kept.lost_choices, "nothing that was there is missing: {kept:?}");
    let client = desk.read(|c| oauth_client::get(c, "google")).expect("its client");
    assert_eq!((client.page, client.redirect.as_str()), (None, "deep_link"));
    assert_eq!(desk.read(|c| account::get(c, id)).undo_ms, 20_000);
}
