//! `$indexOfBytes` and `$indexOfCP`.

use bson::Bson;

use super::super::super::error::{QueryError, Result};
use super::super::super::number::Number;
use super::super::super::types::optional_name;
use super::super::functions::operand;
use super::super::{Value, nullish};
use super::int;

pub(super) fn in_bytes(name: &str, operands: &[Value]) -> Result<Value> {
    let Some((text, part)) = texts(name, operands, 40091)? else { return Ok(Some(Bson::Null)) };
    let Some((start, end)) = range(name, operands, text.len())? else { return Ok(Some(Bson::Int32(-1))) };
    let found = text.as_bytes().get(start..end).and_then(|window| position(window, part.as_bytes()));
    Ok(Some(found.map_or(Bson::Int32(-1), |at| int(start + at))))
}

pub(super) fn in_chars(name: &str, operands: &[Value]) -> Result<Value> {
    let Some((text, part)) = texts(name, operands, 40093)? else { return Ok(Some(Bson::Null)) };
    let text: Vec<char> = text.chars().collect();
    let part: Vec<char> = part.chars().collect();
    let Some((start, end)) = range(name, operands, text.len())? else { return Ok(Some(Bson::Int32(-1))) };
    let found = text.get(start..end).and_then(|window| position(window, &part));
    Ok(Some(found.map_or(Bson::Int32(-1), |at| int(start + at))))
}

fn position<T: PartialEq>(window: &[T], part: &[T]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    window.windows(part.len()).position(|here| here == part)
}

fn texts<'a>(name: &str, operands: &'a [Value], code: i32) -> Result<Option<(&'a str, &'a str)>> {
    match (operand(operands, 0), operand(operands, 1)) {
        (text, _) if nullish(text) => Ok(None),
        (Some(Bson::String(text)), Some(Bson::String(part))) => Ok(Some((text, part))),
        (Some(Bson::String(_)), other) => {
            let found = optional_name(other);
            Err(QueryError::new(
                code + 1,
                format!("{name} requires a string as the second argument, found: {found}"),
            ))
        }
        (other, _) => {
            let found = optional_name(other);
            Err(QueryError::new(
                code,
                format!("{name} requires a string as the first argument, found: {found}"),
            ))
        }
    }
}

/// Where to search; nothing if there is no such place.
pub(in super::super) fn range(
    name: &str,
    operands: &[Value],
    length: usize,
) -> Result<Option<(usize, usize)>> {
    let place = |at: usize, otherwise: usize| match operand(operands, at) {
        None => Ok(otherwise),
        Some(value) => {
            let wrong = || {
                let found = optional_name(Some(value));
                QueryError::new(
                    40096,
                    format!("{name} requires an integral index, found a value of type: {found}"),
                )
            };
            let whole = Number::of(value).and_then(|number| number.to_i64()).ok_or_else(wrong)?;
            usize::try_from(whole).map_err(|_| {
                QueryError::new(40097, format!("{name} requires a nonnegative index, found: {whole}"))
            })
        }
    };
    let (start, end) = (place(2, 0)?, place(3, length)?.min(length));
    Ok((start <= end).then_some((start, end)))
}
