//! `bell setting`: what holds for all of Deskbell.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use deskbell_api::Desk;
use deskbell_api::dto::{ApiError, NoArgs, SettingForm, Settings, SettingsNow};
use deskbell_api::handlers::settings;

use crate::args::SettingAction;
use crate::exit::Failure;
use crate::output::{Output, table};

pub async fn run(desk: &Desk, output: Output, action: SettingAction) -> Result<ExitCode, Failure> {
    match action {
        SettingAction::List => {
            let now = settings::all(desk, NoArgs {}).await?;
            let (values, defaults) = (fields(&now.values)?, fields(&now.defaults)?);
            output.answer(&now, || {
                let rows = values.iter().map(|(key, value)| {
                    let chosen = defaults.get(key) != Some(value);
                    [key.clone(), text(value), if chosen { "chosen" } else { "" }.to_owned()]
                });
                table(["NAME", "VALUE", ""], rows)
            })?;
        }
        SettingAction::Get { key } => {
            show(output, &settings::all(desk, NoArgs {}).await?, &key)?;
        }
        SettingAction::Set { key, value } => {
            let before = fields(&settings::all(desk, NoArgs {}).await?.values)?;
            let value = meant(&value, before.get(&key));
            let form = SettingForm { key: key.clone(), value };
            show(output, &settings::put(desk, form).await?, &key)?;
        }
        SettingAction::Reset { key: Some(key), .. } => {
            let form = SettingForm { key: key.clone(), value: Value::Null };
            show(output, &settings::put(desk, form).await?, &key)?;
        }
        SettingAction::Reset { key: None, .. } => {
            let mut now = settings::all(desk, NoArgs {}).await?;
            for (key, _) in fields(&now.values)? {
                now = settings::put(desk, SettingForm { key, value: Value::Null }).await?;
            }
            output.answer(&now, || "Every setting is back to its default.".into())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn show(output: Output, now: &SettingsNow, key: &str) -> Result<(), Failure> {
    let values = fields(&now.values)?;
    let Some(value) = values.get(key) else {
        let words = format!("There is no setting “{key}”; `bell setting list` shows them.");
        return Err(ApiError::field("key", words).into());
    };
    let default = fields(&now.defaults)?.remove(key);
    output.answer(&json!({ "key": key, "value": value, "default": default }), || text(value))
}

/// What a person typed, as JSON: a word is a word where the setting holds one.
fn meant(typed: &str, now: Option<&Value>) -> Value {
    match serde_json::from_str(typed) {
        Ok(value) if !matches!(now, Some(Value::String(_))) => value,
        Ok(Value::String(word)) => Value::String(word),
        Ok(_) | Err(_) => Value::String(typed.to_owned()),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        other => other.to_string(),
    }
}

/// The settings by name, as the window has them.
fn fields(settings: &Settings) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(all)) => Ok(all),
        Ok(_) | Err(_) => Err(Failure::failed("The settings cannot be read.")),
    }
}
