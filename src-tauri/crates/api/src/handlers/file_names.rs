//! Names for the files of one folder, made of names that people gave to something else.
//!
//! Invariant: no two given out by one `FileNames` meet on any file system, also not on one that folds case or writes
//! letters in another normal form; each is taken by Linux, macOS and Windows.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;

/// Bytes of a name, which leave room for a number and an ending; file systems take 255.
const LONGEST: usize = 200;
/// Windows keeps these for devices, with any ending too.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// These too, when a digit follows.
const NUMBERED: [&str; 2] = ["com", "lpt"];

/// The names taken in one folder.
#[derive(Debug, Default)]
pub(super) struct FileNames {
    taken: HashSet<String>,
}

impl FileNames {
    /// A name like `wanted` that nothing in the folder has yet, with `ending` (`.mbox`) behind it.
    pub(super) fn give(&mut self, wanted: &str, ending: &str) -> String {
        let base = plain(wanted);
        let mut name = base.clone();
        let mut number = 2_u32;
        while !self.taken.insert(folded(&name)) {
            name = format!("{base} ({number})");
            number += 1;
        }
        name + ending
    }
}

/// What two names have in common that one file system or another takes for the same.
fn folded(name: &str) -> String {
    name.nfd().flat_map(char::to_lowercase).nfd().collect()
}

/// The name with only what every file system takes.
fn plain(name: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | ' ');
    let mut safe: String = name.nfc().map(|c| if kept(c) { c } else { '_' }).collect();
    safe.truncate(safe.floor_char_boundary(LONGEST));
    let safe = safe.trim_matches(['.', ' ']);
    match safe.split('.').next() {
        Some("") | None => "mailbox".to_owned(),
        Some(stem) if is_device(stem) => format!("_{safe}"),
        Some(_) => safe.to_owned(),
    }
}

fn is_device(stem: &str) -> bool {
    let stem = stem.trim_end().to_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut rest = rest.chars();
            rest.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c))
                && rest.next().is_none()
        })
    };
    DEVICES.contains(&stem.as_str()) || NUMBERED.iter().any(|device| numbered(device))
}

#[cfg(test)]
mod tests {
    use super::{FileNames, LONGEST};

    fn given(names: &[&str]) -> Vec<String> {
        let mut taken = FileNames::default();
        names.iter().map(|name| taken.give(name, ".mbox")).collect()
    }

    #[test]
    fn mailboxes_whose_names_fall_together_get_files_of_their_own() {
        assert_eq!(
            given(&["Clients/Left", "Clients_Left", "⭐", "🔥", "clients_LEFT"]),
            [
                "Clients_Left.mbox",
                "Clients_Left (2).mbox",
                "_.mbox",
                "_ (2).mbox",
                "clients_LEFT (3).mbox"
            ],
        );
    }

    #[test]
    fn a_number_given_out_does_not_meet_a_mailbox_of_that_name() {
        assert_eq!(given(&["A", "A (2)", "a"]).len(), 3);
        let names = given(&["A", "a", "A _2_", "A (2)"]);
        let folded: std::collections::HashSet<_> =
            names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(folded.len(), names.len(), "{names:?}");
    }

    #[test]
    fn letters_written_in_two_normal_forms_are_one_name() {
        assert_eq!(given(&["Caf\u{e9}", "Cafe\u{301}"]), ["Caf\u{e9}.mbox", "Caf\u{e9} (2).mbox"]);
    }

    #[test]
    fn names_that_windows_keeps_for_devices_are_written_otherwise() {
        assert_eq!(
            given(&["CON", "com1", "LPT9.old", "Comet", "nul .x", "com"]),
            ["_CON.mbox", "_com1.mbox", "_LPT9.old.mbox", "Comet.mbox", "_nul .x.mbox", "com.mbox"],
        );
    }

    #[test]
    fn a_name_of_any_length_fits_into_a_file_system() {
        let names = given(&["ü".repeat(400).as_str(), "ü".repeat(401).as_str(), "...", ""]);
        assert!(names.iter().all(|name| name.len() < 255 && !name.starts_with('.')), "{names:?}");
        assert!(names.first().is_some_and(|name| name.len() > LONGEST / 2));
    }
}
