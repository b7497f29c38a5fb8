//! Dates as text: `$dateToString`'s format specifiers.

use bson::{Bson, DateTime};

use super::super::super::calendar::Civil;
use super::super::super::error::{QueryError, Result};
use super::super::functions::operand;
use super::super::{Value, nullish};
use super::zoned;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The date as `$toString` writes it.
pub(in super::super) fn iso_text(date: DateTime) -> String {
    written("%Y-%m-%dT%H:%M:%S.%LZ", &Civil::at(date.timestamp_millis()), 0).unwrap_or_default()
}

pub(super) fn to_string(name: &str, operands: &[Value]) -> Result<Value> {
    if nullish(operand(operands, 0)) {
        return Ok(operands.get(3).cloned().flatten().or(Some(Bson::Null)));
    }
    let Some((millis, zone)) = zoned(operands, 0, 2)? else { return Ok(Some(Bson::Null)) };
    let format = match operand(operands, 1) {
        None if zone.offset(millis) == 0 => "%Y-%m-%dT%H:%M:%S.%LZ",
        None => "%Y-%m-%dT%H:%M:%S.%L",
        Some(Bson::String(format)) => format,
        Some(value) if nullish(Some(value)) => return Ok(Some(Bson::Null)),
        Some(_) => return Err(QueryError::new(18533, format!("{name} requires that 'format' be a string"))),
    };
    let local = zone.to_local(millis);
    Ok(Some(Bson::String(written(format, &Civil::at(local), local - millis)?)))
}

fn written(format: &str, date: &Civil, offset: i64) -> Result<String> {
    let mut text = String::with_capacity(format.len() * 2);
    let mut chars = format.chars();
    while let Some(next) = chars.next() {
        if next != '%' {
            text.push(next);
            continue;
        }
        let specifier =
            chars.next().ok_or_else(|| QueryError::new(18535, "Unmatched '%' at end of format string"))?;
        text.push_str(&part(specifier, date, offset)?);
    }
    Ok(text)
}

fn part(specifier: char, date: &Civil, offset: i64) -> Result<String> {
    let minutes = offset / 60_000;
    let sign = if minutes < 0 { '-' } else { '+' };
    Ok(match specifier {
        '%' => "%".to_owned(),
        'Y' => year(date.year)?,
        'G' => year(date.iso_week().0)?,
        'm' => format!("{:02}", date.month),
        'd' => format!("{:02}", date.day),
        'H' => format!("{:02}", date.hour()),
        'M' => format!("{:02}", date.minute()),
        'S' => format!("{:02}", date.second()),
        'L' => format!("{:03}", date.millisecond()),
        'j' => format!("{:03}", date.day_of_year()),
        'w' => date.day_of_week().to_string(),
        'u' => date.iso_day_of_week().to_string(),
        'U' => format!("{:02}", date.week()),
        'V' => format!("{:02}", date.iso_week().1),
        'b' => month(date).chars().take(3).collect(),
        'B' => month(date).to_owned(),
        'z' => format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60),
        'Z' => minutes.to_string(),
        other => {
            return Err(QueryError::new(
                18536,
                format!("Invalid format character '%{other}' in format string"),
            ));
        }
    })
}

fn year(year: i64) -> Result<String> {
    if !(0..=9999).contains(&year) {
        return Err(QueryError::new(
            18537,
            format!(
                "Could not convert date to string: date component was outside the supported range of 0-9999: {year}"
            ),
        ));
    }
    Ok(format!("{year:04}"))
}

fn month(date: &Civil) -> &'static str {
    usize::try_from(date.month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}

/// The month with this name or its first three letters, and how many bytes that was.
pub(super) fn month_named(text: &str, short: bool) -> Option<(i64, usize)> {
    let length = |name: &&str| if short { 3 } else { name.len() };
    let starts = |name: &&str| {
        text.get(..length(name))
            .is_some_and(|start| start.eq_ignore_ascii_case(name.get(..length(name)).unwrap_or(name)))
    };
    let at = MONTHS.iter().position(starts)?;
    Some((i64::try_from(at).ok()? + 1, MONTHS.get(at).map_or(0, length)))
}
