//! What a person is told when their data cannot be opened: a dialog of the system, since there is no window without
//! data, and then the end. Whoever started Deskbell in a terminal reads it there too.

use std::path::Path;

use tauri::AppHandle;

use deskbell_api::speech::Speech;
use deskbell_desk::OpenError;

/// Says why, waits until it was read, and ends the program with a failure. From any thread.
pub(crate) fn show(app: &AppHandle, directory: &Path, why: &OpenError) {
    tracing::error!(%why, "the profile was not opened");
    eprintln!("deskbell: {why}");
    // The chosen language lies in what cannot be opened.
    let speech = Speech::of_system(sys_locale::get_locale().as_deref());
    let place = speech.fill("start-refused-place", "directory", &directory.display().to_string());
    let text = format!("{}\n\n{place}", speech.retell(&why.to_string()));
    let title = speech.say("start-refused");
    let ended = app.clone();
    let shown = app.run_on_main_thread(move || dialog(ended, &title, text));
    if let Err(error) = shown {
        tracing::error!(%error, "nothing can be shown any more");
        app.exit(1);
    }
}

/// GTK's own: the plugin's runs a second loop beside the window's, and sometimes stays unseen when there is no window.
#[cfg(target_os = "linux")]
fn dialog(app: AppHandle, title: &str, text: String) {
    use gtk::prelude::*;
    let parent: Option<&gtk::Window> = None;
    let (flags, kind) = (gtk::DialogFlags::empty(), gtk::MessageType::Error);
    let dialog = gtk::MessageDialog::new(parent, flags, kind, gtk::ButtonsType::Close, &text);
    dialog.set_title(title);
    dialog.connect_response(move |dialog, _| {
        dialog.close();
        app.exit(1);
    });
    dialog.show_all();
}

#[cfg(not(target_os = "linux"))]
fn dialog(app: AppHandle, title: &str, text: String) {
    use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
    let ended = app.clone();
    let dialog = app.dialog().message(text).title(title).kind(MessageDialogKind::Error);
    dialog.show(move |_| ended.exit(1));
}
