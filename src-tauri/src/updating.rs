//! A profile of an older version is opened: copied first, which takes its time, behind a window that says so.
//!
//! Closing that window ends the program, and so does anything else; the profile is then as it was.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use deskbell_api::speech::Speech;
use deskbell_desk::Profile;
use tauri::{AppHandle, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::host::Desktop;
use crate::refusal;

const LABEL: &str = "updating";

/// Opens the profile in `directory` behind a window of its own, then goes on with `begin`.
pub(crate) fn open(
    app: &AppHandle,
    directory: PathBuf,
    begin: impl FnOnce(&AppHandle, Profile) -> tauri::Result<()> + Send + 'static,
) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("updating.html".into()))
        .title("Deskbell")
        .inner_size(460.0, 150.0)
        .resizable(false)
        .center()
        .on_navigation(|url| url.path().ends_with("updating.html"))
        .build()?;
    // What a person chose lies in the profile that is not open yet.
    let speech = Speech::of_system(sys_locale::get_locale().as_deref());
    let (app, host) = (app.clone(), Arc::new(Desktop::new(app.clone())));
    tauri::async_runtime::spawn_blocking(move || {
        let words = speech.say("tray-updating");
        let told = AtomicU32::new(u32::MAX);
        let tell = |share: f64| {
            let percent = percent(share);
            if told.swap(percent, Ordering::Relaxed) != percent {
                show(&window, &speech.language(), &words, percent);
            }
        };
        match deskbell_desk::open_telling(&directory, host, false, true, &tell) {
            Ok(profile) => {
                let there = app.clone();
                let opened = app.run_on_main_thread(move || {
                    // The other window first: without any, the program ends.
                    if let Err(error) = begin(&there, profile).and_then(|()| window.close()) {
                        tracing::error!(%error, "the window could not be opened");
                        there.exit(1);
                    }
                });
                if let Err(error) = opened {
                    tracing::error!(%error, "nothing can be shown any more");
                }
            }
            Err(error) => {
                refusal::show(&app, &directory, &error);
            }
        }
    });
    Ok(())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn percent(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 100.0) as u32
}

/// Shows words, and how much is done.
fn show(window: &WebviewWindow, language: &str, words: &str, percent: u32) {
    let language = serde_json::Value::from(language);
    let words = serde_json::Value::from(format!("{words} {percent} %"));
    let share = f64::from(percent) / 100.0;
    let script = format!(
        "document.documentElement.lang = {language};
         document.getElementById('words').textContent = {words};
         document.getElementById('share').value = {share};"
    );
    if let Err(error) = window.eval(&script) {
        tracing::warn!(%error, "how far it is could not be shown");
    }
}
