//! The one window: where it stands, when it only hides, and what it may navigate to, which is nothing but itself.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Emitter as _, Manager as _, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use deskbell_desk::Profile;

use crate::{choices, place, tray};

/// The window's label; capabilities name it.
pub(crate) const MAIN: &str = "main";
/// The event that carries the target of a link in a mail, for the person to confirm.
const LINK: &str = "deskbell-link";

/// Opens the window; `hidden` leaves it in the tray.
pub(crate) fn open(app: &AppHandle, hidden: bool) -> tauri::Result<()> {
    let told = app.clone();
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Deskbell")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .visible(false)
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
    place::restore(&window, app.state::<Profile>().desk.store.directory());
    if !hidden {
        window.show()?;
    }
    let app = app.clone();
    window.clone().on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            place::keep(&window, app.state::<Profile>().desk.store.directory());
            let stays = choices::now(&app).is_some_and(|now| now.close_to_tray);
            if stays && tray::is_seen(&app) && window.hide().is_ok() {
                api.prevent_close();
            }
        }
    });
    Ok(())
}

/// Brings the window to the front.
pub(crate) fn bring_forward(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let shown =
            window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window could not be brought forward");
        }
    }
}

/// Remembers where the window stands, at the end of the program.
pub(crate) fn keep_place(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        place::keep(&window, app.state::<Profile>().desk.store.directory());
    }
}

/// Shows a number on the program's place in the dock or the bar of tasks, where the system has one.
pub(crate) fn set_badge(app: &AppHandle, count: i64) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    #[cfg(windows)]
    let told = {
        let side = 32;
        let blank = crate::badge::Picture { rgba: vec![0; side * side * 4], side };
        let drawn = crate::badge::drawn(&blank, count);
        let image = tauri::image::Image::new_owned(drawn.rgba, 32, 32);
        window.set_overlay_icon((count > 0).then_some(image))
    };
    #[cfg(not(windows))]
    let told = window.set_badge_count((count > 0).then_some(count));
    if let Err(error) = told {
        tracing::debug!(%error, "the number of unread conversations could not be shown");
    }
}

/// Prints what the window shows; the page lays out the open conversation for paper.
#[tauri::command]
pub(crate) fn print(window: tauri::WebviewWindow) {
    if let Err(error) = window.print() {
        tracing::warn!(%error, "the conversation could not be printed");
    }
}
