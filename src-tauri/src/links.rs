//! Links the system hands over: at start, from a second start, and as events on macOS.
//!
//! Invariant: what a link says is never logged; one that is unknown or forged does nothing but a line in the log.

use tauri::{AppHandle, Manager as _};

use deskbell_api::dto::{ById, Wish};
use deskbell_api::handlers::{conversation, sign_in};
use deskbell_api::link::{self, Link};
use deskbell_desk::Profile;

use crate::{window, wishes};

/// Our own scheme.
const SCHEME: &str = "deskbell";

/// Follows a link.
pub(crate) fn follow(app: &AppHandle, text: &str) {
    match link::read(text) {
        Ok(Link::Wish(Wish::Conversation { id })) => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                let desk = &app.state::<Profile>().desk;
                // A link may be older than what it names, or name what never was.
                match conversation::row(desk, ById { id: id.clone() }).await {
                    Ok(_) => wishes::ask(&app, Wish::Conversation { id }),
                    Err(_) => tracing::warn!("a link names a conversation that is not here"),
                }
            });
        }
        Ok(Link::Wish(wish)) => wishes::ask(app, wish),
        Ok(Link::SignIn(answer)) => {
            // It may be nobody's: anything on the machine can make one.
            if sign_in::deep_link(&app.state::<Profile>().desk, &answer) {
                window::bring_forward(app);
            }
        }
        Err(why) => tracing::warn!(%why, "a link from outside was not followed"),
    }
}

/// Has the system hand our links to this program, where no installer has done so. `mailto:` is left to the person's own
/// choice in the system's settings.
pub(crate) fn register(app: &AppHandle) {
    #[cfg(target_os = "macos")]
    {
        use tauri_plugin_deep_link::DeepLinkExt as _;
        let told = app.clone();
        app.deep_link().on_open_url(move |event| {
            for url in event.urls() {
                follow(&told, url.as_str());
            }
        });
    }
    #[cfg(not(target_os = "macos"))]
    {
        use tauri_plugin_deep_link::DeepLinkExt as _;
        let app = app.clone();
        // Runs other programs and waits for them.
        tauri::async_runtime::spawn_blocking(move || {
            let links = app.deep_link();
            let done = match links.is_registered(SCHEME) {
                Ok(true) => Ok(()),
                _ => links.register(SCHEME),
            };
            if let Err(error) = done {
                tracing::info!(%error, "links could not be registered with the system");
            }
        });
    }
}
