//! What a person sets for all of Deskbell, as the window sees it. What it means stands in `domain::settings`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The answer of `settings` and `setting_put`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SettingsNow {
    /// What holds.
    pub values: Settings,
    /// What holds where nothing was chosen.
    pub defaults: Settings,
}

/// Everything that can be set; the fields are the keys of `setting_put`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// Language of the window, the tray and notifications.
    pub language: LanguageChoice,
    /// Colours.
    pub theme: ThemeChoice,
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
    pub notifications_paused_until: Option<i64>,
    /// Announce nothing at these hours.
    pub quiet_hours: QuietHours,
    /// Say that there is mail, not from whom and about what.
    pub notifications_hide_content: bool,
    /// Whose mail is announced; what no rule names is announced by `everything`.
    pub notification_rules: Vec<NotificationRule>,
    /// Underline words that are spelled wrong.
    pub spell_check: bool,
    /// Languages of the spelling, such as `de_DE`; none: those of the system.
    pub spell_languages: Vec<String>,
    /// Keys of the person's own, by command; empty keys: none.
    pub shortcuts: BTreeMap<String, String>,
}

/// A language Deskbell speaks; `system`: that of the system, or English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LanguageChoice {
    /// That of the system, or English.
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Colours of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// As the system has it.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How close rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Room around everything.
    Comfortable,
    /// As much as fits.
    Compact,
}

/// Hours at which nothing is announced, by the clock on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
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

/// Whose mail is announced, for an account, a channel, or a channel of an account; the most exact rule holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NotificationRule {
    /// Of this account only.
    pub account_id: Option<String>,
    /// On this channel only.
    pub channel: Option<String>,
    /// Whose.
    pub announce: Announce,
}

/// Whose mail is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Announce {
    /// All that lies in the inbox.
    Everything,
    /// What people write; not newsletters and mailing lists.
    People,
    /// None, unless a rule of the mail's own asks for it.
    Nothing,
}

/// Arguments of `setting_put`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SettingForm {
    /// A field of [`Settings`].
    pub key: String,
    /// What is to hold, in the form of that field; `null` puts it back to its default.
    #[ts(type = "unknown")]
    pub value: serde_json::Value,
}
