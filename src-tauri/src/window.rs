//! The one window: its size, and what it may navigate to, which is nothing but itself.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Emitter as _, Manager as _, WebviewUrl, WebviewWindowBuilder};

/// The window's label; capabilities name it.
const MAIN: &str = "main";
/// The event that carries the target of a link in a mail, for the person to confirm.
const LINK: &str = "deskbell-link";

/// Opens the window.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let told = app.clone();
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Deskbell")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        // Files dropped on a message are taken by the page; Tauri would keep them to itself.
        .disable_drag_drop_handler()
        .on_navigation(|url| {
            // Ours on Linux and macOS, ours on Windows, and the frames mail is shown in.
            let own = url.scheme() == "tauri"
                || (url.scheme() == "http" && url.host_str() == Some("tauri.localhost"));
            own || url.as_str() == "about:srcdoc" || url.as_str() == "about:blank"
        })
        .on_new_window(move |url, _| {
            if let Err(error) = told.emit_to(MAIN, LINK, url.as_str()) {
                tracing::warn!(%error, "a link could not be shown");
            }
            NewWindowResponse::Deny
        })
        .build()?;
    Ok(())
}

/// Brings the window to the front when Deskbell is started a second time.
pub(crate) fn bring_forward(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let shown =
            window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window could not be brought forward");
        }
    }
}
