//! The terminal as a host: it has no dialogs, so nothing is picked and nothing is opened.

use std::path::{Path, PathBuf};

use deskbell_api::Host;
use deskbell_api::dto::ArchiveKind;

/// See the module.
pub struct Terminal;

#[async_trait::async_trait]
impl Host for Terminal {
    async fn pick(&self, _: ArchiveKind) -> Option<PathBuf> {
        None
    }

    async fn pick_files(&self, _: bool) -> Vec<PathBuf> {
        Vec::new()
    }

    async fn save_as(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn open_link(&self, _: &str) -> Result<(), String> {
        Err("a terminal opens no links".into())
    }

    fn open_file(&self, _: &Path) -> Result<(), String> {
        Err("a terminal opens no files".into())
    }
}
