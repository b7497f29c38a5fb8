//! Comparison and negation.

use std::cmp::Ordering;

use bson::Bson;

use super::super::compare::compare_optional;
use super::super::error::Result;
use super::functions::{Function, exactly, operand};
use super::{Value, truthy};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("$eq", 2, |_, operands| boolean(order(operands).is_eq())),
    exactly("$ne", 2, |_, operands| boolean(order(operands).is_ne())),
    exactly("$gt", 2, |_, operands| boolean(order(operands).is_gt())),
    exactly("$gte", 2, |_, operands| boolean(order(operands).is_ge())),
    exactly("$lt", 2, |_, operands| boolean(order(operands).is_lt())),
    exactly("$lte", 2, |_, operands| boolean(order(operands).is_le())),
    exactly("$cmp", 2, |_, operands| Ok(Some(Bson::Int32(i32::from(sign(order(operands))))))),
    exactly("$not", 1, |_, operands| boolean(!truthy(operand(operands, 0)))),
];

/// A boolean as the result of an operator.
pub(super) fn boolean(value: bool) -> Result<Value> {
    Ok(Some(Bson::Boolean(value)))
}

fn order(operands: &[Value]) -> Ordering {
    compare_optional(operand(operands, 0), operand(operands, 1))
}

fn sign(order: Ordering) -> i8 {
    match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}
