//! `$ceil`, `$floor`, `$round`, `$trunc`.

use bson::Bson;

use super::super::super::decimal::{Decimal, Rounding};
use super::super::super::error::{QueryError, Result};
use super::super::super::number::Number;
use super::super::functions::operand;
use super::super::{Value, nullish};
use super::number;

pub(super) fn ceil(name: &str, operands: &[Value]) -> Result<Value> {
    Ok(Some(number(name, operands)?.map_or(Bson::Null, |number| to_place(&number, 0, Rounding::Up).into())))
}

pub(super) fn floor(name: &str, operands: &[Value]) -> Result<Value> {
    Ok(Some(number(name, operands)?.map_or(Bson::Null, |number| to_place(&number, 0, Rounding::Down).into())))
}

pub(super) fn round(name: &str, operands: &[Value]) -> Result<Value> {
    at_place(name, operands, Rounding::HalfEven)
}

pub(super) fn trunc(name: &str, operands: &[Value]) -> Result<Value> {
    at_place(name, operands, Rounding::TowardsZero)
}

fn at_place(name: &str, operands: &[Value], rounding: Rounding) -> Result<Value> {
    let Some(number) = number(name, operands)? else { return Ok(Some(Bson::Null)) };
    let place = match operands.len() {
        1 => 0,
        _ if nullish(operand(operands, 1)) => return Ok(Some(Bson::Null)),
        _ => place(name, operand(operands, 1))?,
    };
    Ok(Some(to_place(&number, place, rounding).into()))
}

fn place(name: &str, value: Option<&Bson>) -> Result<i32> {
    let number = value.and_then(Number::of).and_then(|number| number.to_i64());
    let whole = number.ok_or_else(|| {
        QueryError::new(51082, format!("precision argument to {name} must be an integral value"))
    })?;
    if !(-20..=100).contains(&whole) {
        let message = format!("cannot apply {name} with precision value {whole} value must be in [-20, 100]");
        return Err(QueryError::new(51083, message));
    }
    i32::try_from(whole).map_err(|_| QueryError::new(51083, "precision is out of range"))
}

fn to_place(number: &Number, place: i32, rounding: Rounding) -> Number {
    match number {
        Number::Int(_) | Number::Long(_) if place >= 0 => number.clone(),
        Number::Int(value) => {
            let rounded = rounded(&Number::Int(*value).to_exact(), place, rounding);
            Number::Decimal(rounded).to_i64().map_or(Number::Int(*value), Number::narrow)
        }
        Number::Long(value) => {
            let rounded = rounded(&Number::Long(*value).to_exact(), place, rounding);
            Number::Decimal(rounded).to_i64().map_or(Number::Long(*value), Number::Long)
        }
        Number::Double(value) if value.is_finite() => {
            // To 34 digits, as MongoDB takes a double for this: 2.345 is a little more, 19.25 is just that.
            let exact = Decimal::exactly(*value).rounded();
            Number::Double(rounded(&exact, place, rounding).to_f64())
        }
        Number::Decimal(value) => Number::Decimal(rounded(value, place, rounding)),
        Number::Double(_) => number.clone(),
    }
}

fn rounded(value: &Decimal, place: i32, rounding: Rounding) -> Decimal {
    match value {
        Decimal::Finite(finite) => Decimal::Finite(finite.rounded_to(-place, rounding)).rounded(),
        other => other.clone(),
    }
}
