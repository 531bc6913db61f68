//! Starting with the person's session: puts Deskbell among what the session starts, or takes it from there.
//!
//! Invariant: what is started is started without a word about the window; whether it shows is the setting's own, read
//! at that start. What is right already is not touched. Packages ship no entry of their own: this writes it.

use tauri::AppHandle;

/// Does what the person set. It can take a moment, and is no reason to stop.
#[cfg(not(target_os = "linux"))]
pub(crate) fn apply(app: &AppHandle, wanted: bool) {
    use tauri_plugin_autostart::ManagerExt as _;
    let sessions = app.autolaunch();
    let done = match sessions.is_enabled() {
        Ok(is) if is == wanted => return,
        _ if wanted => sessions.enable(),
        _ => sessions.disable(),
    };
    if let Err(error) = done {
        tracing::warn!(%error, "whether Deskbell starts by itself could not be changed");
    }
}

/// Does what the person set, by an entry in the session's own folder.
#[cfg(target_os = "linux")]
pub(crate) fn apply(app: &AppHandle, wanted: bool) {
    use tauri::Manager as _;
    if let Err(error) = linux::apply(app.env().appimage.as_deref(), wanted) {
        tracing::warn!(%error, "whether Deskbell starts by itself could not be changed");
    }
}

/// The autostart specification of freedesktop.org, version 0.5.
#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::OsStr;
    use std::io;
    use std::path::{Path, PathBuf};

    const FILE: &str = "deskbell.desktop";

    pub(super) fn apply(appimage: Option<&OsStr>, wanted: bool) -> io::Result<()> {
        let Some(folder) = folder() else { return Ok(()) };
        let file = folder.join(FILE);
        if !wanted {
            return match std::fs::remove_file(&file) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                done => done,
            };
        }
        // An AppImage's own program lies where it is unpacked for this one start.
        let program = match appimage {
            Some(image) => PathBuf::from(image),
            None => std::env::current_exe()?,
        };
        let wanted = entry(&program);
        match std::fs::read_to_string(&file) {
            Ok(there) if there == wanted || is_off(&there) => Ok(()),
            _ => {
                std::fs::create_dir_all(&folder)?;
                std::fs::write(&file, wanted)
            }
        }
    }

    fn folder() -> Option<PathBuf> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let config = variable("XDG_CONFIG_HOME").map(PathBuf::from);
        let config = config.filter(|path| path.is_absolute());
        let config = config.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".config")));
        config.map(|config| config.join("autostart"))
    }

    /// The session's own switch was used: it is the person's word too, and the later one.
    fn is_off(entry: &str) -> bool {
        let mut lines = entry.lines().map(|line| line.replace(' ', ""));
        lines.any(|line| line == "Hidden=true" || line == "X-GNOME-Autostart-enabled=false")
    }

    fn entry(program: &Path) -> String {
        format!(
            "[Desktop Entry]\nType=Application\nName=Deskbell\nExec={}\nIcon=deskbell\nTerminal=false\n\
             StartupNotify=false\nX-GNOME-Autostart-enabled=true\n",
            quoted(&program.to_string_lossy())
        )
    }

    /// An argument of `Exec`: quoted, and then escaped again as every value of an entry is.
    fn quoted(argument: &str) -> String {
        let mut quoted = String::from("\"");
        for letter in argument.chars() {
            match letter {
                '"' | '`' | '$' => quoted.push_str("\\\\"),
                '\\' => quoted.push_str("\\\\\\"),
                '%' => quoted.push('%'),
                _ => {}
            }
            quoted.push(letter);
        }
        quoted.push('"');
        quoted
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_path_of_any_kind_is_started_as_it_is() {
            assert_eq!(quoted("/usr/bin/deskbell"), "\"/usr/bin/deskbell\"");
            assert_eq!(quoted("/opt/My Apps/a\"b"), "\"/opt/My Apps/a\\\\\"b\"");
            assert_eq!(quoted("/opt/100%/$x"), "\"/opt/100%%/\\\\$x\"");
            assert_eq!(quoted("/opt/a\\b"), "\"/opt/a\\\\\\\\b\"");
        }

        #[test]
        fn the_session_s_own_switch_is_left_as_it_is() {
            let ours = entry(Path::new("/usr/bin/deskbell"));
            assert!(!is_off(&ours), "{ours}");
            assert!(is_off(&ours.replace("enabled=true", "enabled=false")));
            assert!(is_off(&format!("{ours}Hidden=true\n")));
        }
    }
}
