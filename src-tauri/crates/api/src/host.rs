//! What only the program around the handlers can do: dialogs, other programs, the system's settings.
//!
//! Invariant: a handler asks for it and goes on without it; no path and no link comes from the webview.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use crate::dto::{ArchiveKind, MailLinks, NewVersion};

/// What only a host can do; paths and links never come from the webview. Where nothing is said, there is no desktop:
/// nothing is picked and nothing is opened.
#[async_trait]
pub trait Host: Send + Sync {
    /// Lets the person pick mail to import.
    async fn pick(&self, _kind: ArchiveKind) -> Option<PathBuf> {
        None
    }
    /// Lets the person pick files to send along, or images to stand inside the text.
    async fn pick_files(&self, _images: bool) -> Vec<PathBuf> {
        Vec::new()
    }
    /// Lets the person pick a folder to write into.
    async fn pick_folder(&self) -> Option<PathBuf> {
        None
    }
    /// Lets the person say where a file goes; the name is a proposal.
    async fn save_as(&self, _name: &str) -> Option<PathBuf> {
        None
    }
    /// Opens a checked link in the system's program for it.
    fn open_link(&self, _href: &str) -> Result<(), String> {
        Err(NO_DESKTOP.into())
    }
    /// Opens a file that Deskbell has written in the system's program for it.
    fn open_file(&self, _path: &Path) -> Result<(), String> {
        Err(NO_DESKTOP.into())
    }
    /// Lets the person choose the program that a file Deskbell has written is opened in.
    async fn open_file_with(&self, _path: &Path) -> Result<(), String> {
        Err(NO_DESKTOP.into())
    }
    /// Who gets mail links now.
    fn mail_links(&self) -> MailLinks {
        MailLinks::Unknown
    }
    /// Has the system hand mail links to Deskbell, or opens the place where the person chooses that.
    fn take_mail_links(&self) -> Result<(), String> {
        Err(NO_DESKTOP.into())
    }
    /// Whether new versions of Deskbell can be asked for.
    fn asks_for_updates(&self) -> bool {
        false
    }
    /// Asks for a version newer than this one.
    async fn look_for_update(&self) -> Result<Option<NewVersion>, String> {
        Ok(None)
    }
    /// Puts the newer version in place of this one, if it is signed by those who made this one, and starts it.
    async fn install_update(&self) -> Result<(), String> {
        Err(NO_DESKTOP.into())
    }
    /// Whether [`Self::start_anew`] does.
    fn starts_anew(&self) -> bool {
        false
    }
    /// Ends this program in good order and starts it once more.
    fn start_anew(&self) {}
    /// Hands a file that Deskbell has written to wherever the person drags it.
    async fn drag_file(&self, _path: &Path) -> Result<(), String> {
        Err(NO_DESKTOP.into())
    }
}

/// What a host without a desktop answers.
const NO_DESKTOP: &str = "there is no desktop here";

/// A host with nobody in front of it: a terminal, a test.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

#[async_trait]
impl Host for NoHost {}
