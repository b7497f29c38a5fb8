//! Decimal128 arithmetic: exact on digits, then rounded half to even to 34 of them (IEEE 754-2008, decimal128).

use std::cmp::Ordering;

use bson::Decimal128;

use super::digits;

/// How many digits a Decimal128 has.
const PRECISION: usize = 34;
/// The smallest exponent of the last digit.
const LEAST_EXPONENT: i32 = -6176;
/// The greatest exponent of the first digit.
const GREATEST_EXPONENT: i32 = 6144;

/// A decimal number: `digits × 10^exponent`, or one of the special values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decimal {
    NaN,
    Infinite { negative: bool },
    Finite(Finite),
}

/// A finite one. As many digits as it takes: only what is stored is rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finite {
    pub(super) negative: bool,
    /// Most significant first, no leading zeros; empty is zero.
    pub(super) digits: Vec<u8>,
    pub(super) exponent: i32,
}

impl Decimal {
    pub(super) fn from_i64(value: i64) -> Self {
        Self::finite(value < 0, &value.unsigned_abs().to_string(), 0)
    }

    /// The double's value, exactly.
    pub(super) fn exactly(value: f64) -> Self {
        Self::from_float(value, 766)
    }

    /// The double to 15 digits, as MongoDB takes it into decimal arithmetic.
    pub(super) fn to_15_digits(value: f64) -> Self {
        Self::from_float(value, 14)
    }

    /// Reads `-12.5E+3`, `NaN`, `Infinity` and what else has a decimal's form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        match rest.to_ascii_lowercase().as_str() {
            "nan" => return Some(Self::NaN),
            "inf" | "infinity" => return Some(Self::Infinite { negative }),
            _ => {}
        }
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let written = format!("{whole}{fraction}");
        if written.is_empty() || !written.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Self::finite(negative, &written, exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?))
    }

    pub(super) fn is_negative(&self) -> bool {
        match self {
            Self::NaN => false,
            Self::Infinite { negative } => *negative,
            Self::Finite(finite) => finite.negative && !finite.digits.is_empty(),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        matches!(self, Self::Finite(finite) if finite.digits.is_empty())
    }

    pub(super) fn negated(&self) -> Self {
        match self {
            Self::NaN => Self::NaN,
            Self::Infinite { negative } => Self::Infinite { negative: !negative },
            Self::Finite(finite) => Self::Finite(Finite { negative: !finite.negative, ..finite.clone() }),
        }
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::NaN, _) | (_, Self::NaN) => Self::NaN,
            (Self::Infinite { negative: left }, Self::Infinite { negative: right }) if left != right => {
                Self::NaN
            }
            (Self::Infinite { .. }, _) => self.clone(),
            (_, Self::Infinite { .. }) => other.clone(),
            (Self::Finite(left), Self::Finite(right)) => Self::Finite(left.add(right)).rounded(),
        }
    }

    pub(super) fn multiply(&self, other: &Self) -> Self {
        let negative = self.is_negative() != other.is_negative();
        match (self, other) {
            (Self::NaN, _) | (_, Self::NaN) => Self::NaN,
            (Self::Finite(left), Self::Finite(right)) => Self::Finite(Finite {
                negative,
                digits: digits::multiply(&left.digits, &right.digits),
                exponent: left.exponent.saturating_add(right.exponent),
            })
            .rounded(),
            _ if self.is_zero() || other.is_zero() => Self::NaN,
            _ => Self::Infinite { negative },
        }
    }

    /// `self / other`, to 34 digits. Division by zero is infinite, as IEEE 754 has it.
    pub(super) fn divide(&self, other: &Self) -> Self {
        let negative = self.is_negative() != other.is_negative();
        match (self, other) {
            (Self::NaN, _) | (_, Self::NaN) | (Self::Infinite { .. }, Self::Infinite { .. }) => Self::NaN,
            (Self::Infinite { .. }, _) => Self::Infinite { negative },
            (_, Self::Infinite { .. }) => Self::finite(negative, "", 0),
            _ if other.is_zero() => {
                if self.is_zero() {
                    Self::NaN
                } else {
                    Self::Infinite { negative }
                }
            }
            (Self::Finite(left), Self::Finite(right)) => Self::Finite(left.divide(right, negative)).rounded(),
        }
    }

    /// What is left of `self` after whole division by `other`, with the sign of `self`.
    pub(super) fn remainder(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Finite(_), Self::Infinite { .. }) => self.clone(),
            (Self::Finite(left), Self::Finite(right)) if !right.digits.is_empty() => {
                let exponent = left.exponent.min(right.exponent);
                let (_, rest) = digits::divide(&left.aligned(exponent), &right.aligned(exponent));
                Self::Finite(Finite { negative: left.negative, digits: rest, exponent }).rounded()
            }
            _ => Self::NaN,
        }
    }

    /// As it can be stored: at most 34 digits, and an exponent that a Decimal128 has.
    pub(super) fn rounded(self) -> Self {
        let Self::Finite(finite) = self else { return self };
        let surplus = finite.digits.len().saturating_sub(PRECISION);
        let least =
            finite.exponent.saturating_add(i32::try_from(surplus).unwrap_or(i32::MAX)).max(LEAST_EXPONENT);
        let finite =
            if finite.exponent < least { finite.rounded_to(least, Rounding::HalfEven) } else { finite };
        if !finite.digits.is_empty() && finite.magnitude() > GREATEST_EXPONENT + 1 {
            return Self::Infinite { negative: finite.negative };
        }
        if finite.digits.len() > PRECISION {
            return Self::Finite(finite).rounded();
        }
        Self::Finite(finite)
    }

    /// To a double, correctly rounded.
    pub(super) fn to_f64(&self) -> f64 {
        match self {
            Self::NaN => f64::NAN,
            Self::Infinite { negative } => {
                if *negative {
                    f64::NEG_INFINITY
                } else {
                    f64::INFINITY
                }
            }
            Self::Finite(finite) => finite.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    pub(super) fn to_decimal128(&self) -> Decimal128 {
        let text = match self.clone().rounded() {
            Self::NaN => "NaN".to_owned(),
            Self::Infinite { negative } => if negative { "-Infinity" } else { "Infinity" }.to_owned(),
            Self::Finite(finite) => finite.to_string(),
        };
        text.parse().unwrap_or_else(|_| Decimal128::from_bytes([0; 16]))
    }

    /// The order of numbers, NaN first and equal to itself.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Finite(left), Self::Finite(right)) => left.compare(right),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::NaN => 0,
            Self::Infinite { negative: true } => 1,
            Self::Finite(_) => 2,
            Self::Infinite { negative: false } => 3,
        }
    }

    fn finite(negative: bool, written: &str, exponent: i32) -> Self {
        let read: Vec<u8> = written.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
        Self::Finite(Finite { negative, digits: digits::trimmed(&read).to_vec(), exponent })
    }

    fn from_float(value: f64, places: usize) -> Self {
        if value.is_nan() {
            return Self::NaN;
        }
        if value.is_infinite() {
            return Self::Infinite { negative: value < 0.0 };
        }
        Self::parse(&format!("{value:.places$e}")).unwrap_or(Self::NaN)
    }
}

impl From<Decimal128> for Decimal {
    fn from(value: Decimal128) -> Self {
        Self::parse(&value.to_string()).unwrap_or(Self::NaN)
    }
}

/// What happens to the digits that go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    HalfEven,
    TowardsZero,
    Down,
    Up,
}

impl Finite {
    /// The place before the first digit: `0.d1d2d3… × 10^magnitude`.
    pub(super) fn magnitude(&self) -> i32 {
        self.exponent.saturating_add(i32::try_from(self.digits.len()).unwrap_or(i32::MAX))
    }

    /// The digits without the zeros at the end.
    pub(super) fn significant(&self) -> &[u8] {
        let zeros = self.digits.iter().rev().take_while(|digit| **digit == 0).count();
        self.digits.get(..self.digits.len() - zeros).unwrap_or_default()
    }

    /// Without digits behind the place `10^exponent`.
    pub(super) fn rounded_to(&self, exponent: i32, rounding: Rounding) -> Self {
        let Ok(surplus) = usize::try_from(exponent.saturating_sub(self.exponent)) else {
            return self.clone();
        };
        let split = self.digits.len().saturating_sub(surplus);
        let (kept, gone) = self.digits.split_at(split);
        let up = match rounding {
            Rounding::TowardsZero => false,
            Rounding::Down => self.negative && gone.iter().any(|digit| *digit != 0),
            Rounding::Up => !self.negative && gone.iter().any(|digit| *digit != 0),
            Rounding::HalfEven => match half(gone, surplus) {
                Ordering::Less => false,
                Ordering::Equal => kept.last().is_some_and(|digit| digit % 2 == 1),
                Ordering::Greater => true,
            },
        };
        let digits = if up { digits::add(kept, &[1]) } else { kept.to_vec() };
        Self { negative: self.negative, digits, exponent }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let (left, right) = (self.sign(), other.sign());
        if left != right || left == 0 {
            return left.cmp(&right);
        }
        let magnitude = self
            .magnitude()
            .cmp(&other.magnitude())
            .then_with(|| self.significant().cmp(other.significant()));
        if left < 0 { magnitude.reverse() } else { magnitude }
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    fn add(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let (left, right) = (self.aligned(exponent), other.aligned(exponent));
        if self.negative == other.negative {
            return Self { negative: self.negative, digits: digits::add(&left, &right), exponent };
        }
        match digits::compare(&left, &right) {
            Ordering::Less => {
                Self { negative: other.negative, digits: digits::subtract(&right, &left), exponent }
            }
            Ordering::Equal => Self { negative: false, digits: Vec::new(), exponent },
            Ordering::Greater => {
                Self { negative: self.negative, digits: digits::subtract(&left, &right), exponent }
            }
        }
    }

    fn divide(&self, other: &Self, negative: bool) -> Self {
        let preferred = self.exponent.saturating_sub(other.exponent);
        let zeros = PRECISION + 2 + other.digits.len();
        let (mut quotient, rest) = digits::divide(&digits::shifted(&self.digits, zeros), &other.digits);
        let mut exponent = preferred.saturating_sub(i32::try_from(zeros).unwrap_or(i32::MAX));
        if rest.is_empty() {
            while exponent < preferred && quotient.last() == Some(&0) {
                quotient.pop();
                exponent += 1;
            }
        } else {
            // A last digit that says "and a bit more", so that a half is not taken for an exact one.
            quotient.push(1);
            exponent -= 1;
        }
        Self { negative, digits: quotient, exponent }
    }

    /// The digits as if the exponent were `exponent`, which is not greater than it is.
    fn aligned(&self, exponent: i32) -> Vec<u8> {
        let zeros = usize::try_from(self.exponent.saturating_sub(exponent)).unwrap_or(0);
        digits::shifted(&self.digits, zeros)
    }
}

impl std::fmt::Display for Finite {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.negative {
            to.write_str("-")?;
        }
        if self.digits.is_empty() {
            to.write_str("0")?;
        }
        for digit in &self.digits {
            write!(to, "{digit}")?;
        }
        write!(to, "E{}", self.exponent)
    }
}

/// How the digits that go, `places` of them with the zeros before, stand to a half.
fn half(gone: &[u8], places: usize) -> Ordering {
    if gone.len() < places {
        return Ordering::Less;
    }
    match gone.split_first() {
        None => Ordering::Less,
        Some((first, rest)) => first.cmp(&5).then_with(|| {
            if rest.iter().any(|digit| *digit != 0) { Ordering::Greater } else { Ordering::Equal }
        }),
    }
}
