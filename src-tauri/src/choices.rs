//! What a person set, put into effect in the shell: at start, and whenever a setting changes.

use std::time::Duration;

use tauri::{AppHandle, Manager as _};

use deskbell_api::dto::{Event, NoArgs, Settings};
use deskbell_api::handlers::settings;
use deskbell_desk::Profile;

use crate::{autostart, spelling, tray, window};

/// Changes that follow each other within this are looked at once; far less than a person notices.
const GATHER: Duration = Duration::from_millis(60);
/// A pause of notifications that ends by itself shows in the tray at last after this.
const TICK: Duration = Duration::from_secs(60);

/// What holds now. Where it cannot be read, the defaults of a fresh profile do.
pub(crate) fn now(app: &AppHandle) -> Option<Settings> {
    let desk = &app.state::<Profile>().desk;
    match tauri::async_runtime::block_on(settings::all(desk, NoArgs {})) {
        Ok(all) => Some(all.values),
        Err(error) => {
            tracing::warn!(%error, "the settings could not be read");
            None
        }
    }
}

/// Follows settings and counters from now on. `autostart`: this profile is the person's own, which may start by itself.
pub(crate) fn follow(app: &AppHandle, autostart: bool) {
    let mut events = app.state::<Profile>().desk.events();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        apply(&app, autostart).await;
        loop {
            let first = tokio::select! {
                event = events.next() => match event {
                    Some(event) => event,
                    None => return,
                },
                () = tokio::time::sleep(TICK) => {
                    tray::refresh(&app);
                    continue;
                }
            };
            let (mut counters, mut settings) = (false, false);
            let mut note = |event: &Event| {
                counters |= about(event, &["conversation", "account"]);
                settings |= about(event, &["setting"]);
            };
            note(&first);
            let gathered = tokio::time::sleep(GATHER);
            tokio::pin!(gathered);
            loop {
                tokio::select! {
                    () = &mut gathered => break,
                    event = events.next() => match event {
                        Some(event) => note(&event),
                        None => return,
                    },
                }
            }
            if settings {
                apply(&app, autostart).await;
            }
            if counters || settings {
                tray::refresh(&app);
            }
        }
    });
}

fn about(event: &Event, entities: &[&str]) -> bool {
    match event {
        Event::Changes { changes, everything } => {
            *everything || changes.iter().any(|change| entities.contains(&change.entity.as_str()))
        }
        _ => false,
    }
}

async fn apply(app: &AppHandle, autostart: bool) {
    let desk = &app.state::<Profile>().desk;
    let values = match settings::all(desk, NoArgs {}).await {
        Ok(all) => all.values,
        Err(error) => {
            tracing::warn!(%error, "the settings could not be read");
            return;
        }
    };
    if let Some(window) = app.get_webview_window(window::MAIN) {
        spelling::apply(&window, values.spell_check, &values.spell_languages);
    }
    if autostart && !desk.store.is_read_only() {
        autostart::apply(app, values.autostart);
    }
}
