//! Operators that make another array, or an array of something else.

use bson::{Bson, Document, bson};

use super::super::super::compare::compare;
use super::super::super::error::{QueryError, Result};
use super::super::super::number::Number;
use super::super::super::sort::Sort;
use super::super::super::types::optional_name;
use super::super::functions::operand;
use super::super::{Value, nullish, truthy};
use super::{place, whole};

/// How many elements `$range` makes at most: what fits into 64 MiB, as MongoDB's limit of memory.
const LONGEST: i64 = 4_000_000;

pub(super) fn range(name: &str, operands: &[Value]) -> Result<Value> {
    let bound = |place: usize, code, what: &str| {
        whole(operands, place).filter(|value| i32::try_from(*value).is_ok()).ok_or_else(|| {
            QueryError::new(
                code,
                format!("{name} requires a {what} that can be represented as a 32-bit integer"),
            )
        })
    };
    let (start, end) = (bound(0, 34443, "starting value")?, bound(1, 34445, "ending value")?);
    let step = if operands.len() > 2 { bound(2, 34447, "step value")? } else { 1 };
    if step == 0 {
        return Err(QueryError::new(34449, format!("{name} requires a non-zero step value")));
    }
    let count = ((end - start + step - step.signum()) / step).max(0);
    if count > LONGEST {
        return Err(QueryError::new(
            146,
            format!("{name} would use too much memory; the limit is {LONGEST} elements"),
        ));
    }
    Ok(Some(Bson::Array((0..count).map(|at| Number::narrow(start + at * step).into()).collect())))
}

pub(super) fn reverse(name: &str, operands: &[Value]) -> Result<Value> {
    match operand(operands, 0) {
        Some(Bson::Array(array)) => Ok(Some(Bson::Array(array.iter().rev().cloned().collect()))),
        value if nullish(value) => Ok(Some(Bson::Null)),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(
                34435,
                format!("The argument to {name} must be an array, but was of type: {found}"),
            ))
        }
    }
}

pub(super) fn slice(name: &str, operands: &[Value]) -> Result<Value> {
    if operands.iter().any(|value| nullish(value.as_ref())) {
        return Ok(Some(Bson::Null));
    }
    let Some(Bson::Array(array)) = operand(operands, 0) else {
        let found = optional_name(operand(operands, 0));
        return Err(QueryError::new(
            28724,
            format!("First argument to {name} must be an array, but is of type: {found}"),
        ));
    };
    let number = |at: usize, code, what: &str| {
        whole(operands, at).ok_or_else(|| {
            QueryError::new(
                code,
                format!("{what} argument to {name} must be numeric and representable as a 32-bit integer"),
            )
        })
    };
    let (start, count) = if operands.len() == 2 {
        let count = number(1, 28725, "Second")?;
        let start = if count < 0 { place(array.len(), count).unwrap_or(0) } else { 0 };
        (start, count.unsigned_abs())
    } else {
        let count = number(2, 28727, "Third")?;
        if count <= 0 {
            return Err(QueryError::new(
                28729,
                format!("Third argument to {name} must be positive: {count}"),
            ));
        }
        (place(array.len(), number(1, 28725, "Second")?).unwrap_or(0), count.unsigned_abs())
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    Ok(Some(Bson::Array(array.iter().skip(start).take(count).cloned().collect())))
}

pub(super) fn sort(name: &str, operands: &[Value]) -> Result<Value> {
    let mut array = match operand(operands, 0) {
        Some(Bson::Array(array)) => array.clone(),
        value if nullish(value) => return Ok(Some(Bson::Null)),
        value => {
            let found = optional_name(value);
            return Err(QueryError::new(
                2_942_504,
                format!("The input argument to {name} must be an array, but was of type: {found}"),
            ));
        }
    };
    match operand(operands, 1) {
        Some(Bson::Document(spec)) => {
            let sort = Sort::parse(spec)?;
            let key = |item: &Bson| {
                item.as_document().map_or_else(|| sort.key(&Document::new()), |item| sort.key(item))
            };
            let mut keyed =
                array.into_iter().map(|item| Ok((key(&item)?, item))).collect::<Result<Vec<_>>>()?;
            keyed.sort_by(|left, right| left.0.cmp(&right.0));
            array = keyed.into_iter().map(|(_, item)| item).collect();
        }
        direction => match direction.and_then(Number::of).and_then(|number| number.to_i64()) {
            Some(1) => array.sort_by(compare),
            Some(-1) => array.sort_by(|left, right| compare(right, left)),
            _ => {
                return Err(QueryError::new(
                    15975,
                    "$sort key ordering must be 1 (for ascending) or -1 (for descending)",
                ));
            }
        },
    }
    Ok(Some(Bson::Array(array)))
}

pub(super) fn zip(name: &str, operands: &[Value]) -> Result<Value> {
    let Some(Bson::Array(inputs)) = operand(operands, 0) else {
        return Err(QueryError::new(
            34461,
            format!("inputs must be an array of expressions, found {}", optional_name(operand(operands, 0))),
        ));
    };
    let mut arrays = Vec::with_capacity(inputs.len());
    for input in inputs {
        match input {
            Bson::Array(array) => arrays.push(array),
            Bson::Null | Bson::Undefined => return Ok(Some(Bson::Null)),
            other => {
                let found = optional_name(Some(other));
                return Err(QueryError::new(
                    34468,
                    format!("{name} found a non-array expression in input: {found}"),
                ));
            }
        }
    }
    let longest = truthy(operand(operands, 1));
    let defaults = operand(operands, 2).and_then(Bson::as_array);
    if defaults.is_some() && !longest {
        return Err(QueryError::new(34466, "cannot specify defaults unless useLongestLength is true"));
    }
    if defaults.is_some_and(|defaults| defaults.len() != arrays.len()) {
        return Err(QueryError::new(34467, "defaults and inputs must have the same length"));
    }
    let lengths = arrays.iter().map(|array| array.len());
    let length = if longest { lengths.max() } else { lengths.min() }.unwrap_or(0);
    let item = |at: usize, input: usize, array: &[Bson]| {
        let default = || defaults.and_then(|defaults| defaults.get(input)).unwrap_or(&Bson::Null);
        array.get(at).unwrap_or_else(default).clone()
    };
    let row =
        |at| Bson::Array(arrays.iter().enumerate().map(|(input, array)| item(at, input, array)).collect());
    Ok(Some(Bson::Array((0..length).map(row).collect())))
}

pub(super) fn to_object(name: &str, operands: &[Value]) -> Result<Value> {
    let array = match operand(operands, 0) {
        Some(Bson::Array(array)) => array,
        value if nullish(value) => return Ok(Some(Bson::Null)),
        value => {
            let found = optional_name(value);
            return Err(QueryError::new(40386, format!("{name} requires an array input, found: {found}")));
        }
    };
    let mut object = Document::new();
    for pair in array {
        let (key, value) = match pair {
            Bson::Array(pair) => match pair.as_slice() {
                [key, value] => (key, value),
                _ => {
                    return Err(QueryError::new(
                        40397,
                        format!(
                            "{name} requires an array of size 2 arrays,found array of size: {}",
                            pair.len()
                        ),
                    ));
                }
            },
            Bson::Document(pair) => match (pair.get("k"), pair.get("v"), pair.len()) {
                (Some(key), Some(value), 2) => (key, value),
                _ => {
                    return Err(QueryError::new(
                        40392,
                        format!(
                            "{name} requires an object keys of 'k' and 'v'. Found incorrect number of keys:{}",
                            pair.len()
                        ),
                    ));
                }
            },
            other => {
                let found = optional_name(Some(other));
                return Err(QueryError::new(
                    40391,
                    format!("Unrecognised input type format for {name}: {found}"),
                ));
            }
        };
        let Bson::String(key) = key else {
            let found = optional_name(Some(key));
            return Err(QueryError::new(
                40395,
                format!(
                    "{name} requires an array of key-value pairs, where the key must be of type string. Found key type: {found}"
                ),
            ));
        };
        object.insert(key.clone(), value.clone());
    }
    Ok(Some(Bson::Document(object)))
}

pub(super) fn of_object(name: &str, operands: &[Value]) -> Result<Value> {
    match operand(operands, 0) {
        Some(Bson::Document(object)) => {
            let pairs = object.iter().map(|(key, value)| bson!({ "k": key.clone(), "v": value.clone() }));
            Ok(Some(Bson::Array(pairs.collect())))
        }
        value if nullish(value) => Ok(Some(Bson::Null)),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(40390, format!("{name} requires a document input, found: {found}")))
        }
    }
}
