//! Notifications on this desktop, by `notify-rust`. What is announced, and in which words, is `deskbell_api::news`'s.
//!
//! Invariants: an answer counts only on the notification that is shown now under its tag; so nothing is done twice. At
//! most [`WAITING`] notifications are waited on, each by a thread: for one more the oldest is taken away, and where the
//! system cannot take any away, that one more is shown without buttons and without anybody waiting on it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use notify_rust::{Notification as Shown, NotificationResponse};
use tauri::{AppHandle, Manager as _};

use deskbell_api::news::{self, About, Action, Announcement, Announcements, Notification, Tag};
use deskbell_desk::Profile;

use crate::wishes;

/// Notifications waited on; the oldest is taken away for the next one.
const WAITING: usize = 8;

/// A notification that is on the screen, as far as anybody knows.
struct Standing {
    tag: Tag,
    /// Which of those under its tag.
    turn: u64,
    /// The system's name for it; absent until it has been shown.
    id: Option<u32>,
}

#[derive(Default)]
struct Board {
    standing: VecDeque<Standing>,
    turns: u64,
    /// Threads that wait.
    waited: usize,
}

impl Board {
    /// Whether somebody may wait on one more.
    fn has_room(&self) -> bool {
        // Where notifications can be taken away, the threads of those that are end by themselves.
        cfg!(target_os = "linux") || self.waited < WAITING
    }
}

/// Shows what is announced from now on.
pub(crate) fn start(app: &AppHandle) {
    #[cfg(target_os = "macos")]
    if let Err(error) = notify_rust::set_application(&app.config().identifier) {
        tracing::warn!(%error, "notifications cannot name Deskbell as their sender");
    }
    let desk = Arc::clone(&app.state::<Profile>().desk);
    let mut announcements = Announcements::new(desk, sys_locale::get_locale());
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let board = Arc::new(Mutex::new(Board::default()));
        while let Some(announcement) = announcements.next().await {
            match announcement {
                Announcement::Show(notification) => show(&app, &board, notification),
                Announcement::Withdraw(tag) => withdraw(&board, |standing| standing.tag == tag),
            }
        }
    });
}

/// Shows one on a thread of its own, which waits for what a person does with it.
fn show(app: &AppHandle, board: &Arc<Mutex<Board>>, notification: Notification) {
    let tag = notification.tag.clone();
    let (turn, replaces, oldest, waits) = {
        let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
        board.turns += 1;
        let waits = board.has_room();
        board.waited += usize::from(waits);
        let turn = board.turns;
        let before = board.standing.iter().position(|standing| standing.tag == tag);
        let replaces = before.and_then(|at| board.standing.remove(at)).and_then(|one| one.id);
        board.standing.push_back(Standing { tag: tag.clone(), turn, id: None });
        let oldest = if board.standing.len() > WAITING { board.standing.pop_front() } else { None };
        (turn, replaces, oldest.and_then(|one| one.id), waits)
    };
    let (app, here) = (app.clone(), Arc::clone(board));
    let thread = std::thread::Builder::new().name("notification".into());
    let started = thread.spawn(move || {
        if let Some(id) = oldest {
            close(id);
        }
        if !do_not_disturb() {
            stand(&app, &here, turn, &notification, replaces, waits);
        }
        leave(&here, turn, waits);
    });
    if let Err(error) = started {
        leave(board, turn, waits);
        tracing::warn!(%error, "a notification could not be shown");
    }
}

/// Shows one, and waits for what a person does with it if somebody may.
fn stand(
    app: &AppHandle,
    board: &Mutex<Board>,
    turn: u64,
    notification: &Notification,
    replaces: Option<u32>,
    waits: bool,
) {
    let actions = waits.then_some(notification.actions.as_slice());
    let shown = dressed(app, &notification.title, &notification.body, actions, replaces).show();
    let handle = match shown {
        Ok(handle) => handle,
        Err(error) => {
            tracing::info!(%error, "a notification could not be shown");
            return;
        }
    };
    #[cfg(target_os = "linux")]
    named(board, turn, handle.id());
    if !waits {
        return;
    }
    let waited = handle.wait_for_response(|got: &NotificationResponse| {
        on_response(got, board, turn, app, &notification.about);
    });
    if let Err(error) = waited {
        tracing::info!(%error, "what became of a notification is not known");
    }
}

/// The end of a thread, or of one that could not begin.
fn leave(board: &Mutex<Board>, turn: u64, waited: bool) {
    forget(board, turn);
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    board.waited -= usize::from(waited);
}

/// Says something of Deskbell's own that asks for nothing.
pub(crate) fn say(app: &AppHandle, title: String, body: String) {
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        if let Err(error) = dressed(&app, &title, &body, None, None).show() {
            tracing::info!(%error, "a notification could not be shown");
        }
    });
}

fn on_response(
    response: &NotificationResponse,
    board: &Mutex<Board>,
    turn: u64,
    app: &AppHandle,
    about: &About,
) {
    let action = match response {
        NotificationResponse::Default => Some(Action::Open),
        NotificationResponse::Action(word) => Action::parse(word),
        NotificationResponse::Reply(_) | NotificationResponse::Closed(_) => None,
    };
    let Some(action) = action else { return };
    let Some(standing) = forget(board, turn) else { return };
    // Some services leave one on the screen that was answered.
    if let Some(id) = standing.id {
        tauri::async_runtime::spawn_blocking(move || close(id));
    }
    let (app, about) = (app.clone(), about.clone());
    tauri::async_runtime::spawn(async move {
        match news::answer(&app.state::<Profile>().desk, &about, action).await {
            Ok(Some(wish)) => wishes::ask(&app, wish),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "what was chosen on a notification could not be done")
            }
        }
    });
}

/// Takes one off the board; nothing if it is no longer the one shown under its tag.
fn forget(board: &Mutex<Board>, turn: u64) -> Option<Standing> {
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    let at = board.standing.iter().position(|standing| standing.turn == turn)?;
    board.standing.remove(at)
}

/// Remembers the system's name of one that is still on the board.
#[cfg(target_os = "linux")]
fn named(board: &Mutex<Board>, turn: u64, id: u32) {
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    match board.standing.iter_mut().find(|standing| standing.turn == turn) {
        Some(standing) => standing.id = Some(id),
        // It was withdrawn while it was being shown.
        None => {
            drop(board);
            close(id);
        }
    }
}

fn withdraw(board: &Arc<Mutex<Board>>, which: impl Fn(&Standing) -> bool) {
    let mut gone = Vec::new();
    {
        let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
        board.standing.retain(|standing| {
            let leaves = which(standing);
            gone.extend(standing.id.filter(|_| leaves));
            !leaves
        });
    }
    if !gone.is_empty() {
        tauri::async_runtime::spawn_blocking(move || gone.into_iter().for_each(close));
    }
}

/// The notification as this system shows it; without `actions` it takes no press.
fn dressed(
    app: &AppHandle,
    title: &str,
    body: &str,
    actions: Option<&[(Action, String)]>,
    replaces: Option<u32>,
) -> Shown {
    let mut shown = Shown::new();
    shown.appname("Deskbell").summary(title);
    for (action, words) in actions.into_iter().flatten() {
        shown.action(action.as_str(), words);
    }
    #[cfg(target_os = "linux")]
    {
        use notify_rust::Hint;
        shown
            .icon("deskbell")
            .hint(Hint::DesktopEntry(app.config().product_name.clone().unwrap_or_default()))
            .hint(Hint::Category("email.arrived".into()));
        if actions.is_some() {
            // What a click on the notification itself does; without it some desktops take no click.
            shown.action(Action::Open.as_str(), title);
        }
        if let Some(id) = replaces {
            shown.id(id);
        }
        let markup = notify_rust::get_capabilities()
            .is_ok_and(|can| can.iter().any(|word| word == "body-markup"));
        shown.body(&if markup { escaped(body) } else { body.to_owned() });
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = replaces;
        shown.body(body);
        // Windows knows only programs that were installed.
        #[cfg(windows)]
        if !cfg!(debug_assertions) {
            shown.app_id(&app.config().identifier);
        }
        #[cfg(not(windows))]
        let _ = app;
    }
    shown
}

/// Where the body is markup, what somebody wrote is none.
#[cfg(target_os = "linux")]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Whether the desktop says that nobody wants to be disturbed. GNOME and dunst keep notifications back by themselves.
#[cfg(target_os = "linux")]
fn do_not_disturb() -> bool {
    let inhibited = || -> zbus::Result<bool> {
        let answer = bus()?.call_method(
            Some(SERVER),
            PATH,
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &(SERVER, "Inhibited"),
        )?;
        let inhibited: zbus::zvariant::OwnedValue = answer.body().deserialize()?;
        Ok(bool::try_from(inhibited).unwrap_or(false))
    };
    inhibited().unwrap_or(false)
}

/// Focus and Do Not Disturb are kept by the system itself.
#[cfg(not(target_os = "linux"))]
fn do_not_disturb() -> bool {
    false
}

#[cfg(target_os = "linux")]
const SERVER: &str = "org.freedesktop.Notifications";
#[cfg(target_os = "linux")]
const PATH: &str = "/org/freedesktop/Notifications";

#[cfg(target_os = "linux")]
fn bus() -> zbus::Result<zbus::blocking::Connection> {
    /// Nobody waits but a thread of the notification: a desktop that is busy answers late, one without a service at once.
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);
    zbus::blocking::connection::Builder::session()?.method_timeout(PATIENCE).build()
}

/// Takes one away.
#[cfg(target_os = "linux")]
fn close(id: u32) {
    let closed = bus().and_then(|bus| {
        bus.call_method(Some(SERVER), PATH, Some(SERVER), "CloseNotification", &id)
    });
    if let Err(error) = closed {
        tracing::info!(%error, "a notification could not be taken away");
    }
}

/// These systems take notifications away by themselves, and the library cannot.
#[cfg(not(target_os = "linux"))]
fn close(_: u32) {}
