//! "Open with": the person chooses the program that a file is opened in, in the system's own way.

use std::path::Path;

use tauri::AppHandle;

/// Lets the person choose, and opens the file; who chooses none opens nothing.
#[cfg(target_os = "linux")]
pub(crate) async fn open(app: &AppHandle, path: &Path) -> Result<(), String> {
    use gtk::prelude::*;
    use gtk::{gio, glib};
    use tauri::Manager as _;
    use tokio::sync::oneshot;

    let window = app.get_webview_window(crate::window::MAIN).ok_or("there is no window")?;
    let (told, hears) = oneshot::channel::<Result<(), String>>();
    let path = path.to_owned();
    let asked = app.run_on_main_thread(move || {
        let parent = window.gtk_window().ok();
        let file = gio::File::for_path(&path);
        let dialog = gtk::AppChooserDialog::new(parent.as_ref(), gtk::DialogFlags::MODAL, &file);
        glib::MainContext::default().spawn_local(async move {
            let answer = dialog.run_future().await;
            // Who leaves by Escape has closed it already: what was in it is gone, and must not be asked.
            let chosen = if answer == gtk::ResponseType::Ok { dialog.app_info() } else { None };
            if answer != gtk::ResponseType::DeleteEvent {
                dialog.close();
            }
            let opened = match chosen {
                Some(program) => program.launch(&[file], gio::AppLaunchContext::NONE),
                None => Ok(()),
            };
            // The asker may have gone away with its window.
            let _ = told.send(opened.map_err(|error| error.to_string()));
        });
    });
    asked.map_err(|error| error.to_string())?;
    hears.await.map_err(|_| "the window is gone".to_owned())?
}

/// Windows' own dialog, which opens the file itself.
#[cfg(windows)]
pub(crate) async fn open(_: &AppHandle, path: &Path) -> Result<(), String> {
    // What Explorer itself starts for files of an unknown kind.
    let mut dialog = std::process::Command::new("OpenWith.exe");
    dialog.arg(path).spawn().map(drop).map_err(|error| error.to_string())
}

/// The person picks a program where programs lie; the system opens the file in it.
#[cfg(target_os = "macos")]
pub(crate) async fn open(app: &AppHandle, path: &Path) -> Result<(), String> {
    use tauri_plugin_dialog::DialogExt as _;
    use tauri_plugin_opener::OpenerExt as _;
    use tokio::sync::oneshot;

    let (told, hears) = oneshot::channel();
    let dialog = app.dialog().file().set_directory("/Applications").add_filter("", &["app"]);
    dialog.pick_file(move |program| {
        // The asker may have gone away with its window.
        let _ = told.send(program);
    });
    let Some(program) = hears.await.ok().flatten().and_then(|path| path.into_path().ok()) else {
        return Ok(());
    };
    let (path, program) = (path.to_string_lossy(), program.to_string_lossy());
    app.opener().open_path(path, Some(program)).map_err(|error| error.to_string())
}
