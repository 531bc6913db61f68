//! What ends a life at a commit: it stops the store's writer there, for good.
//!
//! Invariant: before a commit nothing of it is on disk; after it all of it is, and nobody has heard of it yet. From
//! the fall on nothing is committed any more.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use deskbell_store::Store;
use tokio::sync::Notify;

/// Where a life ends; commits are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Before(usize),
    After(usize),
}

#[derive(Default)]
struct State {
    /// Whether each commit so far changed the file.
    commits: Vec<bool>,
    fallen: bool,
    lifted: bool,
}

/// See the module.
pub struct Blade {
    cut: Option<Cut>,
    state: Mutex<State>,
    falls: Notify,
    lifts: Condvar,
}

impl Blade {
    pub fn over(cut: Option<Cut>) -> Arc<Self> {
        let (state, falls, lifts) = Default::default();
        Arc::new(Self { cut, state, falls, lifts })
    }

    /// Hangs it over the commits of a store from now on.
    pub async fn hang(self: &Arc<Self>, store: &Store) {
        let (before, after) = (Arc::clone(self), Arc::clone(self));
        let hung = store.with_writer_for_tests(move |connection| {
            connection.commit_hook(Some(move || before.before_a_commit()))?;
            connection.wal_hook(Some(move |_: &mut _, _| {
                after.after_a_commit();
                Ok(())
            }))
        });
        hung.await.expect("the writer is there").expect("it can be watched");
    }

    /// Ends when it falls.
    pub async fn falls(&self) {
        self.falls.notified().await;
    }

    pub fn has_fallen(&self) -> bool {
        self.state().fallen
    }

    /// Lets the writer come to its end; what it is asked to commit is rolled back.
    pub fn lift(&self) {
        self.state().lifted = true;
        self.lifts.notify_all();
    }

    /// Whether each commit changed the file, in order.
    pub fn commits(&self) -> Vec<bool> {
        self.state().commits.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with it")
    }

    /// Whether it is to be rolled back.
    fn before_a_commit(&self) -> bool {
        let mut state = self.state();
        if state.fallen {
            return true;
        }
        state.commits.push(false);
        let number = state.commits.len();
        let here = match self.cut {
            Some(Cut::Before(cut)) => number == cut,
            // The one it was to fall after changed nothing: this is the same instant.
            Some(Cut::After(cut)) => number > cut,
            None => false,
        };
        if here {
            self.fall(state);
        }
        here
    }

    fn after_a_commit(&self) {
        let mut state = self.state();
        if state.fallen {
            return;
        }
        if let Some(latest) = state.commits.last_mut() {
            *latest = true;
        }
        if self.cut == Some(Cut::After(state.commits.len())) {
            self.fall(state);
        }
    }

    /// Holds the writer where it is until the life is over.
    fn fall(&self, mut state: MutexGuard<'_, State>) {
        state.fallen = true;
        self.falls.notify_one();
        let _state = self.lifts.wait_while(state, |state| !state.lifted).expect("nobody panics");
    }
}
