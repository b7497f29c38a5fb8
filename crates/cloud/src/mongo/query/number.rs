//! BSON's four kinds of numbers and what becomes of them in arithmetic.
//!
//! Int32 grows to Int64 when it has to, anything with a double is a double, anything with a Decimal128 a Decimal128.
//! What happens when an Int64 has no room left differs (`$inc` refuses, `$add` goes on with a double), so it is the
//! caller's decision.

use std::cmp::Ordering;

use bson::Bson;

use super::decimal::Decimal;

/// A number, taken out of its BSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Number {
    Int(i32),
    Long(i64),
    Double(f64),
    Decimal(Decimal),
}

/// An arithmetic operation on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
}

impl Number {
    /// The number, or nothing for any other type.
    pub(super) fn of(value: &Bson) -> Option<Self> {
        match value {
            Bson::Int32(value) => Some(Self::Int(*value)),
            Bson::Int64(value) => Some(Self::Long(*value)),
            Bson::Double(value) => Some(Self::Double(*value)),
            Bson::Decimal128(value) => Some(Self::Decimal((*value).into())),
            _ => None,
        }
    }

    /// The result in the wider of both types, or nothing when an Int64 has no room for it.
    pub(super) fn checked(operation: Operation, left: &Self, right: &Self) -> Option<Self> {
        match (left, right) {
            (Self::Decimal(_), _) | (_, Self::Decimal(_)) => {
                Some(Self::Decimal(operation.on_decimals(&left.to_decimal(), &right.to_decimal())))
            }
            (Self::Double(_), _) | (_, Self::Double(_)) => {
                Some(Self::Double(operation.on_doubles(left.to_f64(), right.to_f64())))
            }
            (Self::Int(left), Self::Int(right)) => {
                operation.on_longs(i64::from(*left), i64::from(*right)).map(Self::narrow)
            }
            _ => operation.on_longs(left.to_i64()?, right.to_i64()?).map(Self::Long),
        }
    }

    /// The result in the wider of both types, as a double when an Int64 has no room for it.
    pub(super) fn widening(operation: Operation, left: &Self, right: &Self) -> Self {
        Self::checked(operation, left, right)
            .unwrap_or_else(|| Self::Double(operation.on_doubles(left.to_f64(), right.to_f64())))
    }

    /// An Int32 if it fits.
    pub(super) fn narrow(value: i64) -> Self {
        i32::try_from(value).map_or(Self::Long(value), Self::Int)
    }

    pub(super) fn to_f64(&self) -> f64 {
        match self {
            Self::Int(value) => f64::from(*value),
            Self::Long(value) => long_to_f64(*value),
            Self::Double(value) => *value,
            Self::Decimal(value) => value.to_f64(),
        }
    }

    /// As decimal arithmetic takes it: a double to 15 digits.
    pub(super) fn to_decimal(&self) -> Decimal {
        match self {
            Self::Int(value) => Decimal::from_i64(i64::from(*value)),
            Self::Long(value) => Decimal::from_i64(*value),
            Self::Double(value) => Decimal::to_15_digits(*value),
            Self::Decimal(value) => value.clone(),
        }
    }

    /// As comparison takes it: a double with all its digits.
    pub(super) fn to_exact(&self) -> Decimal {
        match self {
            Self::Double(value) => Decimal::exactly(*value),
            other => other.to_decimal(),
        }
    }

    /// The whole number it is, if it is one that an Int64 holds.
    pub(super) fn to_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(i64::from(*value)),
            Self::Long(value) => Some(*value),
            Self::Double(value) => f64_to_i64(*value).filter(|whole| long_to_f64(*whole) == *value),
            Self::Decimal(Decimal::Finite(finite)) => {
                let zeros = usize::try_from(finite.exponent).unwrap_or(0);
                let fraction = usize::try_from(finite.exponent.saturating_neg()).unwrap_or(0);
                let digits = &finite.digits;
                let split = digits.len().saturating_sub(fraction);
                let (whole, rest) = digits.split_at(split);
                if rest.iter().any(|digit| *digit != 0) || whole.len() + zeros > 19 && !digits.is_empty() {
                    return None;
                }
                let mut value: i128 = 0;
                for digit in whole.iter().copied().chain(std::iter::repeat_n(0, zeros.min(19))) {
                    value = value * 10 + i128::from(digit);
                }
                i64::try_from(if finite.negative { -value } else { value }).ok()
            }
            Self::Decimal(_) => None,
        }
    }

    /// The whole part, cut towards zero, if an Int64 holds it.
    pub(super) fn truncated(&self) -> Option<i64> {
        match self {
            Self::Double(value) => f64_to_i64(*value),
            Self::Decimal(Decimal::Finite(finite)) => {
                let whole = finite.rounded_to(0.max(finite.exponent), super::decimal::Rounding::TowardsZero);
                Self::Decimal(Decimal::Finite(whole)).to_i64()
            }
            other => other.to_i64(),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Int(value) => *value == 0,
            Self::Long(value) => *value == 0,
            Self::Double(value) => *value == 0.0,
            Self::Decimal(value) => value.is_zero(),
        }
    }

    pub(super) fn is_nan(&self) -> bool {
        match self {
            Self::Double(value) => value.is_nan(),
            Self::Decimal(value) => *value == Decimal::NaN,
            _ => false,
        }
    }

    pub(super) fn is_infinite(&self) -> bool {
        match self {
            Self::Double(value) => value.is_infinite(),
            Self::Decimal(value) => matches!(value, Decimal::Infinite { .. }),
            _ => false,
        }
    }

    pub(super) fn is_negative(&self) -> bool {
        match self {
            Self::Int(value) => *value < 0,
            Self::Long(value) => *value < 0,
            Self::Double(value) => *value < 0.0,
            Self::Decimal(value) => value.is_negative(),
        }
    }

    /// The order of numbers across their types: exact, NaN first and equal to itself.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => left.cmp(right),
            (Self::Int(left), Self::Long(right)) => i64::from(*left).cmp(right),
            (Self::Long(left), Self::Int(right)) => left.cmp(&i64::from(*right)),
            (Self::Long(left), Self::Long(right)) => left.cmp(right),
            (Self::Decimal(_), _) | (_, Self::Decimal(_)) => self.to_exact().compare(&other.to_exact()),
            (Self::Double(left), Self::Double(right)) => compare_doubles(*left, *right),
            (Self::Double(left), Self::Int(right)) => compare_doubles(*left, f64::from(*right)),
            (Self::Int(left), Self::Double(right)) => compare_doubles(f64::from(*left), *right),
            (Self::Double(left), Self::Long(right)) => compare_long(*right, *left).reverse(),
            (Self::Long(left), Self::Double(right)) => compare_long(*left, *right),
        }
    }
}

impl From<Number> for Bson {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(value) => Self::Int32(value),
            Number::Long(value) => Self::Int64(value),
            Number::Double(value) => Self::Double(value),
            Number::Decimal(value) => Self::Decimal128(value.to_decimal128()),
        }
    }
}

impl Operation {
    fn on_longs(self, left: i64, right: i64) -> Option<i64> {
        match self {
            Self::Add => left.checked_add(right),
            Self::Subtract => left.checked_sub(right),
            Self::Multiply => left.checked_mul(right),
        }
    }

    fn on_doubles(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
        }
    }

    fn on_decimals(self, left: &Decimal, right: &Decimal) -> Decimal {
        match self {
            Self::Add => left.add(right),
            Self::Subtract => left.add(&right.negated()),
            Self::Multiply => left.multiply(right),
        }
    }
}

/// The nearest double.
#[expect(
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "the nearest double is what is wanted"
)]
pub(super) fn long_to_f64(value: i64) -> f64 {
    value as f64
}

/// The whole part, cut towards zero, unless it is outside of an Int64.
#[expect(
    clippy::cast_possible_truncation,
    clippy::as_conversions,
    reason = "the range is checked, the fraction is to go"
)]
pub(super) fn f64_to_i64(value: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (-LIMIT..LIMIT).contains(&value).then_some(value as i64)
}

fn compare_doubles(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or_else(|| right.is_nan().cmp(&left.is_nan()))
}

fn compare_long(left: i64, right: f64) -> Ordering {
    match f64_to_i64(right) {
        Some(whole) => left.cmp(&whole).then_with(|| compare_doubles(0.0, right - long_to_f64(whole))),
        None if right > 0.0 => Ordering::Less,
        None => Ordering::Greater,
    }
}
