//! When something that runs by the clock runs next: cron expressions of five fields and their short forms, in UTC.
//!
//! As crontab(5): where both day fields are restricted, either of them is enough.

use time::{Date, Duration, OffsetDateTime, Time};

use self::field::Field;

mod field;

/// Days that are looked at: the 29th of February may be eight years away.
const DAYS_MOST: usize = 366 * 9;

/// When something runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Every(Duration),
    Cron(Box<Cron>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cron {
    minutes: Field,
    hours: Field,
    days: Field,
    months: Field,
    weekdays: Field,
}

impl Schedule {
    /// Reads `*/5 8-18 * * mon-fri`, `@daily` or `@every 1h30m`; `None` where it is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(every) = text.strip_prefix("@every ") {
            return span(every.trim()).map(|every| Self(Kind::Every(every)));
        }
        let fields = match text {
            "@hourly" => "0 * * * *",
            "@daily" | "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" | "@annually" => "0 0 1 1 *",
            other => other,
        };
        Cron::parse(fields).map(|cron| Self(Kind::Cron(Box::new(cron))))
    }

    /// The first moment after `after`; `None` where there is none (the 31st of February).
    pub fn next(&self, after: OffsetDateTime) -> Option<OffsetDateTime> {
        match &self.0 {
            Kind::Every(every) => after.checked_add(*every),
            Kind::Cron(cron) => cron.next(after),
        }
    }
}

impl Cron {
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else { return None };
        Some(Self {
            minutes: Field::parse(minutes, 0, 59, &[])?,
            hours: Field::parse(hours, 0, 23, &[])?,
            days: Field::parse(days, 1, 31, &[])?,
            months: Field::parse(months, 1, 12, field::MONTHS)?,
            weekdays: Field::parse(weekdays, 0, 7, field::WEEKDAYS)?,
        })
    }

    fn next(&self, after: OffsetDateTime) -> Option<OffsetDateTime> {
        let days = std::iter::successors(Some(after.date()), |day| day.next_day()).take(DAYS_MOST);
        let moments =
            days.filter(|day| self.has_day(*day)).flat_map(|day| self.times().map(move |time| (day, time)));
        let mut moments = moments.map(|(day, time)| day.with_time(time).assume_utc());
        moments.find(|moment| *moment > after)
    }

    fn times(&self) -> impl Iterator<Item = Time> + '_ {
        let minutes =
            move |hour| (0..60).filter(|minute| self.minutes.has(*minute)).map(move |minute| (hour, minute));
        let times = (0..24).filter(|hour| self.hours.has(*hour)).flat_map(minutes);
        times.filter_map(|(hour, minute)| Time::from_hms(hour, minute, 0).ok())
    }

    fn has_day(&self, date: Date) -> bool {
        let weekday = date.weekday().number_days_from_sunday();
        let (day, weekday) =
            (self.days.has(date.day()), self.weekdays.has(weekday) || weekday == 0 && self.weekdays.has(7));
        let fits = if self.days.is_any() || self.weekdays.is_any() { day && weekday } else { day || weekday };
        fits && self.months.has(u8::from(date.month()))
    }
}

// `5m`, `1h30m`, `2d`.
fn span(text: &str) -> Option<Duration> {
    let (mut rest, mut total) = (text, Duration::ZERO);
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (count, after) = rest.split_at_checked(digits)?;
        let unit = after.find(|letter: char| letter.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(unit)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => return None,
        };
        let part = Duration::seconds(count.parse::<i64>().ok()?.checked_mul(seconds)?);
        (rest, total) = (after, total.checked_add(part)?);
    }
    total.is_positive().then_some(total)
}

#[cfg(test)]
mod tests;
