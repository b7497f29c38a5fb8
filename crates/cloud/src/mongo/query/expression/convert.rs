//! Types: asking for them and converting between them.

use bson::oid::ObjectId;
use bson::spec::ElementType;
use bson::{Bson, DateTime};

use super::super::decimal::{Decimal, Rounding};
use super::super::error::{QueryError, Result};
use super::super::number::Number;
use super::super::types::{self, name, optional_name};
use super::boolean::boolean;
use super::functions::{Arity, Function, Parameter, exactly, operand};
use super::{Value, nullish, truthy};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("$type", 1, |_, operands| Ok(Some(Bson::from(optional_name(operand(operands, 0)))))),
    exactly("$isNumber", 1, |_, operands| boolean(operand(operands, 0).and_then(Number::of).is_some())),
    Function {
        name: "$convert",
        arity: Arity::Named(&[
            Parameter::Required("input"),
            Parameter::Required("to"),
            Parameter::Optional("onError"),
            Parameter::Optional("onNull"),
        ]),
        run: convert,
    },
    exactly("$toBool", 1, |_, operands| short(operands, ElementType::Boolean)),
    exactly("$toDate", 1, |_, operands| short(operands, ElementType::DateTime)),
    exactly("$toDecimal", 1, |_, operands| short(operands, ElementType::Decimal128)),
    exactly("$toDouble", 1, |_, operands| short(operands, ElementType::Double)),
    exactly("$toInt", 1, |_, operands| short(operands, ElementType::Int32)),
    exactly("$toLong", 1, |_, operands| short(operands, ElementType::Int64)),
    exactly("$toObjectId", 1, |_, operands| short(operands, ElementType::ObjectId)),
    exactly("$toString", 1, |_, operands| short(operands, ElementType::String)),
];

/// The value as text, as `$toString` gives it.
pub(super) fn text(value: &Bson) -> Result<String> {
    Ok(match value {
        Bson::String(text) | Bson::Symbol(text) => text.clone(),
        Bson::Boolean(value) => value.to_string(),
        Bson::Int32(value) => value.to_string(),
        Bson::Int64(value) => value.to_string(),
        Bson::Double(value) => double_text(*value),
        Bson::Decimal128(value) => value.to_string(),
        Bson::ObjectId(id) => id.to_hex(),
        Bson::DateTime(date) => super::dates::iso_text(*date),
        other => return Err(unsupported(other, "string")),
    })
}

fn short(operands: &[Value], to: ElementType) -> Result<Value> {
    match operand(operands, 0) {
        value if nullish(value) => Ok(Some(Bson::Null)),
        Some(value) => to_type(value, to).map(Some),
        None => Ok(Some(Bson::Null)),
    }
}

fn convert(_: &str, operands: &[Value]) -> Result<Value> {
    let (input, to) = (operand(operands, 0), operand(operands, 1));
    let to = match to {
        value if nullish(value) => return Ok(Some(Bson::Null)),
        Some(Bson::String(name)) => {
            types::named(name).ok_or_else(|| QueryError::bad_value(format!("Unknown type name: {name}")))?
        }
        Some(value) => {
            Number::of(value).and_then(|number| number.to_i64()).and_then(types::numbered).ok_or_else(
                || QueryError::failed_to_parse("$convert's 'to' argument must be a string or number"),
            )?
        }
        None => return Ok(Some(Bson::Null)),
    };
    let Some(input) = input.filter(|input| !nullish(Some(input))) else {
        return Ok(operands.get(3).cloned().flatten().or(Some(Bson::Null)));
    };
    match (to_type(input, to), operands.get(2).cloned().flatten()) {
        (Err(_), Some(instead)) => Ok(Some(instead)),
        (converted, _) => converted.map(Some),
    }
}

fn to_type(value: &Bson, to: ElementType) -> Result<Bson> {
    match to {
        ElementType::Boolean => Ok(Bson::Boolean(truthy(Some(value)))),
        ElementType::String => text(value).map(Bson::String),
        ElementType::Int32 => whole(value, "int").and_then(|whole| {
            i32::try_from(whole).map(Bson::Int32).map_err(|_| out_of_range(value))
        }),
        ElementType::Int64 => match value {
            Bson::DateTime(date) => Ok(Bson::Int64(date.timestamp_millis())),
            value => whole(value, "long").map(Bson::Int64),
        },
        ElementType::Double => match value {
            Bson::DateTime(date) => Ok(Number::Double(Number::Long(date.timestamp_millis()).to_f64()).into()),
            Bson::String(text) => text.parse().map(Bson::Double).map_err(|_| unreadable(text, "double")),
            value => number(value, "double").map(|number| Bson::Double(number.to_f64())),
        },
        ElementType::Decimal128 => match value {
            Bson::DateTime(date) => Ok(Number::Decimal(Decimal::from_i64(date.timestamp_millis())).into()),
            Bson::String(text) => Decimal::parse(text)
                .map(|decimal| Number::Decimal(decimal).into())
                .ok_or_else(|| unreadable(text, "decimal")),
            value => number(value, "decimal").map(|number| Number::Decimal(number.to_decimal()).into()),
        },
        ElementType::ObjectId => match value {
            Bson::ObjectId(_) => Ok(value.clone()),
            Bson::String(text) => ObjectId::parse_str(text).map(Bson::ObjectId).map_err(|_| {
                conversion(format!("Failed to parse objectId '{text}' in $convert with no onError value: Invalid string length for parsing to OID, expected 24 but found {}", text.len()))
            }),
            other => Err(unsupported(other, "objectId")),
        },
        ElementType::DateTime => to_date(value),
        other => Err(QueryError::new(241, format!("Unsupported conversion from {} to {other:?} in $convert with no onError value", name(value)))),
    }
}

fn to_date(value: &Bson) -> Result<Bson> {
    let millis = match value {
        Bson::DateTime(_) => return Ok(value.clone()),
        Bson::ObjectId(id) => return Ok(Bson::DateTime(id.timestamp())),
        Bson::Timestamp(stamp) => i64::from(stamp.time) * 1000,
        Bson::String(text) => return super::dates::parse(text).map(Bson::DateTime),
        Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => {
            Number::of(value).and_then(|number| number.truncated()).ok_or_else(|| out_of_range(value))?
        }
        other => return Err(unsupported(other, "date")),
    };
    Ok(Bson::DateTime(DateTime::from_millis(millis)))
}

fn number(value: &Bson, to: &str) -> Result<Number> {
    match value {
        Bson::Boolean(value) => Ok(Number::Int(i32::from(*value))),
        value => Number::of(value).ok_or_else(|| unsupported(value, to)),
    }
}

fn whole(value: &Bson, to: &str) -> Result<i64> {
    if let Bson::String(text) = value {
        return text.parse().map_err(|_| unreadable(text, to));
    }
    let number = number(value, to)?;
    if number.is_nan() || number.is_infinite() {
        let what = if number.is_nan() { "NaN" } else { "infinity" };
        return Err(conversion(format!(
            "Attempt to convert {what} value to integer type in $convert with no onError value"
        )));
    }
    let cut = match &number {
        Number::Decimal(Decimal::Finite(finite)) => {
            Number::Decimal(Decimal::Finite(finite.rounded_to(0.max(finite.exponent), Rounding::TowardsZero)))
        }
        other => other.clone(),
    };
    cut.truncated().ok_or_else(|| out_of_range(value))
}

fn double_text(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if value != 0.0 && !(1e-5..1e17).contains(&value.abs()) {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(("+", exponent), |digits| ("-", digits));
        format!("{mantissa}e{sign}{digits:0>2}")
    } else {
        value.to_string()
    }
}

fn conversion(message: String) -> QueryError {
    QueryError::new(241, message)
}

fn unsupported(value: &Bson, to: &str) -> QueryError {
    conversion(format!(
        "Unsupported conversion from {} to {to} in $convert with no onError value",
        name(value)
    ))
}

fn unreadable(text: &str, to: &str) -> QueryError {
    conversion(format!("Failed to parse number '{text}' in $convert with no onError value: it is no {to}"))
}

fn out_of_range(value: &Bson) -> QueryError {
    conversion(format!("Conversion would overflow target type in $convert with no onError value: {value}"))
}
