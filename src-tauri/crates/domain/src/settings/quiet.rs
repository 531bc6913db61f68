//! Who is announced, and when nobody is.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::check::time;
use super::{Announce, NotificationRule, QuietHours, Settings};
use crate::{AccountId, Channel, Millis};

impl Settings {
    /// Whose mail of an account on a channel is announced; what is said most exactly holds.
    pub fn announce(&self, account: AccountId, channel: Channel) -> Announce {
        let fits = |rule: &&NotificationRule| {
            rule.account_id.is_none_or(|own| own == account)
                && rule.channel.is_none_or(|own| own == channel)
        };
        let exactness =
            |rule: &&NotificationRule| (rule.account_id.is_some(), rule.channel.is_some());
        self.notification_rules
            .iter()
            .filter(fits)
            .max_by_key(exactness)
            .map_or(Announce::Everything, |rule| rule.announce)
    }

    /// Whether nothing is announced at this instant, by the clock on the wall.
    pub fn is_quiet(&self, now: Millis, zone: &TimeZone) -> bool {
        !self.notifications
            || self.notifications_paused_until.is_some_and(|until| now < until)
            || (self.quiet_hours.on && self.quiet_hours.cover(now, zone))
    }
}

impl QuietHours {
    fn cover(&self, now: Millis, zone: &TimeZone) -> bool {
        let (Ok(from), Ok(to)) = (time(&self.from), time(&self.to)) else { return false };
        let Ok(now) = Timestamp::from_millisecond(now) else { return false };
        let wall = now.to_zoned(zone.clone()).datetime();
        let clock = wall.time();
        let begins = |day: Weekday| {
            u8::try_from(day.to_monday_one_offset()).is_ok_and(|day| self.days.contains(&day))
        };
        let today = begins(wall.date().weekday());
        if from < to {
            return today && (from..to).contains(&clock);
        }
        let yesterday =
            wall.date().checked_sub(1.day()).is_ok_and(|before| begins(before.weekday()));
        (today && clock >= from) || (yesterday && clock < to)
    }
}
