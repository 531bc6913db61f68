//! The one window: where it stands, when it only hides, and what it may navigate to, which is nothing but itself.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Emitter as _, Manager as _, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use deskbell_api::handlers::settings;
use deskbell_desk::Profile;

use crate::{choices, notify, place, tray};

/// The window's label; capabilities name it.
pub(crate) const MAIN: &str = "main";
/// The event that carries the target of a link in a mail, for the person to confirm.
const LINK: &str = "deskbell-link";
/// A file of the profile that stands for having been told that the window only hides.
const TOLD: &str = "told-of-tray";

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
                tell_once(&app);
            }
        }
    });
    Ok(())
}

/// The first time the window only hides, the person is told that Deskbell goes on, and where.
fn tell_once(app: &AppHandle) {
    let mark = app.state::<Profile>().desk.store.directory().join(TOLD);
    if std::fs::File::create_new(mark).is_err() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let desk = &app.state::<Profile>().desk;
        match settings::speech(desk, sys_locale::get_locale().as_deref()).await {
            Ok(speech) => notify::say(&app, speech.say("tray-stays"), speech.say("tray-stays-how")),
            Err(error) => tracing::warn!(%error, "nobody was told that the window only hides"),
        }
    });
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

/// Prints what the window shows; the page lays out the open conversation for paper.
#[tauri::command]
pub(crate) fn print(window: tauri::WebviewWindow) {
    if let Err(error) = window.print() {
        tracing::warn!(%error, "the conversation could not be printed");
    }
}
