//! Deskbell as the program for mail links and mail in files: offered to the system, chosen by the person.
//!
//! Invariant: nothing is taken from another program unasked. Linux packages and the macOS bundle offer by what they
//! bring along; Windows knows only what stands in its registry.

use deskbell_api::dto::MailLinks;
use tauri::AppHandle;

/// Who gets mail links now, as far as it can be told.
#[cfg(target_os = "linux")]
pub(crate) fn state(app: &AppHandle) -> MailLinks {
    use gtk::gio::AppInfo;
    use gtk::gio::prelude::AppInfoExt as _;

    let ours = linux::entry(app);
    match AppInfo::default_for_uri_scheme("mailto") {
        Some(chosen) if chosen.id().is_some_and(|id| id == ours) => MailLinks::Ours,
        _ if linux::own(&ours).is_some() => MailLinks::Others,
        _ => MailLinks::Unknown,
    }
}

/// Has the system hand mail links to Deskbell.
#[cfg(target_os = "linux")]
pub(crate) fn choose(app: &AppHandle) -> Result<(), String> {
    use gtk::gio::prelude::AppInfoExt as _;

    let ours = linux::own(&linux::entry(app)).ok_or("Deskbell is not installed on this system")?;
    ours.set_as_default_for_type(linux::MAIL_LINK).map_err(|error| error.to_string())
}

#[cfg(target_os = "linux")]
mod linux {
    use gtk::gio::DesktopAppInfo;
    use tauri::AppHandle;

    pub(super) const MAIL_LINK: &str = "x-scheme-handler/mailto";

    /// The name of the entry that the package installs.
    pub(super) fn entry(app: &AppHandle) -> String {
        format!("{}.desktop", app.config().product_name.as_deref().unwrap_or_default())
    }

    /// What the package installed; nothing where Deskbell runs without having been installed.
    pub(super) fn own(entry: &str) -> Option<DesktopAppInfo> {
        DesktopAppInfo::new(entry)
    }
}

/// Windows lets nobody but the person choose, in its settings.
#[cfg(windows)]
pub(crate) fn state(_: &AppHandle) -> MailLinks {
    MailLinks::InSettings
}

/// Opens the settings of Windows where programs are chosen.
#[cfg(windows)]
pub(crate) fn choose(app: &AppHandle) -> Result<(), String> {
    use tauri_plugin_opener::OpenerExt as _;
    let settings = "ms-settings:defaultapps?registeredAppUser=Deskbell";
    app.opener().open_url(settings, None::<&str>).map_err(|error| error.to_string())
}

/// On macOS it is chosen in the settings of Mail.
#[cfg(target_os = "macos")]
pub(crate) fn state(_: &AppHandle) -> MailLinks {
    MailLinks::Unknown
}

#[cfg(target_os = "macos")]
pub(crate) fn choose(_: &AppHandle) -> Result<(), String> {
    Err("it is chosen in the settings of Mail".into())
}

/// Puts Deskbell among the programs that Windows offers for mail links and mail in files.
///
/// Source: "Default Programs" and "Registering programs with client types" in Microsoft's Win32 documentation.
#[cfg(windows)]
pub(crate) fn offer() -> Result<(), String> {
    use windows_registry::CURRENT_USER;

    const CLIENT: &str = r"Software\Clients\Mail\Deskbell";
    const MAIL: &str = "Deskbell.Mail";
    const LINK: &str = "Deskbell.MailLink";

    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = program.display().to_string();
    let written = (|| -> windows_registry::Result<()> {
        for (class, says) in [(MAIL, "Mail message"), (LINK, "URL:Mail link")] {
            let class = CURRENT_USER.create(format!(r"Software\Classes\{class}"))?;
            class.set_string("", says)?;
            class.create("DefaultIcon")?.set_string("", format!("{program},0"))?;
            let command = class.create(r"shell\open\command")?;
            command.set_string("", format!("\"{program}\" \"%1\""))?;
        }
        let link = CURRENT_USER.create(format!(r"Software\Classes\{LINK}"))?;
        link.set_string("URL Protocol", "")?;
        CURRENT_USER.create(r"Software\Classes\.eml\OpenWithProgids")?.set_string(MAIL, "")?;
        CURRENT_USER.create(CLIENT)?.set_string("", "Deskbell")?;
        let can = CURRENT_USER.create(format!(r"{CLIENT}\Capabilities"))?;
        can.set_string("ApplicationName", "Deskbell")?;
        can.set_string("ApplicationDescription", "The front desk on one screen")?;
        can.create("URLAssociations")?.set_string("mailto", LINK)?;
        can.create("FileAssociations")?.set_string(".eml", MAIL)?;
        let known = CURRENT_USER.create(r"Software\RegisteredApplications")?;
        known.set_string("Deskbell", format!(r"{CLIENT}\Capabilities"))
    })();
    written.map_err(|error| error.to_string())
}
