//! What fits into a message: the largest one an account sends, and what its files take of that.
//!
//! Invariant: sizes are compared as they are on the wire; what the window is told of room is in bytes of files.

use deskbell_domain::AccountId;
use deskbell_domain::outgoing::{OutgoingFile, SendLimits};
use deskbell_engine::compose::{draft, encoded_size};
use deskbell_store::StoreError;
use deskbell_store::table::account::{self, Account};
use deskbell_store::table::outgoing::Outgoing;

use crate::desk::Desk;
use crate::dto::{ApiError, FieldError};

/// Largest message where the provider names no limit: what most servers take.
const LIMIT: u64 = 25_000_000;
/// Recipients of one message, where the provider sets no limit.
const MOST_RECIPIENTS: usize = 2_000;
/// Left to a text that is still being written, and to what each of the most files needs besides its bytes.
const TEXT: u64 = 128 * 1024;
/// What a file needs besides its bytes: a boundary and its header, with the longest of names.
const PART: u64 = 512;
const MB: u64 = 1_000_000;

/// What one account sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Most {
    /// Largest message, encoded.
    pub(crate) bytes: u64,
    /// Recipients of one message.
    pub(crate) recipients: usize,
    /// Somebody must stand under To.
    pub(crate) needs_to: bool,
    /// Files without a byte are refused.
    pub(crate) no_empty_files: bool,
}

/// What a message of an account may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// What holds in any case: of the account itself, or of the one that sends for it.
    pub(crate) most: Most,
    /// What the account that stands in for it takes, and its name: it may be the one that sends.
    pub(crate) stand_in: Option<(String, Most)>,
    /// Whether there is anyone to send it.
    pub(crate) sends: bool,
}

/// What an account can send, and the one that stands in for it.
pub(crate) async fn of(desk: &Desk, account: AccountId) -> Result<Limits, ApiError> {
    let (own, other) = desk
        .store
        .read(move |c| {
            let own = account::get(c, account)?;
            let other = match own.fallback.map(|id| account::get(c, id)) {
                Some(Ok(other)) => Some(other).filter(|other| other.sends),
                Some(Err(StoreError::NotFound(_))) | None => None,
                Some(Err(error)) => return Err(error),
            };
            Ok((own, other))
        })
        .await?;
    let sends = own.sends || other.is_some();
    Ok(match other {
        Some(other) if own.sends => {
            let stand_in = Some((other.name.clone(), most(desk, &other)));
            Limits { most: most(desk, &own), stand_in, sends }
        }
        Some(other) => Limits { most: most(desk, &other), stand_in: None, sends },
        None => Limits { most: most(desk, &own), stand_in: None, sends },
    })
}

/// What the provider said when it was last spoken to, and what is kept of it.
fn said(desk: &Desk, account: &Account) -> (Option<SendLimits>, Option<SendLimits>) {
    let live = desk.engine.as_ref().and_then(|engine| engine.send_limits(account.id));
    (live, desk.gateway.send_limits(&account.provider, &account.settings))
}

/// Messages a minute that are usual there, and whether its key is not told if readers are watched.
pub(crate) fn pace(desk: &Desk, account: &Account) -> (Option<u32>, bool) {
    let (live, kept) = said(desk, account);
    let known = live.or(kept).unwrap_or(SendLimits::NONE);
    (known.per_minute, known.tracking_unknown)
}

/// What the provider said when it was last spoken to, else what is kept of it, else what is usual.
fn most(desk: &Desk, account: &Account) -> Most {
    let (live, kept) = said(desk, account);
    let either =
        |of: fn(SendLimits) -> Option<u64>| live.and_then(of).or_else(|| kept.and_then(of));
    let recipients = either(|limits| limits.recipients.map(u64::from));
    Most {
        bytes: either(|limits| limits.bytes).unwrap_or(LIMIT),
        recipients: recipients
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(MOST_RECIPIENTS),
        needs_to: kept.is_some_and(|limits| limits.needs_to),
        no_empty_files: kept.is_some_and(|limits| limits.no_empty_files),
    }
}

/// Notes files without a byte, where the provider refuses them.
pub(crate) fn empty(files: &[OutgoingFile], most: Most, wrong: &mut Vec<FieldError>) {
    if !most.no_empty_files {
        return;
    }
    for file in files.iter().filter(|file| file.size == 0) {
        let name = &file.name;
        let words = format!(
            "“{name}” is empty, and this account's provider carries no empty files. Take it out."
        );
        wrong.push(FieldError::new("files", words));
    }
}

/// Bytes a draft takes on the wire without its files.
pub(crate) fn bare(row: &Outgoing, account: &Account) -> u64 {
    draft(row, &[], account, 0).len() as u64
}

/// Bytes files take on the wire.
pub(crate) fn carried(files: &[OutgoingFile]) -> u64 {
    files.iter().map(|file| encoded_size(file.size) + PART).sum()
}

/// Bytes of files, as they lie on a disk, that fit beside a text of that size.
pub(crate) fn room(most: Most, bare: u64) -> u64 {
    // 57 bytes become a line of 78.
    most.bytes.saturating_sub(bare + TEXT) / 78 * 57
}

/// Notes if files and text are too large together.
pub(crate) fn too_large(
    bare: u64,
    files: &[OutgoingFile],
    most: Most,
    wrong: &mut Vec<FieldError>,
) {
    let all = carried(files) + bare;
    if all > most.bytes {
        wrong.push(FieldError::new(
            "files",
            format!(
                "This message would be {} large; this account sends up to {}. Take files out, or share them another way.",
                megabytes(all),
                megabytes(most.bytes)
            ),
        ));
    }
}

/// What a message still has room for, file by file.
pub(crate) struct Room {
    left: u64,
    most: Most,
}

impl Room {
    /// Beside what is there already, in bytes on the wire.
    pub(crate) fn beside(used: u64, most: Most) -> Self {
        Self { left: most.bytes.saturating_sub(used), most }
    }

    /// Beside a text that is still to be written.
    pub(crate) fn below_a_text(most: Most) -> Self {
        Self::beside(TEXT, most)
    }

    /// Takes room for a file, if there is as much.
    pub(crate) fn takes(&mut self, size: u64) -> bool {
        let carried = encoded_size(size) + PART;
        let fits = carried <= self.left;
        if fits {
            self.left -= carried;
        }
        fits
    }

    /// [`Self::takes`], and why not.
    pub(crate) fn take(&mut self, name: &str, size: u64) -> Result<(), ApiError> {
        if self.takes(size) {
            return Ok(());
        }
        Err(ApiError::field(
            "files",
            format!(
                "“{name}” ({}) does not fit: as mail it takes {}, and this account sends messages up to {}. Share it another way.",
                megabytes(size),
                megabytes(encoded_size(size)),
                megabytes(self.most.bytes)
            ),
        ))
    }
}

/// A size as people read it, by thousands as the window counts.
pub(crate) fn megabytes(bytes: u64) -> String {
    if bytes < MB {
        return format!("{} kB", bytes.div_ceil(1_000));
    }
    let tenths = bytes / (MB / 10);
    if tenths >= 1_000 || tenths.is_multiple_of(10) {
        return format!("{} MB", tenths / 10);
    }
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_window_is_told_fits_is_not_refused_when_it_leaves() {
        for limit in [10_240_000, 25_000_000, 150 * 1024 * 1024] {
            let most =
                Most { bytes: limit, recipients: 10, needs_to: false, no_empty_files: false };
            for bare in [1_000, 100_000] {
                let room = room(most, bare);
                for count in [1, 7, 200] {
                    let file = |n: u64| OutgoingFile {
                        blob: [0; 32],
                        name: format!("{n}.bin"),
                        media_type: "application/octet-stream".into(),
                        size: room / count,
                        content_id: None,
                    };
                    let files: Vec<OutgoingFile> = (0..count).map(file).collect();
                    let mut wrong = Vec::new();
                    too_large(bare, &files, most, &mut wrong);
                    assert!(wrong.is_empty(), "{limit} {bare} {count}: {wrong:?}");
                }
            }
            assert!(room(most, 0) < limit * 3 / 4, "a file grows by a third on its way");
        }
    }

    #[test]
    fn sizes_read_as_in_the_window() {
        for (bytes, said) in [
            (1, "1 kB"),
            (999_999, "1000 kB"),
            (25_000_000, "25 MB"),
            (1_550_000, "1.5 MB"),
            (104_900_000, "104 MB"),
        ] {
            assert_eq!(megabytes(bytes), said);
        }
    }
}
