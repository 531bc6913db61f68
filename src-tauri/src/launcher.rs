//! The number on Deskbell's place in the dock or the bar of tasks.
//!
//! On Linux it is told to whoever shows docks by a signal on the session bus, `com.canonical.Unity.LauncherEntry`, which
//! KDE, Ubuntu's dock and others hear; the library for it is seldom installed.

use tauri::AppHandle;

/// Shows a number; none for 0.
#[cfg(target_os = "linux")]
pub(crate) fn badge(app: &AppHandle, count: i64) {
    use std::collections::HashMap;
    use std::sync::Mutex;

    use tauri::Manager as _;
    use zbus::blocking::Connection;
    use zbus::zvariant::Value;

    /// Docks remember who told them, and forget the number when the teller leaves the bus.
    struct Bus(Mutex<Option<Connection>>);
    app.manage(Bus(Mutex::new(None)));
    let entry = app.config().product_name.clone().unwrap_or_default();
    let app = app.clone();
    // The bus may be slow or not there; nobody waits for a number.
    tauri::async_runtime::spawn_blocking(move || {
        let bus = app.state::<Bus>();
        let mut bus = bus.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let told = (|| -> zbus::Result<()> {
            let connection = match bus.take() {
                Some(connection) => connection,
                None => Connection::session()?,
            };
            let properties: HashMap<&str, Value<'_>> =
                [("count", Value::from(count)), ("count-visible", Value::from(count > 0))].into();
            connection.emit_signal(
                None::<&str>,
                "/app/deskbell/desktop",
                "com.canonical.Unity.LauncherEntry",
                "Update",
                &(format!("application://{entry}.desktop"), properties),
            )?;
            *bus = Some(connection);
            Ok(())
        })();
        if let Err(error) = told {
            tracing::debug!(%error, "the number of unread conversations could not be shown");
        }
    });
}

/// Shows a number; none for 0.
#[cfg(not(target_os = "linux"))]
pub(crate) fn badge(app: &AppHandle, count: i64) {
    use tauri::Manager as _;

    let Some(window) = app.get_webview_window(crate::window::MAIN) else { return };
    #[cfg(windows)]
    let told = {
        let side = 32;
        let blank = crate::badge::Picture { rgba: vec![0; side * side * 4], side };
        let drawn = crate::badge::drawn(&blank, count);
        let image = tauri::image::Image::new_owned(drawn.rgba, 32, 32);
        window.set_overlay_icon((count > 0).then_some(image))
    };
    #[cfg(not(windows))]
    let told = window.set_badge_count((count > 0).then_some(count));
    if let Err(error) = told {
        tracing::debug!(%error, "the number of unread conversations could not be shown");
    }
}
