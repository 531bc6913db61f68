//! What became of a message after it left: what reports that came back say, and what its provider says when asked.
//!
//! Invariant: only what is said of one of its recipients counts, and nothing that was known is taken back.

use rusqlite::params;

use deskbell_domain::address::identity_key;
use deskbell_domain::outgoing::{Fate, OutgoingState, Progress, RefusedRecipient, Report, Told};
use deskbell_domain::{MessageId, Millis, OutgoingId};

use crate::store::Entity;
use crate::sync::transit::{accepted, show};
use crate::table::message;
use crate::table::outbox::encode;
use crate::table::outgoing::{self, Outgoing};
use crate::{StoreError, Write};

/// Takes over what a report that came back as `from` says of a message written here. What is not about one, or not
/// about one of its recipients, says nothing.
pub fn reported(w: &mut Write<'_>, from: MessageId, report: &Report) -> Result<(), StoreError> {
    let account = message::get(w, from)?.account;
    let Some(row) = outgoing::of_token(w, account, &report.token)? else { return Ok(()) };
    if !row.state.is_gone() && row.state != OutgoingState::Unknown {
        return Ok(());
    }
    tell(w, &row, &report.told)
}

/// Has its provider asked at an instant what became of it.
pub fn follow(w: &mut Write<'_>, id: OutgoingId, at: Millis) -> Result<(), StoreError> {
    w.execute("UPDATE outgoing SET follow_next = ?2 WHERE id = ?1", params![id.0, at])?;
    w.touched(Entity::Outgoing, id.0);
    Ok(())
}

/// Takes over what its provider says became of it; when it is asked next, `None` for not any more.
pub fn followed(
    w: &mut Write<'_>,
    id: OutgoingId,
    progress: &Progress,
    next: Option<Millis>,
) -> Result<(), StoreError> {
    let row = outgoing::get(w, id)?;
    if !row.state.is_gone() {
        return Ok(());
    }
    w.execute(
        "UPDATE outgoing SET follow_next = ?2, follows = follows + 1 WHERE id = ?1",
        params![id.0, next.unwrap_or(0)],
    )?;
    if progress.sent && row.state == OutgoingState::Accepted {
        outgoing::set_state(w, id, OutgoingState::Sent)?;
    }
    tell(w, &row, &progress.told)
}

/// Takes over what is said of its recipients.
fn tell(w: &mut Write<'_>, row: &Outgoing, said: &[Told]) -> Result<(), StoreError> {
    let people: Vec<&str> =
        row.composition.recipients().map(|person| person.address.as_str()).collect();
    let (mut reports, mut refused) = (row.reports.clone(), row.refused.clone());
    let mut lost = row.lost.clone();
    let mut news = false;
    for told in said {
        let key = identity_key(&told.address);
        let person = people.iter().find(|person| identity_key(person) == key);
        // An only recipient whose mail is handed on is reported under another name.
        let Some(person) = person.or(people.first().filter(|_| people.len() == 1)) else {
            continue;
        };
        let told = Told { address: (*person).to_owned(), ..told.clone() };
        if told.fate == Fate::Failed && refused.iter().all(|one| one.address != told.address) {
            let reason = format!("It came back: {}", told.reason);
            refused.push(RefusedRecipient { address: told.address.clone(), reason });
        }
        // Whatever is said of somebody, it is no longer unknown.
        lost.retain(|one| one.address != told.address);
        match reports.iter_mut().find(|known| known.address == told.address) {
            Some(known) if *known != told && known.fate.gives_way_to(told.fate) => *known = told,
            Some(_) => continue,
            None => reports.push(told),
        }
        news = true;
    }
    if !news {
        return Ok(());
    }
    if row.state == OutgoingState::Unknown {
        // Whoever reports on it has had it.
        accepted(w, row.id, None, &refused, Some(w.now()))?;
    }
    w.execute(
        "UPDATE outgoing SET reports = ?2, refused = ?3, lost = ?4 WHERE id = ?1",
        params![row.id.0, encode(&reports)?, encode(&refused)?, encode(&lost)?],
    )?;
    let everyone = |wanted: &[Fate]| {
        let mut reached = people
            .iter()
            .filter(|person| refused.iter().all(|one| one.address != **person))
            .peekable();
        reached.peek().is_some()
            && reached.all(|person| {
                reports.iter().any(|told| told.address == **person && wanted.contains(&told.fate))
            })
    };
    let state = outgoing::get(w, row.id)?.state;
    if row.rest.is_empty() {
        for (wanted, next) in [
            (&[Fate::Read][..], OutgoingState::Read),
            (&[Fate::Delivered, Fate::Read], OutgoingState::Delivered),
        ] {
            if everyone(wanted) && state.may_become(next) {
                outgoing::set_state(w, row.id, next)?;
                break;
            }
        }
    }
    w.touched(Entity::Outgoing, row.id.0);
    show(w, row)
}
