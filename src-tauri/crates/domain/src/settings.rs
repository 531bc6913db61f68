//! What a person sets for all of Deskbell: the keys there are, their defaults, and what may stand in each.
//!
//! Invariant: [`Settings::default`] is valid and names every key there is; a value that [`Settings::check`] refuses is
//! never stored. Where values are kept is the store's.

mod check;
mod quiet;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{AccountId, Channel, Millis};

pub use self::check::{SettingProblem, SettingRefused};

/// Everything that can be set; the fields are the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Language of the window, the tray and notifications.
    pub language: Language,
    /// Colours.
    pub theme: Theme,
    /// How close rows stand.
    pub density: Density,
    /// Closing the window leaves Deskbell in the tray, where there is one.
    pub close_to_tray: bool,
    /// Start without showing the window, where there is a tray.
    pub start_hidden: bool,
    /// Start with the computer's session.
    pub autostart: bool,
    /// Show how many conversations are unread, on the tray and the dock.
    pub badge: bool,
    /// Announce new mail.
    pub notifications: bool,
    /// Announce nothing before this instant.
    pub notifications_paused_until: Option<Millis>,
    /// Announce nothing at these hours.
    pub quiet_hours: QuietHours,
    /// Say that there is mail, not from whom and about what.
    pub notifications_hide_content: bool,
    /// Whose mail is announced; what no rule names is announced by [`Announce::Everything`].
    pub notification_rules: Vec<NotificationRule>,
    /// Underline words that are spelled wrong.
    pub spell_check: bool,
    /// Languages of the spelling, such as `de_DE`; none: those of the system.
    pub spell_languages: Vec<String>,
    /// Keys of the person's own, by command; empty keys: none.
    pub shortcuts: BTreeMap<String, String>,
}

/// A language Deskbell speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// That of the system, or English.
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Colours of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How close rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Room around everything.
    Comfortable,
    /// As much as fits.
    Compact,
}

/// Hours at which nothing is announced, by the clock on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Whether there are any.
    pub on: bool,
    /// First minute, as `22:00`.
    pub from: String,
    /// First minute that is no longer quiet; one that is not later lies on the next day.
    pub to: String,
    /// Days on which quiet hours begin, 1 (Monday) to 7.
    pub days: Vec<u8>,
}

/// Whose mail is announced, for an account, a channel, or a channel of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotificationRule {
    /// Of this account only.
    #[serde(with = "account_as_text")]
    pub account_id: Option<AccountId>,
    /// On this channel only.
    pub channel: Option<Channel>,
    /// Whose.
    pub announce: Announce,
}

/// Whose mail is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announce {
    /// All that lies in the inbox.
    Everything,
    /// What people write; not newsletters and mailing lists.
    People,
    /// None, unless a rule of the mail's own asks for it.
    Nothing,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::System,
            theme: Theme::System,
            density: Density::Comfortable,
            close_to_tray: false,
            start_hidden: false,
            autostart: false,
            badge: true,
            notifications: true,
            notifications_paused_until: None,
            quiet_hours: QuietHours::default(),
            notifications_hide_content: false,
            notification_rules: Vec::new(),
            spell_check: true,
            spell_languages: Vec::new(),
            shortcuts: BTreeMap::new(),
        }
    }
}

impl Default for QuietHours {
    fn default() -> Self {
        let days = (1..=7).collect();
        Self { on: false, from: "20:00".into(), to: "07:00".into(), days }
    }
}

/// Ids leave the store as text.
mod account_as_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::AccountId;

    pub(super) fn serialize<S: Serializer>(
        id: &Option<AccountId>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match id {
            Some(id) => serializer.collect_str(id),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<AccountId>, D::Error> {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;

    fn at(text: &str) -> Millis {
        text.parse::<Timestamp>().expect("an instant").as_millisecond()
    }

    fn quiet(from: &str, to: &str, days: &[u8]) -> Settings {
        let quiet_hours =
            QuietHours { on: true, from: from.into(), to: to.into(), days: days.into() };
        Settings { quiet_hours, ..Settings::default() }
    }

    #[test]
    fn quiet_hours_over_midnight_belong_to_the_day_they_begin_on() {
        // 2026-11-20 is a Friday.
        let weekdays = quiet("20:00", "07:00", &[1, 2, 3, 4, 5]);
        for (instant, is_quiet) in [
            ("2026-11-20T19:59:59Z", false),
            ("2026-11-20T20:00:00Z", true),
            ("2026-11-21T06:59:00Z", true),
            ("2026-11-21T07:00:00Z", false),
            ("2026-11-21T20:00:00Z", false),
            ("2026-11-22T23:00:00Z", false),
            ("2026-11-23T03:00:00Z", false),
            ("2026-11-23T21:00:00Z", true),
        ] {
            assert_eq!(weekdays.is_quiet(at(instant), &TimeZone::UTC), is_quiet, "{instant}");
        }
        let noon = quiet("12:00", "13:30", &[5]);
        assert!(noon.is_quiet(at("2026-11-20T13:29:00Z"), &TimeZone::UTC), "within one day");
        assert!(!noon.is_quiet(at("2026-11-20T13:30:00Z"), &TimeZone::UTC), "the end is no part");
    }

    #[test]
    fn quiet_hours_go_by_the_clock_on_the_wall() {
        let berlin = TimeZone::get("Europe/Berlin").expect("the zone");
        let night = quiet("20:00", "07:00", &[1, 2, 3, 4, 5, 6, 7]);
        assert!(night.is_quiet(at("2026-07-01T18:30:00Z"), &berlin), "20:30 in summer");
        assert!(!night.is_quiet(at("2026-12-01T18:30:00Z"), &berlin), "19:30 in winter");
    }

    #[test]
    fn a_pause_ends_by_itself() {
        let paused = Settings { notifications_paused_until: Some(1_000), ..Settings::default() };
        assert!(paused.is_quiet(999, &TimeZone::UTC));
        assert!(!paused.is_quiet(1_000, &TimeZone::UTC));
    }

    #[test]
    fn what_is_said_of_one_account_goes_before_what_is_said_of_all() {
        let rule = |account_id: Option<i64>, channel, announce| NotificationRule {
            account_id: account_id.map(AccountId),
            channel,
            announce,
        };
        let settings = Settings {
            notification_rules: vec![
                rule(Some(1), None, Announce::Everything),
                rule(None, Some(Channel::Email), Announce::Nothing),
                rule(Some(2), Some(Channel::Email), Announce::People),
                rule(Some(2), None, Announce::Nothing),
            ],
            ..Settings::default()
        };
        let announced = |id| settings.announce(AccountId(id), Channel::Email);
        assert_eq!(announced(1), Announce::Everything);
        assert_eq!(announced(2), Announce::People);
        assert_eq!(announced(3), Announce::Nothing);
        assert_eq!(
            Settings::default().announce(AccountId(1), Channel::Email),
            Announce::Everything,
            "what nobody chose is announced"
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert_eq!(Settings::default().check(), Ok(()));
        assert_eq!(quiet("24:00", "07:00", &[1]).check(), Err(SettingProblem::Time));
        assert_eq!(quiet("7:0", "08:00", &[1]).check(), Err(SettingProblem::Time));
        assert_eq!(quiet("+7:00", "08:00", &[1]).check(), Err(SettingProblem::Time));
        assert_eq!(quiet("07:00", "07:00", &[1]).check(), Err(SettingProblem::NoHours));
        assert_eq!(quiet("20:00", "07:00", &[]).check(), Err(SettingProblem::Days));
        assert_eq!(quiet("20:00", "07:00", &[8]).check(), Err(SettingProblem::Days));
        let rule = NotificationRule {
            account_id: Some(AccountId(1)),
            channel: None,
            announce: Announce::Nothing,
        };
        let twice =
            Settings { notification_rules: vec![rule.clone(), rule], ..Settings::default() };
        assert_eq!(twice.check(), Err(SettingProblem::RuleTwice));
        let spelled = |language: &str| Settings {
            spell_languages: vec![language.into()],
            ..Settings::default()
        };
        assert_eq!(spelled("de_DE").check(), Ok(()));
        for language in ["", "d", "de-DE", "de_DE.UTF-8", "../x"] {
            assert_eq!(spelled(language).check(), Err(SettingProblem::SpellLanguage));
        }
        let keys = |pairs: &[(&str, &str)]| Settings {
            shortcuts: pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect(),
            ..Settings::default()
        };
        assert_eq!(keys(&[("archive", ""), ("trash", "")]).check(), Ok(()));
        assert_eq!(
            keys(&[("archive", "e"), ("trash", "e")]).check(),
            Err(SettingProblem::KeysTwice)
        );
    }
}
