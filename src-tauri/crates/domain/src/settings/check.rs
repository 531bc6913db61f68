//! What may stand in a setting, and why something may not.

use jiff::civil::Time;

use super::{NotificationRule, Settings};

/// Rules for who is announced; far more than anybody has accounts.
const MOST_RULES: usize = 200;
/// Commands that can have keys of the person's own.
const MOST_SHORTCUTS: usize = 200;
/// Letters of a command's name, and of its keys.
const LONGEST_SHORTCUT: usize = 60;
/// Languages the spelling is checked in at once.
const MOST_LANGUAGES: usize = 8;

/// Why a value cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingProblem {
    /// An hour is none.
    #[error("enter a time between 00:00 and 23:59, such as 20:00")]
    Time,
    /// Both hours are the same.
    #[error("quiet hours begin and end at different times")]
    NoHours,
    /// No day, or one that is none.
    #[error("choose at least one day for quiet hours")]
    Days,
    /// Two rules for one thing.
    #[error("there are two choices for the same account; keep one")]
    RuleTwice,
    /// More than anybody can mean.
    #[error("this is longer than it can be; remove something first")]
    TooMuch,
    /// No language.
    #[error("“en” or “de_DE” would be a language; choose one of the list")]
    SpellLanguage,
    /// Keys for two commands.
    #[error("two commands have the same keys; give one of them others")]
    KeysTwice,
}

/// Why a setting was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SettingRefused {
    /// There is no such key.
    #[error("there is no setting “{0}”")]
    Unknown(String),
    /// The value is of another form than the key has.
    #[error("this value does not fit the setting “{0}”")]
    Form(String),
    /// The value is of the right form and cannot be meant.
    #[error(transparent)]
    Problem(#[from] SettingProblem),
}

impl Settings {
    /// Refuses what cannot be meant.
    pub fn check(&self) -> Result<(), SettingProblem> {
        let quiet = &self.quiet_hours;
        let (from, to) = (time(&quiet.from)?, time(&quiet.to)?);
        if from == to {
            return Err(SettingProblem::NoHours);
        }
        if quiet.days.is_empty() || quiet.days.iter().any(|day| !(1..=7).contains(day)) {
            return Err(SettingProblem::Days);
        }
        let about = |rule: &NotificationRule| (rule.account_id, rule.channel);
        let rules = &self.notification_rules;
        let again = |(n, rule): (usize, &NotificationRule)| {
            rules.iter().take(n).any(|other| about(other) == about(rule))
        };
        if rules.iter().enumerate().any(again) {
            return Err(SettingProblem::RuleTwice);
        }
        if rules.len() > MOST_RULES
            || self.spell_languages.len() > MOST_LANGUAGES
            || self.shortcuts.len() > MOST_SHORTCUTS
            || self.shortcuts.iter().any(|(command, keys)| {
                command.len().max(keys.len()) > LONGEST_SHORTCUT || command.is_empty()
            })
        {
            return Err(SettingProblem::TooMuch);
        }
        if !self.spell_languages.iter().all(|language| is_language(language)) {
            return Err(SettingProblem::SpellLanguage);
        }
        let mut keys: Vec<&String> =
            self.shortcuts.values().filter(|keys| !keys.is_empty()).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
            return Err(SettingProblem::KeysTwice);
        }
        Ok(())
    }
}

pub(super) fn time(text: &str) -> Result<Time, SettingProblem> {
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute) = text.split_once(':').ok_or(SettingProblem::Time)?;
    if !digits(hour) || !digits(minute) {
        return Err(SettingProblem::Time);
    }
    match (hour.parse(), minute.parse()) {
        (Ok(hour), Ok(minute)) => Time::new(hour, minute, 0, 0).map_err(|_| SettingProblem::Time),
        _ => Err(SettingProblem::Time),
    }
}

/// As spelling dictionaries are named: `de`, `de_DE`.
fn is_language(text: &str) -> bool {
    let letters = |text: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    match text.split_once('_') {
        Some((language, region)) => letters(language, 2..=3) && letters(region, 2..=2),
        None => letters(text, 2..=3),
    }
}
