//! Where the window stood: kept in the profile when it goes, and put back only where a screen still shows it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tauri::{Monitor, PhysicalPosition, PhysicalSize, WebviewWindow};

/// Least part of the title that must be seen, in pixels, so that the window can be taken hold of.
const HOLD: i64 = 80;

/// See the module. In physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
    maximized: bool,
}

/// A screen, in the same pixels.
#[derive(Clone, Copy, Debug)]
struct Screen {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl From<&Monitor> for Screen {
    fn from(monitor: &Monitor) -> Self {
        let (at, size) = (monitor.position(), monitor.size());
        Self {
            x: at.x.into(),
            y: at.y.into(),
            width: size.width.into(),
            height: size.height.into(),
        }
    }
}

impl Place {
    /// Whether enough of the title bar lies on one of these screens, and the window is no larger than it.
    fn is_seen(&self, screens: &[Screen]) -> bool {
        let (x, y) = (i64::from(self.x), i64::from(self.y));
        let (width, height) = (i64::from(self.width), i64::from(self.height));
        screens.iter().any(|screen| {
            let across = (x + width).min(screen.x + screen.width) - x.max(screen.x);
            let down = y >= screen.y && y < screen.y + screen.height - HOLD / 2;
            across >= HOLD && down && width <= screen.width && height <= screen.height
        })
    }
}

fn file(profile: &Path) -> PathBuf {
    profile.join("window.json")
}

/// Puts the window where it stood last.
pub(crate) fn restore(window: &WebviewWindow, profile: &Path) {
    let Some(place) = std::fs::read(file(profile))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Place>(&bytes).ok())
    else {
        return;
    };
    let screens: Vec<Screen> =
        window.available_monitors().unwrap_or_default().iter().map(Screen::from).collect();
    let put = if place.is_seen(&screens) {
        window
            .set_size(PhysicalSize::new(place.width, place.height))
            .and_then(|()| window.set_position(PhysicalPosition::new(place.x, place.y)))
    } else {
        Ok(())
    };
    let put = put.and_then(|()| if place.maximized { window.maximize() } else { Ok(()) });
    if let Err(error) = put {
        tracing::info!(%error, "the window could not be put where it stood");
    }
}

/// Remembers where it stands. One that is minimized stands nowhere.
pub(crate) fn keep(window: &WebviewWindow, profile: &Path) {
    if window.is_minimized().unwrap_or(false) {
        return;
    }
    let (Ok(at), Ok(size)) = (window.outer_position(), window.inner_size()) else { return };
    let maximized = window.is_maximized().unwrap_or(false);
    let before = std::fs::read(file(profile))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Place>(&bytes).ok());
    let place = match before {
        // The size to come back to is the one before it was maximized.
        Some(before) if maximized => Place { maximized, ..before },
        _ => Place { x: at.x, y: at.y, width: size.width, height: size.height, maximized },
    };
    let kept = serde_json::to_vec(&place).map_err(std::io::Error::from);
    if let Err(error) = kept.and_then(|bytes| std::fs::write(file(profile), bytes)) {
        tracing::info!(%error, "where the window stands could not be kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(x: i32, y: i32, width: u32, height: u32) -> Place {
        Place { x, y, width, height, maximized: false }
    }

    #[test]
    fn a_window_comes_back_only_where_it_can_be_taken_hold_of() {
        let one = [Screen { x: 0, y: 0, width: 1920, height: 1080 }];
        let two = [one[0], Screen { x: 1920, y: -200, width: 2560, height: 1440 }];
        assert!(place(100, 100, 1280, 800).is_seen(&one));
        assert!(place(2000, -150, 1280, 800).is_seen(&two), "on the second screen");
        assert!(!place(2000, -150, 1280, 800).is_seen(&one), "which was taken away");
        assert!(place(-1200, 10, 1280, 800).is_seen(&one), "its right end shows");
        assert!(!place(-1260, 10, 1280, 800).is_seen(&one), "too little of it shows");
        assert!(!place(100, -30, 1280, 800).is_seen(&one), "its title is above the screen");
        assert!(!place(100, 1060, 1280, 800).is_seen(&one), "its title is below");
        assert!(!place(0, 0, 2560, 1440).is_seen(&one), "it is larger than the screen");
    }
}
