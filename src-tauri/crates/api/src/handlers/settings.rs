//! What a person sets for all of Deskbell.

use deskbell_domain::settings::{SettingProblem, SettingRefused, Settings};
use deskbell_domain::snooze::Choice;
use deskbell_domain::time::MINUTE;
use deskbell_store::table::setting;
use jiff::tz::TimeZone;

use crate::desk::Desk;
use crate::dto::{ApiError, Code, NoArgs, SettingForm, SettingsNow};
use crate::error::sentence;
use crate::speech::Speech;

/// Everything that can be set, and the defaults.
pub async fn all(desk: &Desk, _: NoArgs) -> Result<SettingsNow, ApiError> {
    shown(&desk.store.read(setting::load).await?)
}

/// Sets one key, or puts it back to its default.
pub async fn put(desk: &Desk, form: SettingForm) -> Result<SettingsNow, ApiError> {
    let SettingForm { key, value } = form;
    let value = (!value.is_null()).then_some(value);
    match desk.write(move |w| setting::put(w, &key, value)).await? {
        Ok(settings) => shown(&settings),
        Err(refused) => Err(ApiError::field(field(&refused), sentence(&refused.to_string()))),
    }
}

/// The language of the settings, ready to be spoken; `system` is the system's, as it writes it.
pub async fn speech(desk: &Desk, system: Option<&str>) -> Result<Speech, ApiError> {
    let settings = desk.store.read(setting::load).await?;
    Ok(Speech::of(settings.language, system))
}

/// How long notifications are paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// For an hour.
    Hour,
    /// Until tomorrow morning.
    Tomorrow,
    /// Not any more.
    Off,
}

/// Pauses notifications, or ends a pause.
pub async fn pause(desk: &Desk, pause: Pause) -> Result<SettingsNow, ApiError> {
    let now = desk.now();
    let until = match pause {
        Pause::Hour => Some(now + 60 * MINUTE),
        Pause::Tomorrow => Choice::TomorrowMorning.at(now, &TimeZone::system()),
        Pause::Off => None,
    };
    let value = serde_json::json!(until);
    put(desk, SettingForm { key: "notifications_paused_until".into(), value }).await
}

/// Whether a pause holds now.
pub async fn is_paused(desk: &Desk) -> Result<bool, ApiError> {
    let settings = desk.store.read(setting::load).await?;
    Ok(settings.notifications_paused_until.is_some_and(|until| desk.now() < until))
}

/// The entry of the form that is to blame.
fn field(refused: &SettingRefused) -> &'static str {
    match refused {
        SettingRefused::Unknown(_) => "key",
        SettingRefused::Form(_) => "value",
        SettingRefused::Problem(problem) => match problem {
            SettingProblem::Time | SettingProblem::NoHours | SettingProblem::Days => "quiet_hours",
            SettingProblem::RuleTwice => "notification_rules",
            SettingProblem::SpellLanguage => "spell_languages",
            SettingProblem::KeysTwice => "shortcuts",
            SettingProblem::TooMuch => "value",
        },
    }
}

fn shown(settings: &Settings) -> Result<SettingsNow, ApiError> {
    Ok(SettingsNow { values: form(settings)?, defaults: form(&Settings::default())? })
}

/// Both are the same JSON; see the test.
fn form(settings: &Settings) -> Result<crate::dto::Settings, ApiError> {
    serde_json::to_value(settings).and_then(serde_json::from_value).map_err(|error| {
        ApiError::new(Code::Internal, format!("An answer cannot be written: {error}."))
    })
}

#[cfg(test)]
mod tests {
    use deskbell_domain::settings::{Announce, NotificationRule};
    use deskbell_domain::{AccountId, Channel};

    use super::*;

    #[test]
    fn the_window_sees_settings_in_the_form_they_are_stored_in() {
        let settings = Settings {
            notifications_paused_until: Some(5),
            notification_rules: vec![NotificationRule {
                account_id: Some(AccountId(3)),
                channel: Some(Channel::Email),
                announce: Announce::People,
            }],
            shortcuts: [("archive".to_owned(), "e".to_owned())].into(),
            ..Settings::default()
        };
        let stored = serde_json::to_value(&settings).expect("is JSON");
        let seen = serde_json::to_value(form(&settings).expect("is shown")).expect("is JSON");
        assert_eq!(seen, stored, "what the window sends back is what was stored");
        assert_eq!(seen["notification_rules"][0]["account_id"], "3", "ids are text");
    }
}
