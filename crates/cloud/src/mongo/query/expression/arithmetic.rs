//! Arithmetic, rounding, trigonometry and bits.

mod rounding;
mod transcendental;

use bson::{Bson, DateTime};

use super::super::decimal::Decimal;
use super::super::error::{QueryError, Result};
use super::super::number::{Number, Operation};
use super::super::types::optional_name;
use super::functions::{Arity, Function, exactly, operand};
use super::{Value, nullish};

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "$add", arity: Arity::AtLeast(0), run: add },
    exactly("$subtract", 2, subtract),
    Function { name: "$multiply", arity: Arity::AtLeast(0), run: multiply },
    exactly("$divide", 2, divide),
    exactly("$mod", 2, modulo),
    exactly("$abs", 1, absolute),
    exactly("$ceil", 1, rounding::ceil),
    exactly("$floor", 1, rounding::floor),
    Function { name: "$round", arity: Arity::Between(1, 2), run: rounding::round },
    Function { name: "$trunc", arity: Arity::Between(1, 2), run: rounding::trunc },
    exactly("$sqrt", 1, transcendental::sqrt),
    exactly("$exp", 1, |name, operands| transcendental::apply(name, operands, f64::exp)),
    exactly("$ln", 1, transcendental::ln),
    exactly("$log", 2, transcendental::log),
    exactly("$log10", 1, transcendental::log10),
    exactly("$pow", 2, transcendental::pow),
    exactly("$sin", 1, |name, operands| transcendental::apply(name, operands, f64::sin)),
    exactly("$cos", 1, |name, operands| transcendental::apply(name, operands, f64::cos)),
    exactly("$tan", 1, |name, operands| transcendental::apply(name, operands, f64::tan)),
    exactly("$asin", 1, |name, operands| transcendental::apply(name, operands, f64::asin)),
    exactly("$acos", 1, |name, operands| transcendental::apply(name, operands, f64::acos)),
    exactly("$atan", 1, |name, operands| transcendental::apply(name, operands, f64::atan)),
    exactly("$atan2", 2, transcendental::atan2),
    exactly("$sinh", 1, |name, operands| transcendental::apply(name, operands, f64::sinh)),
    exactly("$cosh", 1, |name, operands| transcendental::apply(name, operands, f64::cosh)),
    exactly("$tanh", 1, |name, operands| transcendental::apply(name, operands, f64::tanh)),
    exactly("$asinh", 1, |name, operands| transcendental::apply(name, operands, f64::asinh)),
    exactly("$acosh", 1, |name, operands| transcendental::apply(name, operands, f64::acosh)),
    exactly("$atanh", 1, |name, operands| transcendental::apply(name, operands, f64::atanh)),
    exactly("$degreesToRadians", 1, |name, operands| transcendental::apply(name, operands, f64::to_radians)),
    exactly("$radiansToDegrees", 1, |name, operands| transcendental::apply(name, operands, f64::to_degrees)),
    Function {
        name: "$bitAnd",
        arity: Arity::AtLeast(0),
        run: |name, operands| bits(name, operands, -1, |a, b| a & b),
    },
    Function {
        name: "$bitOr",
        arity: Arity::AtLeast(0),
        run: |name, operands| bits(name, operands, 0, |a, b| a | b),
    },
    Function {
        name: "$bitXor",
        arity: Arity::AtLeast(0),
        run: |name, operands| bits(name, operands, 0, |a, b| a ^ b),
    },
    exactly("$bitNot", 1, bit_not),
];

/// The only operand as a number; nothing if there is none.
fn number(name: &str, operands: &[Value]) -> Result<Option<Number>> {
    let value = operand(operands, 0);
    if nullish(value) {
        return Ok(None);
    }
    let wrong = || {
        QueryError::new(28765, format!("{name} only supports numeric types, not {}", optional_name(value)))
    };
    value.and_then(Number::of).map(Some).ok_or_else(wrong)
}

fn add(name: &str, operands: &[Value]) -> Result<Value> {
    let (mut sum, mut dates) = (Number::Int(0), 0);
    for value in operands {
        match value.as_ref() {
            value if nullish(value) => return Ok(Some(Bson::Null)),
            Some(Bson::DateTime(date)) => {
                dates += 1;
                sum = Number::widening(Operation::Add, &sum, &Number::Long(date.timestamp_millis()));
            }
            value => {
                let wrong = || {
                    let found = optional_name(value);
                    QueryError::type_mismatch(format!(
                        "{name} only supports numeric or date types, not {found}"
                    ))
                };
                let number = value.and_then(Number::of).ok_or_else(wrong)?;
                sum = Number::widening(Operation::Add, &sum, &number);
            }
        }
    }
    match dates {
        0 => Ok(Some(sum.into())),
        1 => date(&sum),
        _ => Err(QueryError::new(16612, "only one date allowed in an $add expression")),
    }
}

fn date(millis: &Number) -> Result<Value> {
    let rounded = match millis {
        Number::Double(value) => Number::Double(value.round()),
        other => other.clone(),
    };
    let millis =
        rounded.truncated().ok_or_else(|| QueryError::new(15, "date overflow in $add or $subtract"))?;
    Ok(Some(Bson::DateTime(DateTime::from_millis(millis))))
}

fn subtract(_: &str, operands: &[Value]) -> Result<Value> {
    let (left, right) = (operand(operands, 0), operand(operands, 1));
    if nullish(left) || nullish(right) {
        return Ok(Some(Bson::Null));
    }
    let wrong = || {
        QueryError::type_mismatch(format!(
            "can't $subtract {} from {}",
            optional_name(right),
            optional_name(left)
        ))
    };
    match (left, right) {
        (Some(Bson::DateTime(left)), Some(Bson::DateTime(right))) => {
            let difference = left.timestamp_millis().checked_sub(right.timestamp_millis());
            Ok(Some(Bson::Int64(
                difference.ok_or_else(|| QueryError::new(15, "overflow in $subtract of dates"))?,
            )))
        }
        (Some(Bson::DateTime(left)), Some(right)) => {
            let millis = Number::Long(left.timestamp_millis());
            date(&Number::widening(Operation::Subtract, &millis, &Number::of(right).ok_or_else(wrong)?))
        }
        (left, right) => {
            let left = left.and_then(Number::of).ok_or_else(wrong)?;
            let right = right.and_then(Number::of).ok_or_else(wrong)?;
            Ok(Some(Number::widening(Operation::Subtract, &left, &right).into()))
        }
    }
}

fn multiply(name: &str, operands: &[Value]) -> Result<Value> {
    let mut product = Number::Int(1);
    for value in operands {
        let value = value.as_ref();
        if nullish(value) {
            return Ok(Some(Bson::Null));
        }
        let wrong = || {
            QueryError::type_mismatch(format!(
                "{name} only supports numeric types, not {}",
                optional_name(value)
            ))
        };
        product =
            Number::widening(Operation::Multiply, &product, &value.and_then(Number::of).ok_or_else(wrong)?);
    }
    Ok(Some(product.into()))
}

fn divide(name: &str, operands: &[Value]) -> Result<Value> {
    let Some((left, right)) = two_numbers(name, 14, operands)? else { return Ok(Some(Bson::Null)) };
    if right.is_zero() {
        return Err(QueryError::bad_value("can't $divide by zero"));
    }
    let quotient = match (&left, &right) {
        (Number::Decimal(_), _) | (_, Number::Decimal(_)) => {
            Number::Decimal(left.to_decimal().divide(&right.to_decimal()))
        }
        _ => Number::Double(left.to_f64() / right.to_f64()),
    };
    Ok(Some(quotient.into()))
}

fn modulo(name: &str, operands: &[Value]) -> Result<Value> {
    let Some((left, right)) = two_numbers(name, 16611, operands)? else { return Ok(Some(Bson::Null)) };
    if right.is_zero() {
        return Err(QueryError::new(16610, "can't $mod by zero"));
    }
    let rest = match (&left, &right) {
        (Number::Decimal(_), _) | (_, Number::Decimal(_)) => {
            Number::Decimal(left.to_decimal().remainder(&right.to_decimal()))
        }
        (Number::Double(_), _) | (_, Number::Double(_)) => match (left.to_i64(), right.to_i64()) {
            (Some(left), Some(right)) => {
                Number::Double(super::super::number::long_to_f64(left.wrapping_rem(right)))
            }
            _ => Number::Double(left.to_f64() % right.to_f64()),
        },
        (Number::Int(left), Number::Int(right)) => Number::Int(left.wrapping_rem(*right)),
        _ => Number::Long(left.to_i64().unwrap_or(0).wrapping_rem(right.to_i64().unwrap_or(1))),
    };
    Ok(Some(rest.into()))
}

fn two_numbers(name: &str, code: i32, operands: &[Value]) -> Result<Option<(Number, Number)>> {
    let (left, right) = (operand(operands, 0), operand(operands, 1));
    if nullish(left) || nullish(right) {
        return Ok(None);
    }
    match (left.and_then(Number::of), right.and_then(Number::of)) {
        (Some(left), Some(right)) => Ok(Some((left, right))),
        _ => Err(QueryError::new(
            code,
            format!(
                "{name} only supports numeric types, not {} and {}",
                optional_name(left),
                optional_name(right)
            ),
        )),
    }
}

fn absolute(name: &str, operands: &[Value]) -> Result<Value> {
    let Some(number) = number(name, operands)? else { return Ok(Some(Bson::Null)) };
    let magnitude = match number {
        Number::Int(value) => Number::narrow(i64::from(value).abs()),
        Number::Long(value) => {
            let overflow = || QueryError::new(28680, "can't take $abs of long long min");
            Number::Long(value.checked_abs().ok_or_else(overflow)?)
        }
        Number::Double(value) => Number::Double(value.abs()),
        Number::Decimal(value) if value.is_negative() => Number::Decimal(value.negated()),
        Number::Decimal(value) => Number::Decimal(value),
    };
    Ok(Some(magnitude.into()))
}

fn bits(name: &str, operands: &[Value], start: i64, combine: fn(i64, i64) -> i64) -> Result<Value> {
    let (mut result, mut long) = (start, false);
    for value in operands {
        match value.as_ref() {
            value if nullish(value) => return Ok(Some(Bson::Null)),
            Some(Bson::Int32(value)) => result = combine(result, i64::from(*value)),
            Some(Bson::Int64(value)) => (result, long) = (combine(result, *value), true),
            value => return Err(only_whole(name, value)),
        }
    }
    Ok(Some(if long { Bson::Int64(result) } else { Number::narrow(result).into() }))
}

fn bit_not(name: &str, operands: &[Value]) -> Result<Value> {
    match operand(operands, 0) {
        value if nullish(value) => Ok(Some(Bson::Null)),
        Some(Bson::Int32(value)) => Ok(Some(Bson::Int32(!value))),
        Some(Bson::Int64(value)) => Ok(Some(Bson::Int64(!value))),
        value => Err(only_whole(name, value)),
    }
}

fn only_whole(name: &str, value: Option<&Bson>) -> QueryError {
    QueryError::type_mismatch(format!(
        "{name} only supports int and long operands, not {}.",
        optional_name(value)
    ))
}

/// A decimal if the operand was one, else a double.
fn like(number: &Number, value: f64) -> Bson {
    match number {
        Number::Decimal(_) => Bson::Decimal128(Decimal::exactly(value).to_decimal128()),
        _ => Bson::Double(value),
    }
}
