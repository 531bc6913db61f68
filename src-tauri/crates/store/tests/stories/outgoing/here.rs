//! What has not left is a person's: it is taken back, written on, thrown away.

use std::sync::Arc;

use deskbell_domain::conversation::View;
use deskbell_domain::outgoing::{Composition, OutgoingFile, OutgoingState};
use deskbell_domain::port::Parting;
use deskbell_domain::time::{DAY, MINUTE};
use deskbell_store::sync::outgoing as written;
use deskbell_store::sync::transit;
use deskbell_store::table::{account, outgoing};
use deskbell_store::{StoreError, sync};

use super::{accept, depart, draft, get, leaving, queued, ready, state, words};
use crate::support::{Desk, new_account};

#[test]
fn taken_back_before_it_leaves_it_does_not_leave() {
    let mut desk = Desk::new();
    let id = queued(&mut desk, "one@studio.example", None);
    let built = Arc::new(leaving(&desk, id));
    desk.write(move |w| written::take_back(w, id)).expect("it has not left");
    let late = Arc::clone(&built);
    words(desk.write(move |w| transit::departs(w, &late, &Parting::default())));
    assert_eq!(state(&desk, id), OutgoingState::Draft);

    let composition = Composition { text: "Other words.".into(), ..get(&desk, id).composition };
    let now = desk.now;
    desk.write(move |w| {
        written::save(w, id, 1, &composition, &[])?;
        written::queue(w, id, now, false)
    })
    .expect("is queued again");
    words(desk.write(move |w| transit::departs(w, &built, &Parting::default())));
    assert_eq!(state(&desk, id), OutgoingState::Queued, "old words never leave");

    depart(&mut desk, id).expect("the new ones do");
    let too_late = words(desk.write(move |w| written::take_back(w, id)));
    assert!(too_late.contains("leaving right now"), "{too_late}");
    let discarded = words(desk.write(move |w| written::discard(w, id)));
    assert!(discarded.contains("may have left"), "{discarded}");
    accept(&mut desk, id);
    let gone = words(desk.write(move |w| written::take_back(w, id)));
    assert!(gone.contains("has left"), "{gone}");
    let again = words(desk.write(move |w| transit::retry(w, id)));
    assert!(again.contains("has left"), "{again}");
    desk.check();
}

#[test]
fn every_state_that_is_still_here_can_be_cancelled() {
    let mut desk = Desk::new();
    let waiting = queued(&mut desk, "waiting@studio.example", None);
    let refused = queued(&mut desk, "refused@studio.example", None);
    let unknown = queued(&mut desk, "unknown@studio.example", None);
    depart(&mut desk, unknown).expect("leaves");
    desk.write(move |w| {
        transit::rejected(w, refused, "550", "no", &[])?;
        transit::unknown(w, unknown, 0, "the line broke")
    })
    .expect("as told");
    for id in [waiting, refused, unknown] {
        desk.write(move |w| written::take_back(w, id)).expect("taken back");
        assert_eq!(state(&desk, id), OutgoingState::Draft);
    }
    let already = words(desk.write(move |w| written::take_back(w, waiting)));
    assert!(already.contains("a draft already"), "{already}");
    assert_eq!(desk.list(View::Drafts).len(), 3);
    let packer = desk.store.packer();
    let message = get(&desk, unknown).message;
    let frozen = desk.read(|c| sync::source(c, &packer, message));
    assert!(frozen.is_none(), "a draft has no source of its own");
    desk.check();
}

#[test]
fn with_nothing_to_send_from_it_stays_a_draft() {
    let mut desk = Desk::new();
    let id = draft(&mut desk, "stay@studio.example", None);
    let (own, now) = (desk.account, desk.now);
    desk.write(move |w| account::set_sends(w, own, false)).expect("cannot send");
    let told = words(desk.write(move |w| written::queue(w, id, now, false)));
    assert!(told.contains("outgoing mail server") && told.contains("stays a draft"), "{told}");
    assert_eq!(state(&desk, id), OutgoingState::Draft);
    assert_eq!(desk.list(View::Drafts).len(), 1);
    desk.write(move |w| {
        let other = account::insert(w, &new_account("other@studio.example"))?;
        account::set_sending(w, own, Some(other), 0)?;
        written::queue(w, id, now, false)
    })
    .expect("the other account sends for it");
    assert_eq!(ready(&desk), [id]);
}

#[test]
fn a_discarded_draft_is_gone_with_its_files_after_a_day() {
    let mut desk = Desk::new();
    let blob = desk.store.packer().keep_file(b"a plan of the rooms").expect("is kept");
    let id = draft(&mut desk, "gone@studio.example", None);
    let kept = draft(&mut desk, "kept@studio.example", None);
    desk.write(move |w| {
        let row = outgoing::get(w, id)?;
        let file = OutgoingFile {
            blob,
            name: "plan.txt".into(),
            media_type: "text/plain".into(),
            size: 19,
            content_id: None,
        };
        written::save(w, id, 1, &row.composition, &[file])?;
        written::discard(w, id)
    })
    .expect("is discarded");
    assert_eq!(desk.write(written::erase_discarded).expect("too early"), 0);
    desk.now += DAY + MINUTE;
    assert_eq!(desk.write(written::erase_discarded).expect("now"), 1);
    let gone = desk.store.read_now(|c| outgoing::get(c, id).map(|_| ()));
    assert!(matches!(gone, Err(StoreError::NotFound(_))));
    assert_eq!(state(&desk, kept), OutgoingState::Draft, "others stay");
    let (store, now) = (desk.store.clone(), desk.now);
    desk.runtime.block_on(sync::sweep_blobs(&store, now)).expect("swept");
    assert!(desk.store.packer().file(&blob).is_err(), "nobody holds its file any more");
    desk.check();
}
