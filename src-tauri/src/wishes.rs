//! What the window is asked to show from outside it: kept until the page has come and asks for it.
//!
//! Invariant: a wish is fulfilled once, in the order wishes came; one that comes before the page is there waits for it.

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Emitter as _, Manager as _, State};

use deskbell_api::dto::Wish;

use crate::window;

/// The event that says that there is a wish to be fetched.
const WISH: &str = "deskbell-wish";
/// Wishes kept; nobody meant more of them.
const KEPT: usize = 20;

/// See the module.
#[derive(Default)]
pub(crate) struct Wishes(Mutex<Vec<Wish>>);

/// Asks the window to show something, and brings it to the front.
pub(crate) fn ask(app: &AppHandle, wish: Wish) {
    {
        let wishes = app.state::<Wishes>();
        let mut kept = wishes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(wish);
        }
    }
    window::bring_forward(app);
    if let Err(error) = app.emit_to(window::MAIN, WISH, ()) {
        tracing::warn!(%error, "the window could not be asked");
    }
}

/// The page takes what it is asked to show.
#[tauri::command]
pub(crate) fn wishes(wishes: State<'_, Wishes>) -> Vec<Wish> {
    std::mem::take(&mut *wishes.0.lock().unwrap_or_else(PoisonError::into_inner))
}
