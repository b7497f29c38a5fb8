//! One field of a cron expression: a set of small numbers.

pub(super) const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
pub(super) const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// The values a field allows, each under 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    values: u64,
    any: bool,
}

impl Field {
    /// Reads `*`, `5`, `1-5`, `*/10`, `10-30/5`, `mon-fri` and lists of these with commas.
    pub(super) fn parse(text: &str, least: u8, most: u8, names: &[&str]) -> Option<Self> {
        let mut items = text.split(',').map(|item| values(item, least, most, names));
        let values = items.try_fold(0, |sum, item| Some(sum | item?))?;
        Some(Self { values, any: text.starts_with('*') })
    }

    pub(super) fn has(self, value: u8) -> bool {
        self.values & 1_u64.checked_shl(u32::from(value)).unwrap_or(0) != 0
    }

    /// Whether it begins with `*`: then it does not restrict the day (crontab(5)).
    pub(super) fn is_any(self) -> bool {
        self.any
    }
}

fn values(item: &str, least: u8, most: u8, names: &[&str]) -> Option<u64> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step.parse::<u8>().ok().filter(|step| *step > 0)?)),
        None => (item, None),
    };
    let (from, to) = match range.split_once('-') {
        _ if range == "*" => (least, most),
        Some((from, to)) => (number(from, least, names)?, number(to, least, names)?),
        // `10/5` goes on from 10.
        None => {
            (number(range, least, names)?, if step.is_some() { most } else { number(range, least, names)? })
        }
    };
    let fits = least <= from && from <= to && to <= most;
    fits.then(|| (from..=to).step_by(usize::from(step.unwrap_or(1))).fold(0, |sum, value| sum | 1 << value))
}

fn number(text: &str, least: u8, names: &[&str]) -> Option<u8> {
    let mut named = names.iter().zip(least..);
    match named.find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        Some((_, number)) => Some(number),
        None => text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?,
    }
}
