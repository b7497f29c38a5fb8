//! `$bitsAllSet`, `$bitsAnySet`, `$bitsAllClear`, `$bitsAnyClear`.

use bson::Bson;

use super::super::error::{QueryError, Result};
use super::super::number::Number;

/// A test of the bits of a number or a binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Bits {
    quantity: Quantity,
    state: State,
    /// The positions; those from 64 on are the sign's in a number.
    positions: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    All,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Set,
    Clear,
}

impl Bits {
    /// Reads the operand of the operator: a mask as a number or as a binary, or positions in an array.
    pub(super) fn parse(operator: &str, operand: &Bson) -> Result<Self> {
        let (quantity, state) = match operator {
            "$bitsAllSet" => (Quantity::All, State::Set),
            "$bitsAnySet" => (Quantity::Any, State::Set),
            "$bitsAllClear" => (Quantity::All, State::Clear),
            _ => (Quantity::Any, State::Clear),
        };
        Ok(Self { quantity, state, positions: positions(operator, operand)? })
    }

    pub(super) fn match_value(&self, value: &Bson) -> bool {
        let bit: Box<dyn Fn(usize) -> bool> = match value {
            Bson::Binary(binary) => Box::new(|at| binary_bit(&binary.bytes, at)),
            _ => match Number::of(value).and_then(|number| number.to_i64()) {
                Some(number) => Box::new(move |at| number >> at.min(63) & 1 == 1),
                None => return false,
            },
        };
        let passes = |at: &usize| bit(*at) == (self.state == State::Set);
        match self.quantity {
            Quantity::All => self.positions.iter().all(passes),
            Quantity::Any => self.positions.iter().any(passes),
        }
    }
}

fn positions(operator: &str, operand: &Bson) -> Result<Vec<usize>> {
    match operand {
        Bson::Array(array) => array.iter().map(|one| position(operator, one)).collect(),
        Bson::Binary(binary) => {
            Ok((0..binary.bytes.len() * 8).filter(|at| binary_bit(&binary.bytes, *at)).collect())
        }
        other => {
            let number = Number::of(other).ok_or_else(|| {
                QueryError::bad_value(format!(
                    "{operator} takes an Array, a number, or a BinData but received: {operator}: {other}"
                ))
            })?;
            let mask = number.to_i64().filter(|mask| *mask >= 0).ok_or_else(|| {
                QueryError::failed_to_parse(format!("Expected a non-negative number in: {operator}: {other}"))
            })?;
            Ok((0..63).filter(|at| mask >> at & 1 == 1).collect())
        }
    }
}

fn position(operator: &str, value: &Bson) -> Result<usize> {
    let wrong = || {
        QueryError::failed_to_parse(format!(
            "Failed to parse bit position. Expected a non-negative number in: {operator}: {value}"
        ))
    };
    let position = Number::of(value).and_then(|number| number.to_i64()).ok_or_else(wrong)?;
    usize::try_from(position).map_err(|_| wrong())
}

fn binary_bit(bytes: &[u8], at: usize) -> bool {
    bytes.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
}
