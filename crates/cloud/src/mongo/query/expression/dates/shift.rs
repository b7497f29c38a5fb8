//! `$dateAdd`, `$dateSubtract`, `$dateDiff`, `$dateTrunc`.

use bson::Bson;

use super::super::super::calendar::Unit;
use super::super::super::error::{QueryError, Result};
use super::super::super::number::Number;
use super::super::super::types::optional_name;
use super::super::functions::operand;
use super::super::{Value, nullish};
use super::{date, millis, zoned};

pub(super) fn shift(name: &str, operands: &[Value], sign: i64) -> Result<Value> {
    if nullish(operand(operands, 1)) || nullish(operand(operands, 2)) {
        return Ok(Some(Bson::Null));
    }
    let Some((utc, zone)) = zoned(operands, 0, 3)? else { return Ok(Some(Bson::Null)) };
    let unit = unit(name, operand(operands, 1))?;
    let amount = operand(operands, 2)
        .and_then(Number::of)
        .and_then(|number| number.to_i64())
        .ok_or_else(|| QueryError::new(5_166_405, format!("{name} expects integer amount of time units")))?;
    let overflow = || QueryError::new(5_166_406, format!("{name} overflowed"));
    let amount = amount.checked_mul(sign).ok_or_else(overflow)?;
    if unit.is_civil() {
        return date(zone.to_utc(unit.add(zone.to_local(utc), amount).ok_or_else(overflow)?));
    }
    date(unit.add(utc, amount).ok_or_else(overflow)?)
}

pub(super) fn difference(name: &str, operands: &[Value]) -> Result<Value> {
    let (end, unit_operand) = (operand(operands, 1), operand(operands, 2));
    if nullish(end) || nullish(unit_operand) {
        return Ok(Some(Bson::Null));
    }
    let Some((start, zone)) = zoned(operands, 0, 3)? else { return Ok(Some(Bson::Null)) };
    let (end, unit, first) =
        (millis(end)?, unit(name, unit_operand)?, first_day(name, operand(operands, 4))?);
    let local = |utc: i64| if unit.is_civil() { zone.to_local(utc) } else { utc + zone.offset(start) };
    Ok(Some(Bson::Int64(unit.ordinal(local(end), first) - unit.ordinal(local(start), first))))
}

pub(super) fn truncate(name: &str, operands: &[Value]) -> Result<Value> {
    if nullish(operand(operands, 1))
        || operands.get(2).is_some_and(|bin| bin.is_some() && nullish(bin.as_ref()))
    {
        return Ok(Some(Bson::Null));
    }
    let Some((utc, zone)) = zoned(operands, 0, 3)? else { return Ok(Some(Bson::Null)) };
    let (unit, first) = (unit(name, operand(operands, 1))?, first_day(name, operand(operands, 4))?);
    let size = match operand(operands, 2) {
        None => 1,
        Some(size) => {
            Number::of(size).and_then(|size| size.to_i64()).filter(|size| *size > 0).ok_or_else(|| {
                QueryError::new(5_439_017, format!("{name} requires 'binSize' to be a positive integer"))
            })?
        }
    };
    let ordinal = unit.ordinal(zone.to_local(utc), first).div_euclid(size).saturating_mul(size);
    let start =
        unit.start(ordinal, first).ok_or_else(|| QueryError::new(5_166_406, format!("{name} overflowed")))?;
    date(zone.to_utc(start))
}

fn unit(name: &str, operand: Option<&Bson>) -> Result<Unit> {
    match operand {
        Some(Bson::String(unit)) => Unit::named(unit),
        other => {
            let found = optional_name(other);
            Err(QueryError::new(5_439_013, format!("{name} requires 'unit' to be a string, but got {found}")))
        }
    }
}

/// The day weeks begin with, Monday is 0; Sunday if nothing is said.
fn first_day(name: &str, operand: Option<&Bson>) -> Result<i64> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let Some(Bson::String(day)) = operand else { return Ok(6) };
    let day = day.to_ascii_lowercase();
    let at = DAYS.iter().position(|start| day.starts_with(start) && (day.len() == 3 || day.ends_with("day")));
    at.and_then(|at| i64::try_from(at).ok()).ok_or_else(|| {
        QueryError::new(
            5_439_016,
            format!("{name} parameter 'startOfWeek' value cannot be recognized as a day of a week: {day}"),
        )
    })
}
