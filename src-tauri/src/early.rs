//! What other starts of Deskbell asked for before there was a profile to ask it of: kept until it is open.
//!
//! Invariant: nothing is lost between keeping and taking; what is asked for later is done at once.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Starts remembered; nobody meant more of them.
const KEPT: usize = 20;

/// The words of a command line, and the folder they were typed in.
pub(crate) type Start = (Vec<String>, PathBuf);

/// See the module.
pub(crate) struct Early(Mutex<Option<Vec<Start>>>);

impl Default for Early {
    fn default() -> Self {
        Self(Mutex::new(Some(Vec::new())))
    }
}

impl Early {
    /// Keeps a start for later; false once the profile is open, and it can be seen to.
    pub(crate) fn keep(&self, words: &[String], folder: &Path) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(kept) = kept.as_mut() else { return false };
        if kept.len() < KEPT {
            kept.push((words.to_vec(), folder.to_owned()));
        }
        true
    }

    /// The profile is open: everything kept, in the order it came.
    pub(crate) fn take(&self) -> Vec<Start> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_given_before_the_profile_is_open_is_followed_once_it_is() {
        let (early, home) = (Early::default(), Path::new("/home/mara"));
        let words = |link: &str| vec!["deskbell".to_owned(), link.to_owned()];
        assert!(early.keep(&words("mailto:a@b.example"), home));
        assert!(early.keep(&words("letter.eml"), Path::new("/tmp")));
        let wanted = [
            (words("mailto:a@b.example"), home.to_owned()),
            (words("letter.eml"), PathBuf::from("/tmp")),
        ];
        assert_eq!(early.take(), wanted, "in the order they came, each in its folder");
        assert!(!early.keep(&words("mailto:c@d.example"), home), "from now on they are followed");
        assert!(early.take().is_empty(), "nothing is followed twice");
    }

    #[test]
    fn who_starts_it_over_and_over_fills_no_memory() {
        let early = Early::default();
        for _ in 0..1_000 {
            assert!(early.keep(&["deskbell".into()], Path::new("/")));
        }
        assert_eq!(early.take().len(), KEPT);
    }
}
