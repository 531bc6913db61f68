//! What keeps an account from sending: a refused sign-in, failures in a row, a provider that wants a pause.
//!
//! Invariant: a refused sign-in is not tried again until a person does something. Lost with the process:
//! the first try after a start finds out anew. What left within the minute is counted from the store then.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use deskbell_domain::Millis;
use deskbell_domain::time::MINUTE;

use super::rate::Rate;

/// A provider that wants so many messages in a row put off wants a pause from all of them.
const PUT_OFF: u32 = 3;
/// The longest such a pause: it may have meant these messages only.
const PAUSE: Millis = MINUTE;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Trouble(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    refused: Option<String>,
    /// Since when nothing was sent that should have been.
    since: Option<Millis>,
    put_off: u32,
    pause_until: Option<Millis>,
    /// `None` until it is known what left before the process began.
    rate: Option<Rate>,
}

impl Trouble {
    fn with<T>(&self, job: impl FnOnce(&mut State) -> T) -> T {
        job(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Why the sign-in was refused, if it was.
    pub(crate) fn refused(&self) -> Option<String> {
        self.with(|state| state.refused.clone())
    }

    /// Since when it cannot send.
    pub(super) fn since(&self) -> Option<Millis> {
        self.with(|state| state.since)
    }

    /// Until when it wants to be left alone.
    pub(super) fn pause(&self, now: Millis) -> Option<Millis> {
        self.with(|state| state.pause_until.filter(|until| (now + 1..=now + PAUSE).contains(until)))
    }

    /// Whether it is known what left before the process began.
    pub(super) fn counts(&self) -> bool {
        self.with(|state| state.rate.is_some())
    }

    /// What left lately, oldest first; not heeded where it is known already.
    pub(super) fn left_before(&self, departures: Vec<Millis>) {
        self.with(|state| {
            state.rate.get_or_insert_with(|| Rate::after(departures));
        });
    }

    /// Takes a place in this minute, or says when one will be free.
    pub(super) fn take(&self, now: Millis, per_minute: u32) -> Result<(), Millis> {
        self.with(|state| state.rate.get_or_insert_default().take(now, per_minute))
    }

    /// The sign-in was refused.
    pub(super) fn refuse(&self, words: String, now: Millis) {
        self.with(|state| {
            state.refused = Some(words);
            state.since.get_or_insert(now);
        });
    }

    /// It could not send.
    pub(super) fn failed(&self, now: Millis) {
        self.with(|state| *state.since.get_or_insert(now));
    }

    /// It wants a message put off.
    pub(super) fn put_off(&self, now: Millis, after: Duration) {
        self.with(|state| {
            state.put_off += 1;
            if state.put_off >= PUT_OFF {
                let after = Millis::try_from(after.as_millis()).unwrap_or(PAUSE);
                state.pause_until = Some(now + after.min(PAUSE));
            }
        });
    }

    /// It took a message, or answered that it will not.
    pub(super) fn answered(&self) {
        self.with(|state| {
            (state.refused, state.since, state.pause_until) = (None, None, None);
            state.put_off = 0;
        });
    }

    /// A person did something about it: everything is tried again.
    pub(crate) fn forgive(&self) {
        self.answered();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_messages_put_off_in_a_row_are_a_pause_for_all_and_an_answer_ends_it() {
        let trouble = Trouble::default();
        let after = Duration::from_secs(600);
        trouble.put_off(0, after);
        trouble.put_off(1, after);
        assert_eq!(trouble.pause(2), None, "it may have meant these two");
        trouble.put_off(2, after);
        assert_eq!(trouble.pause(3), Some(2 + PAUSE));
        assert_eq!(trouble.pause(2 + PAUSE), None, "for a minute at most");
        trouble.answered();
        assert_eq!(trouble.pause(3), None);
    }
}
