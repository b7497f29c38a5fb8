//! Roots, powers, logarithms and angles. Decimals are computed as doubles here: 17 of their 34 digits count.

use bson::Bson;

use super::super::super::decimal::Decimal;
use super::super::super::error::{QueryError, Result};
use super::super::super::number::{Number, Operation};
use super::super::functions::operand;
use super::super::{Value, nullish};
use super::{like, number};

/// An operator that is one function of a double.
pub(super) fn apply(name: &str, operands: &[Value], function: fn(f64) -> f64) -> Result<Value> {
    let Some(number) = number(name, operands)? else { return Ok(Some(Bson::Null)) };
    let value = function(number.to_f64());
    if value.is_nan() && !number.is_nan() {
        let given = number.to_f64();
        return Err(QueryError::new(
            50989,
            format!("cannot apply {name} to {given}, value is out of its bounds"),
        ));
    }
    Ok(Some(like(&number, value)))
}

pub(super) fn sqrt(name: &str, operands: &[Value]) -> Result<Value> {
    let Some(number) = number(name, operands)? else { return Ok(Some(Bson::Null)) };
    if number.is_negative() {
        return Err(QueryError::new(28714, "$sqrt's argument must be greater than or equal to 0"));
    }
    Ok(Some(like(&number, number.to_f64().sqrt())))
}

pub(super) fn ln(name: &str, operands: &[Value]) -> Result<Value> {
    positive(name, 28766, operands, f64::ln)
}

pub(super) fn log10(name: &str, operands: &[Value]) -> Result<Value> {
    positive(name, 28761, operands, f64::log10)
}

pub(super) fn log(name: &str, operands: &[Value]) -> Result<Value> {
    let Some((value, base)) = both(operands) else {
        return none_or(operands, 28756, &format!("{name}'s arguments must be numeric"));
    };
    if value.to_f64() <= 0.0 {
        return Err(QueryError::new(
            28758,
            format!("$log's argument must be a positive number, but is {}", value.to_f64()),
        ));
    }
    if base.to_f64() <= 0.0 || base.to_f64() == 1.0 {
        return Err(QueryError::new(
            28759,
            format!("$log's base must be a positive number not equal to 1, but is {}", base.to_f64()),
        ));
    }
    Ok(Some(like(&value, value.to_f64().ln() / base.to_f64().ln())))
}

pub(super) fn atan2(name: &str, operands: &[Value]) -> Result<Value> {
    match both(operands) {
        Some((y, x)) => Ok(Some(like(&y, y.to_f64().atan2(x.to_f64())))),
        None => none_or(operands, 51044, &format!("{name} only supports numeric types")),
    }
}

/// Whole powers of whole numbers stay whole as long as they fit.
pub(super) fn pow(_: &str, operands: &[Value]) -> Result<Value> {
    let Some((base, exponent)) = both(operands) else {
        return none_or(operands, 28762, "$pow's arguments must be numeric");
    };
    if base.is_zero() && exponent.is_negative() {
        return Err(QueryError::new(28764, "$pow cannot take a base of 0 and a negative exponent"));
    }
    match (&base, &exponent) {
        (Number::Double(_), _) | (_, Number::Double(_)) => {
            Ok(Some(Bson::Double(base.to_f64().powf(exponent.to_f64()))))
        }
        (Number::Decimal(_), _) | (_, Number::Decimal(_)) => {
            Ok(Some(Number::Decimal(decimal_power(&base, &exponent)).into()))
        }
        _ => {
            let both_int = matches!((&base, &exponent), (Number::Int(_), Number::Int(_)));
            Ok(Some(whole_power(&base, &exponent, both_int).into()))
        }
    }
}

fn whole_power(base: &Number, exponent: &Number, both_int: bool) -> Number {
    let whole = base.to_i64().zip(exponent.to_i64().and_then(|exponent| u32::try_from(exponent).ok()));
    match whole.and_then(|(base, exponent)| base.checked_pow(exponent)) {
        Some(value) if both_int => Number::narrow(value),
        Some(value) => Number::Long(value),
        None => Number::Double(base.to_f64().powf(exponent.to_f64())),
    }
}

/// Small whole exponents exactly, all others through doubles.
fn decimal_power(base: &Number, exponent: &Number) -> Decimal {
    match exponent.to_i64() {
        Some(count @ 0..=64) => (0..count).fold(Decimal::from_i64(1), |power, _| {
            let product = Number::checked(Operation::Multiply, &Number::Decimal(power), base);
            product.map_or(Decimal::NaN, |product| product.to_decimal())
        }),
        _ => Decimal::exactly(base.to_f64().powf(exponent.to_f64())).rounded(),
    }
}

fn positive(name: &str, code: i32, operands: &[Value], function: fn(f64) -> f64) -> Result<Value> {
    let Some(number) = number(name, operands)? else { return Ok(Some(Bson::Null)) };
    let value = number.to_f64();
    if value <= 0.0 {
        return Err(QueryError::new(
            code,
            format!("{name}'s argument must be a positive number, but is {value}"),
        ));
    }
    Ok(Some(like(&number, function(value))))
}

fn both(operands: &[Value]) -> Option<(Number, Number)> {
    operand(operands, 0).and_then(Number::of).zip(operand(operands, 1).and_then(Number::of))
}

fn none_or(operands: &[Value], code: i32, message: &str) -> Result<Value> {
    if operands.iter().any(|value| nullish(value.as_ref())) {
        return Ok(Some(Bson::Null));
    }
    Err(QueryError::new(code, message))
}
