//! Settings: kept, put back, and never anything that cannot be meant.

use deskbell_domain::settings::{Language, SettingRefused, Settings};
use deskbell_store::table::setting;
use deskbell_store::{Entity, OpenOptions, Origin, Store};
use serde_json::{Value, json};

async fn put(
    store: &Store,
    key: &'static str,
    value: Option<Value>,
) -> Result<Settings, SettingRefused> {
    store
        .write(Origin::Local, 1, move |w| setting::put(w, key, value))
        .await
        .expect("the store works")
}

async fn now(store: &Store) -> Settings {
    store.read(setting::load).await.expect("reads")
}

fn open(directory: &std::path::Path) -> Store {
    Store::open(directory, OpenOptions::default()).expect("opens").store
}

#[tokio::test]
async fn a_setting_is_there_after_a_restart_and_gone_after_a_reset() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    assert_eq!(now(&store).await, Settings::default(), "nothing is set at first");
    let mut announced = store.subscribe();
    put(&store, "language", Some(json!("de"))).await.expect("is taken");
    let batch = announced.recv().await.expect("announced");
    assert_eq!(
        batch.changes.iter().map(|change| change.entity).collect::<Vec<_>>(),
        [Entity::Setting],
        "everyone hears that a setting changed"
    );
    drop(store);
    let store = open(directory.path());
    assert_eq!(now(&store).await.language, Language::De, "it is kept");
    put(&store, "language", None).await.expect("is put back");
    assert_eq!(now(&store).await, Settings::default(), "the default is back");
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    let unknown = put(&store, "colour", Some(json!("red"))).await;
    assert!(matches!(unknown, Err(SettingRefused::Unknown(_))), "{unknown:?}");
    let unknown = put(&store, "colour", None).await;
    assert!(matches!(unknown, Err(SettingRefused::Unknown(_))), "a reset too: {unknown:?}");
    let form = put(&store, "theme", Some(json!(7))).await;
    assert!(matches!(form, Err(SettingRefused::Form(_))), "{form:?}");
    let odd = json!({ "on": true, "from": "25:00", "to": "07:00", "days": [1] });
    let odd = put(&store, "quiet_hours", Some(odd)).await;
    assert!(matches!(odd, Err(SettingRefused::Problem(_))), "{odd:?}");
    assert_eq!(now(&store).await, Settings::default(), "nothing was changed");
}

#[tokio::test]
async fn a_value_of_a_newer_version_leaves_the_other_settings_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    put(&store, "badge", Some(json!(false))).await.expect("is taken");
    store
        .write(Origin::Local, 2, |w| {
            let newer = "INSERT INTO setting (key, value, updated_at) VALUES
                ('language', '\"klingon\"', 2), ('hologram', 'true', 2)";
            Ok(w.execute_batch(newer)?)
        })
        .await
        .expect("writes");
    let settings = now(&store).await;
    assert!(!settings.badge, "what is understood holds");
    assert_eq!(settings.language, Language::System, "what is not reads as the default");
}
