//! Whether somebody shows a tray: without one, a window that hides would never come back.

/// Whether an icon in the tray is seen by anybody.
#[cfg(not(target_os = "linux"))]
pub(crate) fn tray_is_seen() -> bool {
    true
}

/// Whether an icon in the tray is seen by anybody: desktops say so on the session bus, some have none.
#[cfg(target_os = "linux")]
pub(crate) fn tray_is_seen() -> bool {
    watched().unwrap_or_else(|error| {
        tracing::info!(%error, "there is no tray on this desktop");
        false
    })
}

/// Asks the StatusNotifierWatcher, which every desktop with a tray has.
#[cfg(target_os = "linux")]
fn watched() -> zbus::Result<bool> {
    /// The person waits for the window to close; but a tray missed because the desktop is busy would end Deskbell.
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
    let bus = zbus::blocking::connection::Builder::session()?.method_timeout(PATIENCE).build()?;
    let answer = bus.call_method(
        Some("org.kde.StatusNotifierWatcher"),
        "/StatusNotifierWatcher",
        Some("org.freedesktop.DBus.Properties"),
        "Get",
        &("org.kde.StatusNotifierWatcher", "IsStatusNotifierHostRegistered"),
    )?;
    let seen: zbus::zvariant::OwnedValue = answer.body().deserialize()?;
    Ok(bool::try_from(seen).unwrap_or(false))
}
