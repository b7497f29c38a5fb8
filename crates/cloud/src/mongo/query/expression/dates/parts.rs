//! Dates taken apart and put together.

use bson::{Bson, Document};

use super::super::super::calendar::Civil;
use super::super::super::error::{QueryError, Result};
use super::super::super::number::Number;
use super::super::super::types::optional_name;
use super::super::super::zone::Zone;
use super::super::functions::operand;
use super::super::{Value, nullish, truthy};
use super::{date, zoned};

/// One part of a date in its zone, as an Int32.
pub(super) fn part(operands: &[Value], part: fn(&Civil) -> i64) -> Result<Value> {
    let part = zoned(operands, 0, 1)?.map(|(millis, zone)| part(&Civil::at(zone.to_local(millis))));
    Ok(Some(part.map_or(Bson::Null, |part| Number::narrow(part).into())))
}

pub(super) fn iso_week_year(_: &str, operands: &[Value]) -> Result<Value> {
    let year = zoned(operands, 0, 1)?.map(|(millis, zone)| Civil::at(zone.to_local(millis)).iso_week().0);
    Ok(Some(year.map_or(Bson::Null, Bson::Int64)))
}

pub(super) fn to_parts(_: &str, operands: &[Value]) -> Result<Value> {
    let Some((millis, zone)) = zoned(operands, 0, 1)? else { return Ok(Some(Bson::Null)) };
    let date = Civil::at(zone.to_local(millis));
    let (iso_year, iso_week) = date.iso_week();
    let days = match truthy(operand(operands, 2)) {
        true => [("isoWeekYear", iso_year), ("isoWeek", iso_week), ("isoDayOfWeek", date.iso_day_of_week())],
        false => [("year", date.year), ("month", date.month), ("day", date.day)],
    };
    let times = [
        ("hour", date.hour()),
        ("minute", date.minute()),
        ("second", date.second()),
        ("millisecond", date.millisecond()),
    ];
    let parts: Document = days
        .into_iter()
        .chain(times)
        .map(|(name, part)| (name.to_owned(), Number::narrow(part).into()))
        .collect();
    Ok(Some(Bson::Document(parts)))
}

pub(super) fn from_parts(name: &str, operands: &[Value]) -> Result<Value> {
    let given = |at: usize| operands.get(at).is_some_and(Option::is_some);
    if !given(0) && !given(8) {
        return Err(QueryError::new(
            40516,
            format!("{name} requires either 'year' or 'isoWeekYear' to be present"),
        ));
    }
    if operands.iter().any(|value| value.is_some() && nullish(value.as_ref())) {
        return Ok(Some(Bson::Null));
    }
    let part = |at: usize, what: &str, otherwise: i64| match operand(operands, at) {
        None => Ok(otherwise),
        Some(value) => Number::of(value)
            .and_then(|number| number.to_i64())
            .filter(|part| {
                i16::try_from(*part).is_ok() || what == "millisecond" && i32::try_from(*part).is_ok()
            })
            .ok_or_else(|| {
                let found = optional_name(Some(value));
                QueryError::new(
                    40515,
                    format!("'{what}' must evaluate to an integer, found {found} with value: {value}"),
                )
            }),
    };
    let time = ((part(3, "hour", 0)? * 60 + part(4, "minute", 0)?) * 60 + part(5, "second", 0)?) * 1000
        + part(6, "millisecond", 0)?;
    let Some(zone) = Zone::read(operand(operands, 7))? else { return Ok(Some(Bson::Null)) };
    let civil = if given(0) {
        let year = part(0, "year", 1970)?;
        if !(1..=9999).contains(&year) {
            return Err(QueryError::new(
                40523,
                format!("'year' must evaluate to an integer in the range 1 to 9999, found {year}"),
            ));
        }
        Civil { year, month: part(1, "month", 1)?, day: part(2, "day", 1)?, time }
    } else {
        Civil::of_iso(
            part(8, "isoWeekYear", 1970)?,
            part(9, "isoWeek", 1)?,
            part(10, "isoDayOfWeek", 1)?,
            time,
        )
    };
    date(zone.to_utc(civil.millis()))
}
