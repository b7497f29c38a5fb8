//! The first, last, least and greatest elements of an array.

use bson::Bson;

use super::super::super::compare::compare;
use super::super::super::error::{QueryError, Result};
use super::super::super::types::optional_name;
use super::super::functions::operand;
use super::super::{Value, nullish};
use super::{place, whole};

/// Which elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    First,
    Last,
    Least,
    Greatest,
}

/// `$first` and `$last`: the element at 0 or -1.
pub(super) fn end(name: &str, operands: &[Value], at: i64) -> Result<Value> {
    match operand(operands, 0) {
        Some(Bson::Array(array)) => Ok(place(array.len(), at).and_then(|at| array.get(at)).cloned()),
        value if nullish(value) => Ok(Some(Bson::Null)),
        value => {
            let found = optional_name(value);
            Err(QueryError::new(28689, format!("{name}'s argument must be an array, but is {found}")))
        }
    }
}

/// `$firstN` and its like.
pub(super) fn several(name: &str, operands: &[Value], which: Which) -> Result<Value> {
    let count = whole(operands, 0)
        .and_then(|count| usize::try_from(count).ok())
        .filter(|count| *count > 0)
        .ok_or_else(|| {
        QueryError::new(5_787_902, format!("Value for 'n' must be a positive integral value in {name}"))
    })?;
    let Some(Bson::Array(array)) = operand(operands, 1) else {
        let found = optional_name(operand(operands, 1));
        return Err(QueryError::new(5_788_200, format!("Input must be an array, found: {found}")));
    };
    let mut array = array.clone();
    if matches!(which, Which::Least | Which::Greatest) {
        array.retain(|item| !nullish(Some(item)));
        array.sort_by(compare);
    }
    match which {
        Which::First | Which::Least => array.truncate(count),
        Which::Last => drop(array.drain(..array.len().saturating_sub(count))),
        Which::Greatest => {
            array.reverse();
            array.truncate(count);
        }
    }
    Ok(Some(Bson::Array(array)))
}
