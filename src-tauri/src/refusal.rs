//! What a person is told when their data cannot be opened: a dialog of the system, since there is no window without
//! data, and then the end. Whoever started Deskbell in a terminal reads it there too.

use std::path::Path;

use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};

use deskbell_api::speech::Speech;
use deskbell_desk::OpenError;

/// Says why, waits until it was read, and ends the program with a failure.
pub(crate) fn show(app: &AppHandle, directory: &Path, why: &OpenError) {
    tracing::error!(%why, "the profile was not opened");
    eprintln!("deskbell: {why}");
    // The chosen language lies in what cannot be opened.
    let speech = Speech::of_system(sys_locale::get_locale().as_deref());
    let place = speech.fill("start-refused-place", "directory", &directory.display().to_string());
    let text = format!("{}\n\n{place}", speech.retell(&why.to_string()));
    let done = app.clone();
    app.dialog()
        .message(text)
        .title(speech.say("start-refused"))
        .kind(MessageDialogKind::Error)
        .show(move |_| done.exit(1));
}
