//! The fuzzer's corpus as an ordinary test: seeds, and everything that ever broke a reader.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use deskbell_strangers::DOORS;

/// Panics heard, also those that the product catches.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

#[test]
fn no_reader_breaks_on_what_strangers_sent_so_far() {
    std::panic::set_hook(Box::new(|panic| {
        HEARD.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(panic.to_string());
    }));
    let mut broken = Vec::new();
    let mut seen = 0;
    for (name, door) in DOORS {
        let folder = repository().join("fuzz");
        let mut samples = files(&folder.join("seeds").join(name));
        assert!(!samples.is_empty(), "{name} has seeds");
        samples.extend(files(&folder.join("finds").join(name)));
        if matches!(name, "mime" | "report" | "html") {
            let fixtures = "src-tauri/crates/engine/src/ingest/fixtures";
            samples.extend(files(&repository().join(fixtures)));
        }
        if name == "mbox" {
            samples.push(repository().join("src-tauri/sample/studio.mbox"));
        }
        for sample in samples {
            let bytes = std::fs::read(&sample).expect("a sample");
            seen += 1;
            let _ = std::panic::catch_unwind(|| door(&bytes));
            for said in HEARD.lock().expect("what was heard").drain(..) {
                broken.push(format!("{name}, {}: {said}", sample.display()));
            }
        }
    }
    let _ = std::panic::take_hook();
    assert!(seen > 60, "the corpus was found: {seen} samples");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
