//! Between the webview and the command table: one command in, one stream of events out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tauri::{AppHandle, Emitter as _, State};

use deskbell_api::Desk;
use deskbell_api::dto::{ApiError, Event, NoArgs};
use deskbell_api::handlers::accounts;
use deskbell_desk::Profile;

/// The event that carries [`deskbell_api::dto::Event`].
const EVENTS: &str = "deskbell";
/// How often a profile that another process writes is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// The file that is made once the first list is on the screen, for whoever started us and waits.
const READY_FILE: &str = "DESKBELL_READY_FILE";

/// Calls a command of the table.
#[tauri::command]
pub(crate) async fn call(
    profile: State<'_, Profile>,
    name: String,
    args: Value,
) -> Result<Value, ApiError> {
    deskbell_api::call(&profile.desk, &name, args).await
}

/// The window says that its first list is on the screen.
#[tauri::command]
pub(crate) fn painted() {
    static SAID: AtomicBool = AtomicBool::new(false);
    if SAID.swap(true, Ordering::Relaxed) {
        return;
    }
    println!("deskbell: first list painted");
    if let Some(file) = std::env::var_os(READY_FILE)
        && let Err(error) = std::fs::write(file, b"")
    {
        tracing::warn!(%error, "the ready file could not be written");
    }
}

/// Starts telling the window what happens, and opens the sample workspace if asked to.
pub(crate) fn connect(app: &AppHandle, desk: &Arc<Desk>, sample: bool) {
    let mut events = desk.events();
    let told = app.clone();
    tauri::async_runtime::spawn(async move {
        while let Some(event) = events.next().await {
            if let Event::Changes { changes, .. } = &event
                && changes.iter().any(|change| change.entity == "message")
            {
                // The benchmark of the desktop counts from here.
                tracing::debug!("the window is told of messages");
            }
            if let Err(error) = told.emit(EVENTS, &event) {
                tracing::warn!(%error, "the window could not be told");
            }
        }
    });
    if desk.store.is_read_only() {
        let desk = Arc::clone(desk);
        tauri::async_runtime::spawn(async move {
            let mut tick = tokio::time::interval(LOOK);
            loop {
                tick.tick().await;
                if let Err(error) = desk.store.poll().await {
                    tracing::warn!(%error, "the other Deskbell's changes could not be read");
                }
            }
        });
    }
    if sample {
        let desk = Arc::clone(desk);
        tauri::async_runtime::spawn(async move {
            if let Err(error) = open_sample(&desk).await {
                tracing::error!(%error, "the sample workspace could not be opened");
            }
        });
    }
}

async fn open_sample(desk: &Desk) -> Result<(), ApiError> {
    if accounts::list(desk, NoArgs {}).await?.accounts.is_empty() {
        deskbell_api::call(desk, "sample_open", json!({})).await?;
    }
    Ok(())
}
