//! The desktop as a host: file dialogs and the system's own programs.

use std::path::{Path, PathBuf};

use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use tauri_plugin_opener::OpenerExt as _;
use tokio::sync::oneshot;

use deskbell_api::Host;
use deskbell_api::dto::{ArchiveKind, MailLinks, NewVersion};

use crate::{choosing, dragging, mail_app, updates};

/// See the module.
pub(crate) struct Desktop {
    app: AppHandle,
}

impl Desktop {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app }
    }
}

/// Waits for a dialog's answer; a dialog that could not be shown answers nothing.
async fn answer(ask: impl FnOnce(Box<dyn FnOnce(Option<FilePath>) + Send>)) -> Option<PathBuf> {
    let (told, hears) = oneshot::channel();
    ask(Box::new(move |path| {
        // The asker may have gone away with its window.
        let _ = told.send(path);
    }));
    hears.await.ok().flatten()?.into_path().ok()
}

#[async_trait::async_trait]
impl Host for Desktop {
    async fn pick(&self, kind: ArchiveKind) -> Option<PathBuf> {
        let dialog = self.app.dialog().file();
        answer(move |told| match kind {
            ArchiveKind::File => dialog.pick_file(told),
            ArchiveKind::Folder => dialog.pick_folder(told),
        })
        .await
    }

    async fn pick_files(&self, images: bool) -> Vec<PathBuf> {
        let mut dialog = self.app.dialog().file();
        if images {
            dialog = dialog.add_filter("", &["png", "jpg", "jpeg", "gif", "webp"]);
        }
        let (told, hears) = oneshot::channel();
        dialog.pick_files(move |paths| {
            // The asker may have gone away with its window.
            let _ = told.send(paths);
        });
        let paths = hears.await.ok().flatten().unwrap_or_default();
        paths.into_iter().filter_map(|path| path.into_path().ok()).collect()
    }

    async fn pick_folder(&self) -> Option<PathBuf> {
        let dialog = self.app.dialog().file().set_can_create_directories(true);
        answer(move |told| dialog.pick_folder(told)).await
    }

    async fn save_as(&self, name: &str) -> Option<PathBuf> {
        let dialog = self.app.dialog().file().set_file_name(name);
        answer(move |told| dialog.save_file(told)).await
    }

    fn open_link(&self, href: &str) -> Result<(), String> {
        self.app.opener().open_url(href, None::<&str>).map_err(|error| error.to_string())
    }

    fn open_file(&self, path: &Path) -> Result<(), String> {
        let path = path.to_string_lossy();
        self.app.opener().open_path(path, None::<&str>).map_err(|error| error.to_string())
    }

    async fn open_file_with(&self, path: &Path) -> Result<(), String> {
        choosing::open(&self.app, path).await
    }

    fn mail_links(&self) -> MailLinks {
        mail_app::state(&self.app)
    }

    fn take_mail_links(&self) -> Result<(), String> {
        mail_app::choose(&self.app)
    }

    fn asks_for_updates(&self) -> bool {
        updates::are_asked_for(self.app.config())
    }

    async fn look_for_update(&self) -> Result<Option<NewVersion>, String> {
        updates::look(&self.app).await
    }

    async fn install_update(&self) -> Result<(), String> {
        updates::install(&self.app).await
    }

    fn starts_anew(&self) -> bool {
        true
    }

    fn start_anew(&self) {
        self.app.request_restart();
    }

    async fn drag_file(&self, path: &Path) -> Result<(), String> {
        dragging::begin(&self.app, path).await
    }
}
