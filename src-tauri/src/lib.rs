//! The shell: the window around everything the crates do. It decides nothing about mail.

mod args;
mod bridge;
mod host;
mod logs;
mod pictures;
mod window;

use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use tauri::{Manager as _, RunEvent};

use deskbell_desk::Profile;

use crate::args::Args;
use crate::host::Desktop;

/// Opens the profile and the window, and returns when the person has closed it.
pub fn run() -> anyhow::Result<()> {
    let args = Args::parse();
    let directory = match &args.profile {
        Some(directory) => directory.clone(),
        None => deskbell_desk::default_directory()?,
    };
    let _logs = logs::start(&directory);
    deskbell_desk::install_tls();
    let mut builder = tauri::Builder::default();
    if args.profile.is_none() {
        // First of all plugins, so that a second start ends before it does anything.
        builder = builder
            .plugin(tauri_plugin_single_instance::init(|app, _, _| window::bring_forward(app)));
    }
    let app = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, pictures::serve)
        .invoke_handler(tauri::generate_handler![bridge::call, bridge::painted])
        .setup(move |app| {
            let host = Arc::new(Desktop::new(app.handle().clone()));
            let profile = tauri::async_runtime::block_on(async {
                deskbell_desk::open(&directory, host, false, true)
            })?;
            bridge::connect(app.handle(), &profile.desk, args.sample);
            app.manage(profile);
            window::open(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window could not be opened")?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            let profile = app.state::<Profile>();
            tauri::async_runtime::block_on(profile.close());
        }
    });
    Ok(())
}
