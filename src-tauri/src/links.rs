//! Links and files the system hands over: at start, from a second start, and as events on macOS.
//!
//! Invariant: what a link says and where a file lies is never logged; a link that is unknown or forged does nothing but
//! a line in the log, and so does a file that is not there.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager as _, Url};

use deskbell_api::dto::{ById, Wish};
use deskbell_api::handlers::{conversation, given, sign_in};
use deskbell_api::link::{self, Link};
use deskbell_desk::Profile;

use crate::{window, wishes};

/// Our own scheme; the macOS bundle names it itself.
#[cfg(not(target_os = "macos"))]
const SCHEME: &str = "deskbell";

/// Follows a word of a command line, typed in a folder: a link, or a file to be opened.
pub(crate) fn take(app: &AppHandle, word: &str, folder: &Path) {
    match file(word, folder) {
        Some(path) => open(app, path),
        None => follow(app, word),
    }
}

/// The file that a word names, as a path or as an address; nothing for a link, and for what is not there.
fn file(word: &str, folder: &Path) -> Option<PathBuf> {
    if link::looks_like_link(word) {
        return None;
    }
    let address = Url::parse(word).ok().filter(|address| address.scheme() == "file");
    let path = match address {
        Some(address) => address.to_file_path().ok()?,
        None => folder.join(word),
    };
    path.exists().then_some(path)
}

/// Has the window show a file, or ask whether it is to be imported.
fn open(app: &AppHandle, path: PathBuf) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match given::receive(&app.state::<Profile>().desk, path).await {
            Ok(wish) => wishes::ask(&app, wish),
            Err(_) => tracing::warn!("a file from outside could not be read"),
        }
    });
}

/// Follows a link.
fn follow(app: &AppHandle, text: &str) {
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
                take(&told, url.as_str(), Path::new("/"));
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
            #[cfg(windows)]
            if let Err(error) = crate::mail_app::offer() {
                tracing::info!(%error, "Deskbell could not be offered for mail");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_file_only_where_there_is_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let mail = folder.path().join("Grüße von Mara.eml");
        std::fs::write(&mail, "Subject: x\n\n").expect("a file");
        let seen = |word: &str| file(word, folder.path());
        assert_eq!(seen("Grüße von Mara.eml"), Some(mail.clone()), "beside whoever typed it");
        assert_eq!(seen(&mail.to_string_lossy()), Some(mail.clone()));
        let address = Url::from_file_path(&mail).expect("an address");
        assert_eq!(seen(address.as_str()), Some(mail), "as file managers hand it over");
        for none in ["gone.eml", "mailto:a@b.example", "deskbell://compose", "https://a.example/x"]
        {
            assert_eq!(seen(none), None, "{none}");
        }
    }
}
