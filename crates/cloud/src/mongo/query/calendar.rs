//! The proleptic Gregorian calendar in milliseconds since 1970, and units of time to add and cut by.

use super::error::{QueryError, Result};

pub(super) const DAY: i64 = 86_400_000;

/// A date and a time of day, without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    /// Milliseconds since midnight.
    pub(super) time: i64,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    /// A day or less; its milliseconds.
    Fixed(i64),
}

impl Civil {
    /// The date at these milliseconds.
    pub(super) fn at(millis: i64) -> Self {
        let (year, month, day) = from_days(millis.div_euclid(DAY));
        Self { year, month, day, time: millis.rem_euclid(DAY) }
    }

    /// The milliseconds of the date; months and days may be out of their range and count on.
    pub(super) fn millis(&self) -> i64 {
        let months = self.year.saturating_mul(12).saturating_add(self.month - 1);
        let first = to_days(months.div_euclid(12), months.rem_euclid(12) + 1);
        first.saturating_add(self.day - 1).saturating_mul(DAY).saturating_add(self.time)
    }

    /// Days since 1970.
    pub(super) fn days(&self) -> i64 {
        self.millis().div_euclid(DAY)
    }

    pub(super) fn hour(&self) -> i64 {
        self.time / 3_600_000
    }

    pub(super) fn minute(&self) -> i64 {
        self.time / 60_000 % 60
    }

    pub(super) fn second(&self) -> i64 {
        self.time / 1000 % 60
    }

    pub(super) fn millisecond(&self) -> i64 {
        self.time % 1000
    }

    /// From 1.
    pub(super) fn day_of_year(&self) -> i64 {
        self.days() - to_days(self.year, 1) + 1
    }

    /// Sunday is 1.
    pub(super) fn day_of_week(&self) -> i64 {
        (self.days() + 4).rem_euclid(7) + 1
    }

    /// Monday is 1.
    pub(super) fn iso_day_of_week(&self) -> i64 {
        (self.days() + 3).rem_euclid(7) + 1
    }

    /// Weeks begin on Sunday; the days before the first one are in week 0.
    pub(super) fn week(&self) -> i64 {
        (self.day_of_year() + 7 - self.day_of_week()) / 7
    }

    /// The ISO 8601 year and week: that of the week's Thursday.
    pub(super) fn iso_week(&self) -> (i64, i64) {
        let thursday = Self::at((self.days() - self.iso_day_of_week() + 4).saturating_mul(DAY));
        (thursday.year, (thursday.day_of_year() - 1) / 7 + 1)
    }

    /// The date of a day in an ISO week.
    pub(super) fn of_iso(year: i64, week: i64, day: i64, time: i64) -> Self {
        let january = Self { year, month: 1, day: 4, time: 0 };
        let monday = january.days() - january.iso_day_of_week() + 1;
        let days = monday.saturating_add((week - 1).saturating_mul(7)).saturating_add(day - 1);
        Self { time, ..Self::at(days.saturating_mul(DAY)) }
    }
}

impl Unit {
    /// The unit with this name.
    ///
    /// # Errors
    /// 9 for an unknown one.
    pub(super) fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "year" => Self::Year,
            "quarter" => Self::Quarter,
            "month" => Self::Month,
            "week" => Self::Week,
            "day" => Self::Fixed(DAY),
            "hour" => Self::Fixed(3_600_000),
            "minute" => Self::Fixed(60_000),
            "second" => Self::Fixed(1000),
            "millisecond" => Self::Fixed(1),
            _ => return Err(QueryError::failed_to_parse(format!("unknown time unit value: {name}"))),
        })
    }

    /// Whether it is added to the time on the wall, and not to the time that passes.
    pub(super) fn is_civil(self) -> bool {
        !matches!(self, Self::Fixed(millis) if millis < DAY)
    }

    /// Adds some of it to local milliseconds. A month's day that the other month doesn't have becomes its last.
    pub(super) fn add(self, local: i64, amount: i64) -> Option<i64> {
        let months = match self {
            Self::Fixed(millis) => return local.checked_add(millis.checked_mul(amount)?),
            Self::Week => return local.checked_add((7 * DAY).checked_mul(amount)?),
            Self::Month => amount,
            Self::Quarter => amount.checked_mul(3)?,
            Self::Year => amount.checked_mul(12)?,
        };
        let date = Civil::at(local);
        let month = date.year.checked_mul(12)?.checked_add(date.month - 1)?.checked_add(months)?;
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        (year.abs() < 300_000).then(|| {
            let length = to_days(year + month / 12, month % 12 + 1) - to_days(year, month);
            Civil { year, month, day: date.day.min(length), time: date.time }.millis()
        })
    }

    /// How many boundaries of the unit lie between the beginning of 2000 and the time. Weeks begin on `first`, Monday
    /// is 0.
    pub(super) fn ordinal(self, local: i64, first: i64) -> i64 {
        let date = Civil::at(local);
        match self {
            Self::Year => date.year - 2000,
            Self::Quarter => (date.year - 2000) * 4 + (date.month - 1) / 3,
            Self::Month => (date.year - 2000) * 12 + date.month - 1,
            // 1970-01-01 was a Thursday.
            Self::Week => (date.days() + 3 - first).div_euclid(7) - (10_957 + 3 - first).div_euclid(7),
            Self::Fixed(millis) => (local - 10_957 * DAY).div_euclid(millis),
        }
    }

    /// The time at which the unit with this ordinal begins.
    pub(super) fn start(self, ordinal: i64, first: i64) -> Option<i64> {
        let start = 10_957 * DAY;
        match self {
            Self::Week => {
                let monday = (10_957 + 3 - first).div_euclid(7) * 7 - 3 + first;
                monday.checked_add(ordinal.checked_mul(7)?)?.checked_mul(DAY)
            }
            unit => unit.add(start, ordinal),
        }
    }
}

/// Days from 1970 to the first of a month (after Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn to_days(year: i64, month: i64) -> i64 {
    let year = if month <= 2 { year.saturating_sub(1) } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    era.saturating_mul(146_097).saturating_add(of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

fn from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}
