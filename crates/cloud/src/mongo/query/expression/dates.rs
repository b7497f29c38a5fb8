//! Dates: their parts, their texts and arithmetic with them.

mod format;
mod parts;
mod read;
mod shift;

use bson::{Bson, DateTime};

use super::super::error::{QueryError, Result};
use super::super::types::optional_name;
use super::super::zone::Zone;
use super::functions::{Arity, Function, Parameter, exactly, operand};
use super::{Value, nullish};

pub(super) use format::iso_text;
pub(super) use read::parse;

use Parameter::{Optional, Required};

const PART: Arity = Arity::NamedOrOne(&[Required("date"), Optional("timezone")]);
const SHIFT: Arity =
    Arity::Named(&[Required("startDate"), Required("unit"), Required("amount"), Optional("timezone")]);

pub(super) const FUNCTIONS: &[Function] = &[
    part("$year", |_, operands| parts::part(operands, |date| date.year)),
    part("$month", |_, operands| parts::part(operands, |date| date.month)),
    part("$dayOfMonth", |_, operands| parts::part(operands, |date| date.day)),
    part("$hour", |_, operands| parts::part(operands, |date| date.hour())),
    part("$minute", |_, operands| parts::part(operands, |date| date.minute())),
    part("$second", |_, operands| parts::part(operands, |date| date.second())),
    part("$millisecond", |_, operands| parts::part(operands, |date| date.millisecond())),
    part("$dayOfYear", |_, operands| parts::part(operands, |date| date.day_of_year())),
    part("$dayOfWeek", |_, operands| parts::part(operands, |date| date.day_of_week())),
    part("$week", |_, operands| parts::part(operands, |date| date.week())),
    part("$isoDayOfWeek", |_, operands| parts::part(operands, |date| date.iso_day_of_week())),
    part("$isoWeek", |_, operands| parts::part(operands, |date| date.iso_week().1)),
    part("$isoWeekYear", parts::iso_week_year),
    Function {
        name: "$dateToParts",
        arity: Arity::Named(&[Required("date"), Optional("timezone"), Optional("iso8601")]),
        run: parts::to_parts,
    },
    Function {
        name: "$dateFromParts",
        arity: Arity::Named(&[
            Optional("year"),
            Optional("month"),
            Optional("day"),
            Optional("hour"),
            Optional("minute"),
            Optional("second"),
            Optional("millisecond"),
            Optional("timezone"),
            Optional("isoWeekYear"),
            Optional("isoWeek"),
            Optional("isoDayOfWeek"),
        ]),
        run: parts::from_parts,
    },
    Function {
        name: "$dateToString",
        arity: Arity::Named(&[
            Required("date"),
            Optional("format"),
            Optional("timezone"),
            Optional("onNull"),
        ]),
        run: format::to_string,
    },
    Function {
        name: "$dateFromString",
        arity: Arity::Named(&[
            Required("dateString"),
            Optional("format"),
            Optional("timezone"),
            Optional("onError"),
            Optional("onNull"),
        ]),
        run: read::from_string,
    },
    Function { name: "$dateAdd", arity: SHIFT, run: |name, operands| shift::shift(name, operands, 1) },
    Function { name: "$dateSubtract", arity: SHIFT, run: |name, operands| shift::shift(name, operands, -1) },
    Function {
        name: "$dateDiff",
        arity: Arity::Named(&[
            Required("startDate"),
            Required("endDate"),
            Required("unit"),
            Optional("timezone"),
            Optional("startOfWeek"),
        ]),
        run: shift::difference,
    },
    Function {
        name: "$dateTrunc",
        arity: Arity::Named(&[
            Required("date"),
            Required("unit"),
            Optional("binSize"),
            Optional("timezone"),
            Optional("startOfWeek"),
        ]),
        run: shift::truncate,
    },
    exactly("$tsSecond", 1, |name, operands| timestamp(name, operands, |stamp| stamp.time)),
    exactly("$tsIncrement", 1, |name, operands| timestamp(name, operands, |stamp| stamp.increment)),
];

const fn part(name: &'static str, run: fn(&str, &[Value]) -> Result<Value>) -> Function {
    Function { name, arity: PART, run }
}

/// The milliseconds of a date, or of what counts as one: ObjectIds and timestamps.
fn millis(value: Option<&Bson>) -> Result<i64> {
    match value {
        Some(Bson::DateTime(date)) => Ok(date.timestamp_millis()),
        Some(Bson::ObjectId(id)) => Ok(id.timestamp().timestamp_millis()),
        Some(Bson::Timestamp(stamp)) => Ok(i64::from(stamp.time) * 1000),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(16006, format!("can't convert from BSON type {found} to Date")))
        }
    }
}

/// A date and a zone out of the operands at these places; nothing if one is null.
fn zoned(operands: &[Value], date: usize, zone: usize) -> Result<Option<(i64, Zone)>> {
    if nullish(operand(operands, date)) {
        return Ok(None);
    }
    let Some(zone) = Zone::read(operand(operands, zone))? else { return Ok(None) };
    Ok(Some((millis(operand(operands, date))?, zone)))
}

fn date(millis: i64) -> Result<Value> {
    Ok(Some(Bson::DateTime(DateTime::from_millis(millis))))
}

fn timestamp(name: &str, operands: &[Value], part: fn(&bson::Timestamp) -> u32) -> Result<Value> {
    match operand(operands, 0) {
        Some(Bson::Timestamp(stamp)) => Ok(Some(Bson::Int64(i64::from(part(stamp))))),
        value if nullish(value) => Ok(Some(Bson::Null)),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(5_687_301, format!("Argument to {name} must be a timestamp, but is {found}")))
        }
    }
}
