//! New versions: looked for where a key and an address were built in, verified by the plugin, installed only when the
//! person says so.
//!
//! Invariant: without the feature, or without a key and an address, nothing is asked of anybody.

use tauri::{AppHandle, Context, Wry};

use deskbell_api::dto::NewVersion;

/// The plugin's part of the program's configuration.
#[cfg(feature = "updater")]
const PLUGIN: &str = "updater";

/// What was built in, made ready for the plugin.
#[cfg(feature = "updater")]
pub(crate) fn configure(context: &mut Context<Wry>) {
    // The story of this plays the server of new versions; what is released asks only where it was built to.
    #[cfg(debug_assertions)]
    if let Some(played) = std::env::var("DESKBELL_UPDATER").ok().and_then(|s| s.parse().ok()) {
        context.config_mut().plugins.0.insert(PLUGIN.into(), played);
    }
    if let Some(serde_json::Value::Object(settings)) =
        context.config_mut().plugins.0.get_mut(PLUGIN)
    {
        // An old package with a genuine signature must not pass for a new one.
        settings.insert("requireSignedVersion".into(), true.into());
    }
}

#[cfg(not(feature = "updater"))]
pub(crate) fn configure(_: &mut Context<Wry>) {}

/// Whether new versions can be asked for: there is a key that signs them, and an address.
pub(crate) fn are_asked_for(config: &tauri::Config) -> bool {
    #[cfg(feature = "updater")]
    {
        let built_in = config.plugins.0.get(PLUGIN);
        let key = built_in.and_then(|plugin| plugin.get("pubkey")?.as_str());
        let places = built_in.and_then(|plugin| plugin.get("endpoints")?.as_array());
        key.is_some_and(|key| !key.is_empty()) && places.is_some_and(|places| !places.is_empty())
    }
    #[cfg(not(feature = "updater"))]
    {
        let _ = config;
        false
    }
}

/// Asks whether there is a newer version.
#[cfg(feature = "updater")]
pub(crate) async fn look(app: &AppHandle) -> Result<Option<NewVersion>, String> {
    Ok(found(app).await?.map(|update| NewVersion {
        notes: update.body.clone().unwrap_or_default(),
        version: update.version,
    }))
}

/// Fetches the newer version, verifies who signed it, puts it in place, and starts it.
#[cfg(feature = "updater")]
pub(crate) async fn install(app: &AppHandle) -> Result<(), String> {
    let update = found(app).await?.ok_or("there is no newer version any more")?;
    let package = update.download(|_, _| {}, || {}).await.map_err(|error| plain(&error))?;
    update.install(package).map_err(|error| plain(&error))?;
    app.request_restart();
    Ok(())
}

#[cfg(feature = "updater")]
async fn found(app: &AppHandle) -> Result<Option<tauri_plugin_updater::Update>, String> {
    use tauri_plugin_updater::UpdaterExt as _;

    if !are_asked_for(app.config()) {
        return Ok(None);
    }
    let updater = app.updater().map_err(|error| plain(&error))?;
    updater.check().await.map_err(|error| plain(&error))
}

/// What went wrong, without addresses.
#[cfg(feature = "updater")]
fn plain(error: &tauri_plugin_updater::Error) -> String {
    use tauri_plugin_updater::Error;

    tracing::info!(%error, "a new version was not to be had");
    match error {
        Error::Minisign(_)
        | Error::Base64(_)
        | Error::SignatureUtf8(_)
        | Error::MissingSignedVersion
        | Error::SignedVersionMismatch { .. } => {
            "its signature is not ours, so nothing was installed".into()
        }
        Error::Reqwest(_) | Error::Network(_) | Error::ReleaseNotFound => {
            "the place of new versions cannot be reached".into()
        }
        error => error.to_string(),
    }
}

#[cfg(not(feature = "updater"))]
pub(crate) async fn look(_: &AppHandle) -> Result<Option<NewVersion>, String> {
    Ok(None)
}

#[cfg(not(feature = "updater"))]
pub(crate) async fn install(_: &AppHandle) -> Result<(), String> {
    Err("this Deskbell was built without asking for new versions".into())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn without_a_key_and_an_address_nobody_is_asked() {
        let asked = |updater: Value| {
            let mut config = tauri::Config::default();
            config.plugins.0.insert("updater".into(), updater);
            super::are_asked_for(&config)
        };
        let places = json!(["https://deskbell.example/latest.json"]);
        assert!(!super::are_asked_for(&tauri::Config::default()), "as it comes");
        for half in [
            json!({}),
            json!({ "pubkey": "a key" }),
            json!({ "endpoints": places }),
            json!({ "pubkey": "", "endpoints": places }),
            json!({ "pubkey": "a key", "endpoints": [] }),
        ] {
            assert!(!asked(half.clone()), "{half}");
        }
        let both = json!({ "pubkey": "a key", "endpoints": places });
        assert_eq!(asked(both), cfg!(feature = "updater"), "and only where it was built in");
    }
}
