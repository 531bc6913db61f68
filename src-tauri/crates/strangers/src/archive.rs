//! Mail in files.

use std::cell::RefCell;

use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteChange};
use deskbell_providers::archive::{ArchiveProvider, ArchiveSettings};
use tokio::runtime::Runtime;

/// Small pages, so that a page ends in the middle of everything.
const PAGE: PullOptions =
    PullOptions { max_messages: 3, max_bytes: 4_096, bodies: true, since: None, known: false };

thread_local! {
    static RUNTIME: RefCell<Option<Runtime>> = const { RefCell::new(None) };
}

/// An mbox, pulled page by page to its end; what a page named is found again by its key.
pub(crate) fn mbox(bytes: &[u8]) {
    let Ok(file) = tempfile::NamedTempFile::new() else { return };
    if std::fs::write(file.path(), bytes).is_err() {
        return;
    }
    let settings = ArchiveSettings { path: file.path().to_owned() };
    // A file that is no mailbox is refused, and that is all.
    let Ok(archive) = ArchiveProvider::open(settings) else { return };
    RUNTIME.with_borrow_mut(|runtime| {
        let made = || tokio::runtime::Builder::new_current_thread().enable_all().build();
        if runtime.is_none() {
            *runtime = made().ok();
        }
        if let Some(runtime) = runtime {
            runtime.block_on(read(&archive, bytes.len()));
        }
    });
}

async fn read(archive: &ArchiveProvider, length: usize) {
    let Ok(scopes) = archive.scopes().await else { return };
    for scope in scopes {
        let (mut cursor, mut pages) = (None, 0);
        loop {
            let Ok(page) = archive.pull(&scope, cursor.as_ref(), PAGE).await else { break };
            let keys: Vec<_> = page
                .changes
                .iter()
                .filter_map(|change| match change {
                    RemoteChange::Message(message) => Some(message.key.clone()),
                    _ => None,
                })
                .collect();
            if let Ok(bodies) = archive.bodies(&scope, Some(&page.next), &keys).await {
                assert_eq!(bodies.len(), keys.len(), "what a page named is there");
            }
            pages += 1;
            assert!(pages <= length + 10, "an archive has an end");
            if !page.more {
                break;
            }
            cursor = Some(page.next);
        }
    }
}
