//! Spell checking in the composer, by the webview: in the languages of the settings, or the system's.

use tauri::WebviewWindow;

/// Turns it on or off. macOS and Windows check in the languages of the system, by choices of their own.
#[cfg(not(target_os = "linux"))]
pub(crate) fn apply(_: &WebviewWindow, _: bool, _: &[String]) {}

/// Turns it on or off. Languages no dictionary is installed for are left out by the webview itself.
#[cfg(target_os = "linux")]
pub(crate) fn apply(window: &WebviewWindow, on: bool, languages: &[String]) {
    use webkit2gtk::{WebContextExt as _, WebViewExt as _};

    let languages = wanted(languages, sys_locale::get_locale().as_deref());
    let told = window.with_webview(move |webview| {
        let Some(context) = webview.inner().context() else { return };
        let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
        context.set_spell_checking_languages(&languages);
        context.set_spell_checking_enabled(on);
    });
    if let Err(error) = told {
        tracing::info!(%error, "spell checking could not be changed");
    }
}

/// The languages chosen, else the system's and English, as dictionaries are named.
#[cfg(target_os = "linux")]
fn wanted(chosen: &[String], system: Option<&str>) -> Vec<String> {
    if !chosen.is_empty() {
        return chosen.to_vec();
    }
    let system = system.unwrap_or_default();
    let name = system.split(['.', '@']).next().unwrap_or_default().replace('-', "_");
    let mut languages: Vec<String> = Vec::new();
    if name.contains('_') {
        languages.push(name);
    }
    if !languages.iter().any(|language| language.starts_with("en")) {
        languages.push("en_US".into());
    }
    languages
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::wanted;

    #[test]
    fn spelling_follows_the_choice_else_the_system_and_always_knows_english() {
        assert_eq!(wanted(&["fr_FR".into()], Some("de-DE")), ["fr_FR"]);
        assert_eq!(wanted(&[], Some("de-DE")), ["de_DE", "en_US"]);
        assert_eq!(wanted(&[], Some("de_AT.UTF-8")), ["de_AT", "en_US"]);
        assert_eq!(wanted(&[], Some("en-GB")), ["en_GB"]);
        for none in [None, Some("C"), Some("POSIX")] {
            assert_eq!(wanted(&[], none), ["en_US"]);
        }
    }
}
