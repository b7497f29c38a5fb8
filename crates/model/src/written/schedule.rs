//! Times that come again: cron expressions and their short forms.

use std::time::Duration;

use super::form;
use crate::language::{Fault, duration_text};

form! {
    /// When a job runs, in UTC.
    Schedule, "schedule", "a cron expression such as `0 3 * * *`, `@daily` or `@every 5m`", None, number false,
    |text| check(text)
}

/// Words that stand for an expression.
const WORDS: &[&str] = &["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];

/// The five fields: name, least, most, names of values.
const FIELDS: &[(&str, u32, u32, &[&str])] = &[
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("day of the week", 0, 7, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

fn check(text: &str) -> Result<(), Fault> {
    if let Some(every) = text.strip_prefix("@every ") {
        return interval(every.trim());
    }
    if text.starts_with('@') {
        if WORDS.contains(&text) {
            return Ok(());
        }
        let near = crate::language::nearest(text, WORDS.iter().copied());
        return Err(Fault::hint(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("short forms are {} and @every 5m", WORDS.join(", ")),
        }));
    }
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    if parts.len() != FIELDS.len() {
        let count = parts.len();
        return Err(Fault::hint(format!(
            "an expression has five fields (minute, hour, day, month, weekday); this one has {count}"
        )));
    }
    parts.iter().zip(FIELDS).try_for_each(|(part, field)| {
        let (name, least, most, names) = field;
        let fits = part.split(',').all(|item| item_fits(item, *least, *most, names));
        if fits {
            Ok(())
        } else {
            Err(Fault::hint(format!("the {name} is `{part}`; it goes from {least} to {most}")))
        }
    })
}

fn interval(text: &str) -> Result<(), Fault> {
    let least = Duration::from_secs(60);
    match crate::language::duration(text) {
        Ok(every) if every >= least && every.as_millis().is_multiple_of(60_000) => Ok(()),
        Ok(_) => Err(Fault::hint(format!("`@every` takes whole minutes, {} or more", duration_text(60_000)))),
        Err(fault) => Err(Fault { says: None, hint: fault.hint }),
    }
}

/// `*`, `5`, `1-5`, `*/10`, `1-30/5`, `mon-fri`.
fn item_fits(item: &str, least: u32, most: u32, names: &[&str]) -> bool {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    let step_fits = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| (1..=most).contains(&step)));
    let value = |text: &str| number(text, least, names).filter(|number| (least..=most).contains(number));
    let range_fits = match range.split_once('-') {
        _ if range == "*" => true,
        Some((from, to)) => matches!((value(from), value(to)), (Some(from), Some(to)) if from <= to),
        None => value(range).is_some(),
    };
    step_fits && range_fits
}

fn number(text: &str, least: u32, names: &[&str]) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let named = names.iter().zip(least..).find(|(name, _)| **name == lower).map(|(_, number)| number);
    named.or_else(|| text.chars().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules() {
        for text in [
            "* * * * *",
            "*/5 0 1 1 0",
            "0 3 * * 1-5",
            "0,30 8-18/2 1,15 jan-mar MON",
            "@daily",
            "@every 5m",
            "@every 1h30m",
            "0 0 * * 7",
        ] {
            assert!(check(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "5-1 * * * *",
            "*/0 * * * *",
            "a * * * *",
            "@never",
            "@every 10s",
            "@every x",
            "@every",
            "1,,2 * * * *",
            "- * * * *",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
