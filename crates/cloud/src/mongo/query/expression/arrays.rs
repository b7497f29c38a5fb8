//! Arrays.

mod ends;
mod rebuild;

use bson::Bson;

use super::super::compare::equal;
use super::super::error::{QueryError, Result};
use super::super::number::Number;
use super::super::types::optional_name;
use super::functions::{Arity, Function, Parameter, exactly, operand};
use super::strings::int;
use super::{Value, nullish};

const N: Arity = Arity::Named(&[Parameter::Required("n"), Parameter::Required("input")]);

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("$arrayElemAt", 2, element_at),
    exactly("$first", 1, |name, operands| ends::end(name, operands, 0)),
    exactly("$last", 1, |name, operands| ends::end(name, operands, -1)),
    Function {
        name: "$firstN",
        arity: N,
        run: |name, operands| ends::several(name, operands, ends::Which::First),
    },
    Function {
        name: "$lastN",
        arity: N,
        run: |name, operands| ends::several(name, operands, ends::Which::Last),
    },
    Function {
        name: "$minN",
        arity: N,
        run: |name, operands| ends::several(name, operands, ends::Which::Least),
    },
    Function {
        name: "$maxN",
        arity: N,
        run: |name, operands| ends::several(name, operands, ends::Which::Greatest),
    },
    Function { name: "$concatArrays", arity: Arity::AtLeast(0), run: concat },
    exactly("$in", 2, contains),
    Function { name: "$indexOfArray", arity: Arity::Between(2, 4), run: index_of },
    exactly("$isArray", 1, |_, operands| {
        super::boolean::boolean(matches!(operand(operands, 0), Some(Bson::Array(_))))
    }),
    Function { name: "$range", arity: Arity::Between(2, 3), run: rebuild::range },
    exactly("$reverseArray", 1, rebuild::reverse),
    exactly("$size", 1, size),
    Function { name: "$slice", arity: Arity::Between(2, 3), run: rebuild::slice },
    Function {
        name: "$sortArray",
        arity: Arity::Named(&[Parameter::Required("input"), Parameter::Required("sortBy")]),
        run: rebuild::sort,
    },
    Function {
        name: "$zip",
        arity: Arity::Named(&[
            Parameter::Required("inputs"),
            Parameter::Optional("useLongestLength"),
            Parameter::Optional("defaults"),
        ]),
        run: rebuild::zip,
    },
    exactly("$arrayToObject", 1, rebuild::to_object),
    exactly("$objectToArray", 1, rebuild::of_object),
];

/// The whole number at a place.
fn whole(operands: &[Value], place: usize) -> Option<i64> {
    operand(operands, place).and_then(Number::of).and_then(|number| number.to_i64())
}

/// The place from the front, or, if negative, from the end.
fn place(length: usize, at: i64) -> Option<usize> {
    let from_end = usize::try_from(at.unsigned_abs()).ok()?;
    if at < 0 { length.checked_sub(from_end) } else { Some(from_end) }
}

fn element_at(name: &str, operands: &[Value]) -> Result<Value> {
    let (array, at) = (operand(operands, 0), operand(operands, 1));
    if nullish(array) || nullish(at) {
        return Ok(Some(Bson::Null));
    }
    let Some(Bson::Array(array)) = array else {
        let found = optional_name(array);
        return Err(QueryError::new(
            28689,
            format!("{name}'s first argument must be an array, but is {found}"),
        ));
    };
    if at.and_then(Number::of).is_none() {
        let found = optional_name(at);
        return Err(QueryError::new(
            28690,
            format!("{name}'s second argument must be a numeric value, but is {found}"),
        ));
    }
    let at = whole(operands, 1).ok_or_else(|| {
        QueryError::new(28691, format!("{name}'s second argument must be representable as a 32-bit integer"))
    })?;
    Ok(place(array.len(), at).and_then(|at| array.get(at)).cloned())
}

fn concat(name: &str, operands: &[Value]) -> Result<Value> {
    let mut whole = Vec::new();
    for value in operands {
        match value.as_ref() {
            Some(Bson::Array(array)) => whole.extend(array.iter().cloned()),
            value if nullish(value) => return Ok(Some(Bson::Null)),
            value => {
                let found = optional_name(value);
                return Err(QueryError::new(28664, format!("{name} only supports arrays, not {found}")));
            }
        }
    }
    Ok(Some(Bson::Array(whole)))
}

fn contains(name: &str, operands: &[Value]) -> Result<Value> {
    let Some(Bson::Array(array)) = operand(operands, 1) else {
        let found = optional_name(operand(operands, 1));
        return Err(QueryError::new(
            40081,
            format!("{name} requires an array as a second argument, found: {found}"),
        ));
    };
    let sought = operand(operands, 0);
    super::boolean::boolean(sought.is_some_and(|sought| array.iter().any(|item| equal(item, sought))))
}

fn index_of(name: &str, operands: &[Value]) -> Result<Value> {
    let array = match operand(operands, 0) {
        Some(Bson::Array(array)) => array,
        value if nullish(value) => return Ok(Some(Bson::Null)),
        value => {
            let found = optional_name(value);
            return Err(QueryError::new(
                40090,
                format!("{name} requires an array as a first argument, found: {found}"),
            ));
        }
    };
    let Some((start, end)) = super::strings::range(name, operands, array.len())? else {
        return Ok(Some(Bson::Int32(-1)));
    };
    let sought = operand(operands, 1).unwrap_or(&Bson::Null);
    let found = array.iter().take(end).skip(start).position(|item| equal(item, sought));
    Ok(Some(found.map_or(Bson::Int32(-1), |at| int(start + at))))
}

fn size(name: &str, operands: &[Value]) -> Result<Value> {
    match operand(operands, 0) {
        Some(Bson::Array(array)) => Ok(Some(int(array.len()))),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(
                17124,
                format!("The argument to {name} must be an array, but was of type: {found}"),
            ))
        }
    }
}
