//! The icon in the tray: how many conversations are unread, and a short menu.
//!
//! Invariant: the number is the inbox's own counter, never one kept here. Where no tray can be made Deskbell runs
//! without one, and its window does not hide.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use tauri::image::Image;
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder, SubmenuBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _};

use deskbell_api::dto::{NoArgs, Wish};
use deskbell_api::handlers::inbox;
use deskbell_api::handlers::settings::{self, Pause};
use deskbell_api::speech::Speech;
use deskbell_desk::Profile;

#[cfg(not(target_os = "macos"))]
use crate::badge::{self, Picture};
use crate::{launcher, window, wishes};

const ID: &str = "deskbell";
#[cfg(not(target_os = "macos"))]
const ICON: &[u8] = if cfg!(windows) {
    include_bytes!("../../icons/32x32.png")
} else {
    include_bytes!("../../icons/128x128.png")
};
/// macOS paints its menu bar itself and takes only a shape.
#[cfg(target_os = "macos")]
const TEMPLATE: &[u8] = include_bytes!("../../icons/tray-template.png");

/// The tray as it is now.
pub(crate) struct Tray {
    icon: TrayIcon,
    #[cfg(not(target_os = "macos"))]
    picture: Picture,
    shown: Mutex<Shown>,
}

/// What the tray says, so that it is not told the same twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shown {
    unread: Option<i64>,
    badge: bool,
    paused: bool,
    words: String,
}

/// Puts the icon into the tray, if there is one to be had.
pub(crate) fn start(app: &AppHandle) {
    // The library behind it ends in a panic where the system lacks the shared object it loads.
    let made = catch_unwind(AssertUnwindSafe(|| make(app)));
    match made {
        Ok(Ok(tray)) => {
            app.manage(tray);
            refresh(app);
        }
        Ok(Err(error)) => tracing::warn!(%error, "there is no icon in the tray"),
        Err(_) => {
            tracing::warn!("there is no icon in the tray: the system's library for it is missing")
        }
    }
}

/// Whether the icon is there and somebody shows it.
pub(crate) fn is_seen(app: &AppHandle) -> bool {
    app.try_state::<Tray>().is_some() && crate::presence::tray_is_seen()
}

fn make(app: &AppHandle) -> tauri::Result<Tray> {
    let builder = TrayIconBuilder::with_id(ID)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::bring_forward(tray.app_handle());
            }
        });
    #[cfg(target_os = "macos")]
    {
        let icon = builder.icon(Image::from_bytes(TEMPLATE)?).icon_as_template(true).build(app)?;
        Ok(Tray { icon, shown: Mutex::default() })
    }
    #[cfg(not(target_os = "macos"))]
    {
        let image = Image::from_bytes(ICON)?;
        let side = usize::try_from(image.width()).unwrap_or_default();
        let picture = Picture { rgba: image.rgba().to_vec(), side };
        Ok(Tray { icon: builder.icon(image).build(app)?, picture, shown: Mutex::default() })
    }
}

/// Shows what holds now: the number, the words, the pause.
pub(crate) fn refresh(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = look(&app).await {
            tracing::warn!(%error, "the tray could not be told");
        }
    });
}

async fn look(app: &AppHandle) -> anyhow::Result<()> {
    let desk = &app.state::<Profile>().desk;
    let values = settings::all(desk, NoArgs {}).await?.values;
    let counters = inbox::counters(desk, NoArgs {}).await?.counters;
    let inbox = counters.iter().find(|one| one.view == "inbox" && one.account_id.is_none());
    let unread = inbox.map_or(0, |counter| counter.unread);
    let speech = settings::speech(desk, sys_locale::get_locale().as_deref()).await?;
    let badge = if values.badge { unread } else { 0 };
    launcher::badge(app, badge);
    let Some(tray) = app.try_state::<Tray>() else { return Ok(()) };
    let words = match unread {
        0 => speech.say("tray-tooltip-none"),
        unread => speech.count("tray-tooltip", usize::try_from(unread).unwrap_or_default()),
    };
    let paused = settings::is_paused(desk).await?;
    let wanted = Shown { unread: Some(unread), badge: values.badge, paused, words };
    {
        let mut shown = tray.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown == wanted {
            return Ok(());
        }
        *shown = wanted.clone();
    }
    tray.icon.set_tooltip(Some(&wanted.words))?;
    tray.icon.set_menu(Some(menu(app, &speech, &wanted)?))?;
    #[cfg(target_os = "macos")]
    tray.icon.set_title((badge > 0).then(|| badge.to_string()))?;
    #[cfg(not(target_os = "macos"))]
    {
        let picture = badge::drawn(&tray.picture, badge);
        let side = u32::try_from(picture.side)?;
        tray.icon.set_icon(Some(Image::new_owned(picture.rgba, side, side)))?;
    }
    Ok(())
}

fn menu(app: &AppHandle, speech: &Speech, shown: &Shown) -> tauri::Result<Menu<tauri::Wry>> {
    // Not every tray shows a tooltip, and no screen reader reads a number drawn on a picture.
    let number = MenuItemBuilder::with_id("number", &shown.words).enabled(false).build(app)?;
    let mark = |key: &str, on: bool| {
        let words = speech.say(key);
        if on { format!("✓ {words}") } else { words }
    };
    let pause = SubmenuBuilder::new(app, mark("tray-pause", shown.paused))
        .text("pause-hour", speech.say("tray-pause-hour"))
        .text("pause-tomorrow", speech.say("tray-pause-tomorrow"))
        .text("pause-off", mark("tray-pause-off", !shown.paused))
        .build()?;
    MenuBuilder::new(app)
        .item(&number)
        .separator()
        .text("open", speech.say("tray-open"))
        .text("compose", speech.say("tray-compose"))
        .text("sync", speech.say("tray-sync"))
        .item(&pause)
        .separator()
        .text("quit", speech.say("tray-quit"))
        .build()
}

fn chosen(app: &AppHandle, item: &str) {
    let pause = match item {
        "open" => return window::bring_forward(app),
        "compose" => {
            let (to, cc, bcc) = Default::default();
            return wishes::ask(app, Wish::Compose { to, cc, bcc, subject: None, body: None });
        }
        "quit" => return app.exit(0),
        "sync" => None,
        "pause-hour" => Some(Pause::Hour),
        "pause-tomorrow" => Some(Pause::Tomorrow),
        "pause-off" => Some(Pause::Off),
        _ => return,
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let desk = &app.state::<Profile>().desk;
        let done = match pause {
            Some(pause) => settings::pause(desk, pause).await.map(drop),
            None => {
                deskbell_api::call(desk, "sync_now", json!({ "account_id": null })).await.map(drop)
            }
        };
        if let Err(error) = done {
            tracing::warn!(%error, "what was chosen in the tray could not be done");
        }
    });
}
