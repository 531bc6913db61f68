//! The shell: the window around everything the crates do. It decides nothing about mail.

mod args;
mod autostart;
// The menu bar of macOS and its dock draw numbers themselves.
#[cfg(any(not(target_os = "macos"), test))]
mod badge;
mod bridge;
mod choices;
mod choosing;
mod dragging;
mod early;
mod host;
mod launcher;
mod links;
mod logs;
mod mail_app;
mod notify;
mod pictures;
mod place;
mod presence;
mod refusal;
mod spelling;
mod tray;
mod updates;
mod updating;
mod window;
mod wishes;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use tauri::{AppHandle, Manager as _, RunEvent};

use deskbell_desk::Profile;

use crate::args::Args;
use crate::early::Early;
use crate::host::Desktop;
use crate::wishes::Wishes;

/// Said by whoever starts Deskbell without wanting to look at it.
const HIDDEN: &str = "--hidden";

/// Opens the profile and the window, and returns when the person has closed it.
pub fn run() -> anyhow::Result<()> {
    let args = Args::parse();
    let directory = match &args.profile {
        Some(directory) => directory.clone(),
        None => deskbell_desk::default_directory()?,
    };
    if let Err(error) = deskbell_desk::finish_erasing(&directory) {
        // Opening it says so in a dialog.
        eprintln!("deskbell: {error}");
    }
    let _logs = logs::start(&directory);
    deskbell_desk::install_tls();
    let own = args.profile.is_none();
    let mut builder = tauri::Builder::default().manage(Early::default());
    if own {
        // First of all plugins, so that a second start ends before it does anything.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, words, folder| {
            started_again(app, &words, Path::new(&folder))
        }));
    }
    let mut context = tauri::generate_context!();
    updates::configure(&mut context);
    #[cfg(feature = "updater")]
    if updates::are_asked_for(context.config()) {
        builder = builder.plugin(tauri_plugin_updater::Builder::new().build());
    }
    #[cfg(not(target_os = "linux"))]
    {
        use tauri_plugin_autostart::{MacosLauncher, init};
        builder = builder.plugin(init(MacosLauncher::LaunchAgent, None));
    }
    let app = builder
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, pictures::serve)
        .invoke_handler(tauri::generate_handler![
            bridge::call,
            bridge::painted,
            wishes::wishes,
            window::print
        ])
        .setup(move |app| {
            app.manage(Wishes::default());
            if deskbell_desk::is_outdated(&directory) {
                updating::open(app.handle(), directory, move |app, profile| {
                    begin(app, profile, &args, own)
                })?;
                return Ok(());
            }
            let host = Arc::new(Desktop::new(app.handle().clone()));
            let opened = tauri::async_runtime::block_on(async {
                deskbell_desk::open(&directory, host, false, true)
            });
            let profile = match opened {
                Ok(profile) => profile,
                Err(why) => {
                    refusal::show(app.handle(), &directory, &why);
                    return Ok(());
                }
            };
            begin(app.handle(), profile, &args, own)?;
            Ok(())
        })
        .build(context)
        .context("the window could not be opened")?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            // Without a profile there was no window either.
            let Some(profile) = app.try_state::<Profile>() else { return };
            window::keep_place(app);
            tauri::async_runtime::block_on(profile.close());
        }
    });
    Ok(())
}

/// The open profile, everything around the window, then the window, then what it was started for.
fn begin(app: &AppHandle, profile: Profile, args: &Args, own: bool) -> tauri::Result<()> {
    bridge::connect(app, &profile.desk, args.sample);
    app.manage(profile);
    tray::start(app);
    let hidden = args.hidden || choices::now(app).is_some_and(|now| now.start_hidden);
    window::open(app, hidden && args.links.is_empty() && tray::is_seen(app))?;
    choices::follow(app, own);
    notify::start(app);
    if own {
        links::register(app);
    }
    let folder = std::env::current_dir().unwrap_or_default();
    for word in &args.links {
        links::take(app, word, &folder);
    }
    for (words, folder) in app.state::<Early>().take() {
        started_again(app, &words, &folder);
    }
    Ok(())
}

/// Somebody started Deskbell while it runs: with links and files of a folder, or to see it.
fn started_again(app: &AppHandle, words: &[String], folder: &Path) {
    if app.state::<Early>().keep(words, folder) {
        // The profile is being brought up to date, and the window says so.
        return;
    }
    let mut links = words.iter().skip(1).filter(|word| !word.starts_with('-')).peekable();
    if links.peek().is_none() && !words.iter().any(|word| word == HIDDEN) {
        window::bring_forward(app);
    }
    for word in links {
        links::take(app, word, folder);
    }
}
