//! Arrays as sets: without order, each value once.

use bson::Bson;

use super::super::compare::{compare, equal};
use super::super::error::{QueryError, Result};
use super::super::types::optional_name;
use super::boolean::boolean;
use super::functions::{Arity, Function, exactly, operand};
use super::{Value, nullish, truthy};

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "$setUnion", arity: Arity::AtLeast(0), run: union },
    Function { name: "$setIntersection", arity: Arity::AtLeast(0), run: intersection },
    exactly("$setDifference", 2, difference),
    Function { name: "$setEquals", arity: Arity::AtLeast(2), run: equals },
    exactly("$setIsSubset", 2, is_subset),
    exactly("$anyElementTrue", 1, |name, operands| {
        boolean(elements(name, 17041, operand(operands, 0))?.iter().any(|item| truthy(Some(item))))
    }),
    exactly("$allElementsTrue", 1, |name, operands| {
        boolean(elements(name, 17040, operand(operands, 0))?.iter().all(|item| truthy(Some(item))))
    }),
];

/// The values in order, each once.
fn set(array: &[Bson]) -> Vec<Bson> {
    let mut set = array.to_vec();
    set.sort_by(compare);
    set.dedup_by(|left, right| equal(left, right));
    set
}

fn has(set: &[Bson], value: &Bson) -> bool {
    set.binary_search_by(|item| compare(item, value)).is_ok()
}

fn elements<'a>(name: &str, code: i32, value: Option<&'a Bson>) -> Result<&'a [Bson]> {
    match value {
        Some(Bson::Array(array)) => Ok(array),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(code, format!("{name}'s argument must be an array, but is {found}")))
        }
    }
}

/// All operands as sets; nothing if one is null.
fn sets(name: &str, code: i32, operands: &[Value]) -> Result<Option<Vec<Vec<Bson>>>> {
    let mut sets = Vec::with_capacity(operands.len());
    for value in operands {
        match value.as_ref() {
            Some(Bson::Array(array)) => sets.push(set(array)),
            value if nullish(value) => return Ok(None),
            value => {
                let found = optional_name(value);
                return Err(QueryError::new(
                    code,
                    format!("All operands of {name} must be arrays. One argument is of type: {found}"),
                ));
            }
        }
    }
    Ok(Some(sets))
}

fn union(name: &str, operands: &[Value]) -> Result<Value> {
    let union = sets(name, 17043, operands)?.map(|sets| Bson::Array(set(&sets.concat())));
    Ok(Some(union.unwrap_or(Bson::Null)))
}

fn intersection(name: &str, operands: &[Value]) -> Result<Value> {
    let Some(sets) = sets(name, 17047, operands)? else { return Ok(Some(Bson::Null)) };
    let Some((first, others)) = sets.split_first() else { return Ok(Some(Bson::Array(Vec::new()))) };
    let common = first.iter().filter(|item| others.iter().all(|other| has(other, item)));
    Ok(Some(Bson::Array(common.cloned().collect())))
}

fn difference(name: &str, operands: &[Value]) -> Result<Value> {
    let (left, right) = (operand(operands, 0), operand(operands, 1));
    if nullish(left) || nullish(right) {
        return Ok(Some(Bson::Null));
    }
    let right = set(elements(name, 17049, right)?);
    let mut kept: Vec<Bson> = Vec::new();
    for item in elements(name, 17048, left)? {
        if !has(&right, item) && !kept.iter().any(|one| equal(one, item)) {
            kept.push(item.clone());
        }
    }
    Ok(Some(Bson::Array(kept)))
}

fn equals(name: &str, operands: &[Value]) -> Result<Value> {
    let all = operands
        .iter()
        .map(|value| Ok(set(elements(name, 17044, value.as_ref())?)))
        .collect::<Result<Vec<_>>>()?;
    let same = |left: &[Bson], right: &[Bson]| {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
    };
    boolean(all.windows(2).all(|pair| matches!(pair, [left, right] if same(left, right))))
}

fn is_subset(name: &str, operands: &[Value]) -> Result<Value> {
    let right = set(elements(name, 17042, operand(operands, 1))?);
    boolean(elements(name, 17046, operand(operands, 0))?.iter().all(|item| has(&right, item)))
}
