//! Strings, by byte and by code point.

mod find;
mod regex;

use bson::Bson;

use super::super::error::{QueryError, Result};
use super::super::number::Number;
use super::super::types::optional_name;
use super::functions::{Arity, Function, Parameter, exactly, operand};
use super::{Value, nullish};

pub(super) use find::range;

const TRIM: Arity = Arity::Named(&[Parameter::Required("input"), Parameter::Optional("chars")]);
const REGEX: Arity = Arity::Named(&[
    Parameter::Required("input"),
    Parameter::Required("regex"),
    Parameter::Optional("options"),
]);
const REPLACE: Arity = Arity::Named(&[
    Parameter::Required("input"),
    Parameter::Required("find"),
    Parameter::Required("replacement"),
]);

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "$concat", arity: Arity::AtLeast(0), run: concat },
    exactly("$toUpper", 1, |_, operands| {
        Ok(Some(Bson::String(coerced(operand(operands, 0))?.to_ascii_uppercase())))
    }),
    exactly("$toLower", 1, |_, operands| {
        Ok(Some(Bson::String(coerced(operand(operands, 0))?.to_ascii_lowercase())))
    }),
    exactly("$strcasecmp", 2, compare_without_case),
    exactly("$strLenBytes", 1, |name, operands| length(name, 34473, operands, str::len)),
    exactly("$strLenCP", 1, |name, operands| length(name, 34471, operands, |text| text.chars().count())),
    exactly("$substr", 3, substring_bytes),
    exactly("$substrBytes", 3, substring_bytes),
    exactly("$substrCP", 3, substring_chars),
    exactly("$split", 2, split),
    Function { name: "$trim", arity: TRIM, run: |name, operands| trim(name, operands, true, true) },
    Function { name: "$ltrim", arity: TRIM, run: |name, operands| trim(name, operands, true, false) },
    Function { name: "$rtrim", arity: TRIM, run: |name, operands| trim(name, operands, false, true) },
    Function { name: "$indexOfBytes", arity: Arity::Between(2, 4), run: find::in_bytes },
    Function { name: "$indexOfCP", arity: Arity::Between(2, 4), run: find::in_chars },
    Function { name: "$replaceOne", arity: REPLACE, run: |name, operands| replace(name, operands, 1) },
    Function {
        name: "$replaceAll",
        arity: REPLACE,
        run: |name, operands| replace(name, operands, usize::MAX),
    },
    Function { name: "$regexMatch", arity: REGEX, run: regex::matches },
    Function { name: "$regexFind", arity: REGEX, run: regex::find },
    Function { name: "$regexFindAll", arity: REGEX, run: regex::find_all },
];

fn concat(name: &str, operands: &[Value]) -> Result<Value> {
    let mut whole = String::new();
    for value in operands {
        match value.as_ref() {
            Some(Bson::String(part) | Bson::Symbol(part)) => whole.push_str(part),
            value if nullish(value) => return Ok(Some(Bson::Null)),
            value => {
                let found = optional_name(value);
                return Err(QueryError::new(16702, format!("{name} only supports strings, not {found}")));
            }
        }
    }
    Ok(Some(Bson::String(whole)))
}

/// The value as a string where MongoDB makes one of numbers, dates and what is missing.
fn coerced(value: Option<&Bson>) -> Result<String> {
    match value {
        value if nullish(value) => Ok(String::new()),
        Some(Bson::String(text) | Bson::Symbol(text) | Bson::JavaScriptCode(text)) => Ok(text.clone()),
        Some(
            value @ (Bson::Int32(_)
            | Bson::Int64(_)
            | Bson::Double(_)
            | Bson::Decimal128(_)
            | Bson::DateTime(_)),
        ) => super::convert::text(value),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(16007, format!("can't convert from BSON type {found} to String")))
        }
    }
}

fn compare_without_case(_: &str, operands: &[Value]) -> Result<Value> {
    let left = coerced(operand(operands, 0))?.to_ascii_uppercase();
    let right = coerced(operand(operands, 1))?.to_ascii_uppercase();
    Ok(Some(Bson::Int32(match left.cmp(&right) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    })))
}

fn length(name: &str, code: i32, operands: &[Value], count: fn(&str) -> usize) -> Result<Value> {
    match operand(operands, 0) {
        Some(Bson::String(text)) => Ok(Some(int(count(text)))),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(code, format!("{name} requires a string argument, found: {found}")))
        }
    }
}

/// A count or a place as BSON.
pub(super) fn int(count: usize) -> Bson {
    i64::try_from(count).map_or(Bson::Int64(i64::MAX), |count| Number::narrow(count).into())
}

fn substring_bytes(name: &str, operands: &[Value]) -> Result<Value> {
    let text = coerced(operand(operands, 0))?;
    let start = whole(name, 16034, operand(operands, 1), "starting index")?;
    let count = whole(name, 16035, operand(operands, 2), "length")?;
    let start = usize::try_from(start).map_err(|_| {
        QueryError::new(50752, format!("{name}: starting index must be non-negative (got: {start})"))
    })?;
    if start >= text.len() {
        return Ok(Some(Bson::String(String::new())));
    }
    let end = usize::try_from(count).map_or(text.len(), |count| start.saturating_add(count).min(text.len()));
    if !text.is_char_boundary(start) {
        return Err(QueryError::new(
            28656,
            format!("{name}: Invalid range, starting index is a UTF-8 continuation byte."),
        ));
    }
    let part = text.get(start..end).ok_or_else(|| {
        QueryError::new(
            28657,
            format!("{name}: Invalid range, ending index is in the middle of a UTF-8 character."),
        )
    })?;
    Ok(Some(Bson::String(part.to_owned())))
}

fn substring_chars(name: &str, operands: &[Value]) -> Result<Value> {
    let text = coerced(operand(operands, 0))?;
    let start = whole(name, 34450, operand(operands, 1), "starting index")?;
    let count = whole(name, 34452, operand(operands, 2), "length")?;
    let negative =
        |code, what| QueryError::new(code, format!("{name}: {what} must be a nonnegative integer."));
    let start = usize::try_from(start).map_err(|_| negative(34455, "the starting index"))?;
    let count = usize::try_from(count).map_err(|_| negative(34454, "length"))?;
    Ok(Some(Bson::String(text.chars().skip(start).take(count).collect())))
}

fn whole(name: &str, code: i32, value: Option<&Bson>, what: &str) -> Result<i64> {
    value.and_then(Number::of).and_then(|number| number.truncated()).ok_or_else(|| {
        let found = optional_name(value);
        QueryError::new(code, format!("{name}: {what} must be a numeric type (is BSON type {found})"))
    })
}

fn split(name: &str, operands: &[Value]) -> Result<Value> {
    let (text, separator) = (operand(operands, 0), operand(operands, 1));
    if nullish(text) || nullish(separator) {
        return Ok(Some(Bson::Null));
    }
    let string = |value: Option<&Bson>, code, place: &str| match value {
        Some(Bson::String(text)) => Ok(text.clone()),
        value => {
            let found = optional_name(value);
            let message = format!(
                "{name} requires an expression that evaluates to a string as a {place} argument, found: {found}"
            );
            Err(QueryError::new(code, message))
        }
    };
    let (text, separator) = (string(text, 40085, "first")?, string(separator, 40086, "second")?);
    if separator.is_empty() {
        return Err(QueryError::new(40087, format!("{name} requires a non-empty separator")));
    }
    Ok(Some(Bson::Array(text.split(separator.as_str()).map(Bson::from).collect())))
}

fn trim(name: &str, operands: &[Value], left: bool, right: bool) -> Result<Value> {
    let (text, chars) = (operand(operands, 0), operands.get(1));
    let text = match text {
        Some(Bson::String(text)) => text.as_str(),
        value if nullish(value) => return Ok(Some(Bson::Null)),
        value => {
            let found = optional_name(value);
            return Err(QueryError::new(
                50699,
                format!("{name} requires its input to be a string, got {found}"),
            ));
        }
    };
    let goes = |c: char| match chars.and_then(Option::as_ref) {
        Some(Bson::String(chars)) => chars.contains(c),
        _ => c == '\0' || c.is_whitespace(),
    };
    match chars.and_then(Option::as_ref) {
        None | Some(Bson::String(_)) => {}
        Some(Bson::Null | Bson::Undefined) => return Ok(Some(Bson::Null)),
        Some(value) => {
            let found = optional_name(Some(value));
            return Err(QueryError::new(
                50700,
                format!("{name} requires 'chars' to be a string, got {found}"),
            ));
        }
    }
    let text = if left { text.trim_start_matches(goes) } else { text };
    let text = if right { text.trim_end_matches(goes) } else { text };
    Ok(Some(Bson::String(text.to_owned())))
}

fn replace(name: &str, operands: &[Value], count: usize) -> Result<Value> {
    let mut texts = Vec::with_capacity(3);
    for (what, code, value) in [("input", 51746, 0), ("find", 51745, 1), ("replacement", 51744, 2)] {
        match operand(operands, value) {
            Some(Bson::String(text)) => texts.push(Some(text.as_str())),
            value if nullish(value) => texts.push(None),
            value => {
                let found = optional_name(value);
                let message = format!("{name} requires that '{what}' be a string, found: {found}");
                return Err(QueryError::new(code, message));
            }
        }
    }
    Ok(Some(match texts.as_slice() {
        [Some(input), Some(find), Some(replacement)] => {
            Bson::String(input.replacen(find, replacement, count))
        }
        _ => Bson::Null,
    }))
}
