//! `$push`, `$addToSet`, `$pop`, `$pull`, `$pullAll`.

use std::sync::Arc;

use bson::{Bson, Document};

use super::super::compare::{compare, equal};
use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::filter::{ElementFilter, Filter};
use super::super::number::Number;
use super::super::pattern::Pattern;
use super::super::sort::Sort;
use super::super::types::name;
use super::action::{At, Change};

/// Which end `$pop` takes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// `$push` with its modifiers.
#[derive(Debug, Clone)]
pub(super) struct Push {
    values: Vec<Bson>,
    position: Option<i64>,
    order: Option<Order>,
    slice: Option<i64>,
}

#[derive(Debug, Clone)]
enum Order {
    Values { descending: bool },
    Fields(Sort),
}

/// Which elements `$pull` takes out.
#[derive(Debug, Clone)]
pub(super) enum Pull {
    Equal(Bson),
    Matching(Pattern),
    Passing(ElementFilter),
    Documents(Filter),
}

impl Push {
    pub(super) fn parse(operand: &Bson) -> Result<Self> {
        let plain =
            |value: &Bson| Self { values: vec![value.clone()], position: None, order: None, slice: None };
        let Bson::Document(document) = operand else { return Ok(plain(operand)) };
        let Some(each) = document.get("$each") else { return Ok(plain(operand)) };
        let Bson::Array(values) = each else {
            let found = name(each);
            return Err(QueryError::bad_value(format!(
                "The argument to $each in $push must be an array but it was of type: {found}"
            )));
        };
        let mut push = Self { values: values.clone(), position: None, order: None, slice: None };
        for (modifier, operand) in document {
            match modifier.as_str() {
                "$each" => {}
                "$position" => push.position = Some(whole("$position", operand)?),
                "$slice" => push.slice = Some(whole("$slice", operand)?),
                "$sort" => push.order = Some(order(operand)?),
                other => return Err(QueryError::bad_value(format!("Unrecognized clause in $push: {other}"))),
            }
        }
        Ok(push)
    }

    pub(super) fn change(&self, value: Option<&Bson>, at: &At<'_>) -> Result<Change> {
        let mut array = match value {
            None => Vec::new(),
            Some(Bson::Array(array)) => array.clone(),
            Some(other) => {
                let (field, found, id) = (at.field, name(other), at.id);
                return Err(QueryError::bad_value(format!(
                    "The field '{field}' must be an array but is of type {found} in document {{_id: {id}}}"
                )));
            }
        };
        let place = self.position.map_or(array.len(), |position| place(array.len(), position));
        array.splice(place..place, self.values.iter().cloned());
        if let Some(order) = &self.order {
            sort(&mut array, order)?;
        }
        if let Some(slice) = self.slice {
            cut(&mut array, slice);
        }
        Ok(Change::Put(Bson::Array(array)))
    }
}

fn whole(modifier: &str, operand: &Bson) -> Result<i64> {
    Number::of(operand).and_then(|number| number.to_i64()).ok_or_else(|| {
        let found = name(operand);
        QueryError::bad_value(format!(
            "The value for {modifier} must be an integer value but was given type: {found}"
        ))
    })
}

fn order(operand: &Bson) -> Result<Order> {
    if let Bson::Document(spec) = operand {
        if spec.is_empty() {
            return Err(QueryError::bad_value(
                "The sort pattern is empty when it should be a set of fields.",
            ));
        }
        return Ok(Order::Fields(
            Sort::parse(spec)
                .map_err(|_| QueryError::bad_value("The $sort element value must be either 1 or -1"))?,
        ));
    }
    match Number::of(operand).and_then(|number| number.to_i64()) {
        Some(1) => Ok(Order::Values { descending: false }),
        Some(-1) => Ok(Order::Values { descending: true }),
        _ => Err(QueryError::bad_value("The $sort element value must be either 1 or -1")),
    }
}

/// The place that a position means; a negative one counts from the end.
fn place(length: usize, position: i64) -> usize {
    let distance = usize::try_from(position.unsigned_abs()).unwrap_or(usize::MAX);
    if position < 0 { length.saturating_sub(distance) } else { distance.min(length) }
}

fn sort(array: &mut Vec<Bson>, order: &Order) -> Result<()> {
    match order {
        Order::Values { descending: false } => array.sort_by(compare),
        Order::Values { descending: true } => array.sort_by(|left, right| compare(right, left)),
        Order::Fields(sort) => {
            let empty = Document::new();
            let key = |item: &Bson| sort.key(item.as_document().unwrap_or(&empty));
            let keyed = std::mem::take(array).into_iter().map(|item| Ok((key(&item)?, item)));
            let mut keyed = keyed.collect::<Result<Vec<_>>>()?;
            keyed.sort_by(|left, right| left.0.cmp(&right.0));
            *array = keyed.into_iter().map(|(_, item)| item).collect();
        }
    }
    Ok(())
}

/// Keeps the first ones, or, if negative, the last ones.
fn cut(array: &mut Vec<Bson>, slice: i64) {
    let count = usize::try_from(slice.unsigned_abs()).unwrap_or(usize::MAX);
    if slice < 0 {
        array.drain(..array.len().saturating_sub(count));
    } else {
        array.truncate(count);
    }
}

pub(super) fn add_to_set(values: &[Bson], value: Option<&Bson>, at: &At<'_>) -> Result<Change> {
    let mut array = match value {
        None => Vec::new(),
        Some(Bson::Array(array)) => array.clone(),
        Some(other) => {
            let (field, found) = (at.field, name(other));
            return Err(QueryError::bad_value(format!(
                "Cannot apply $addToSet to non-array field. Field named '{field}' has non-array type {found}"
            )));
        }
    };
    for value in values {
        if !array.iter().any(|item| equal(item, value)) {
            array.push(value.clone());
        }
    }
    Ok(Change::Put(Bson::Array(array)))
}

pub(super) fn pop(end: End, value: Option<&Bson>, at: &At<'_>) -> Result<Change> {
    let mut array = match value {
        None => return Ok(Change::Keep),
        Some(Bson::Array(array)) => array.clone(),
        Some(other) => {
            let (field, found) = (at.field, name(other));
            return Err(QueryError::type_mismatch(format!(
                "Path '{field}' contains an element of non-array type '{found}'"
            )));
        }
    };
    match end {
        End::Last => drop(array.pop()),
        End::First if array.is_empty() => {}
        End::First => drop(array.remove(0)),
    }
    Ok(Change::Put(Bson::Array(array)))
}

pub(super) fn pull_all(values: &[Bson], value: Option<&Bson>) -> Result<Change> {
    without(value, "$pullAll", |item| Ok(values.iter().any(|value| equal(value, item))))
}

fn without(value: Option<&Bson>, operator: &str, goes: impl Fn(&Bson) -> Result<bool>) -> Result<Change> {
    let Some(value) = value else { return Ok(Change::Keep) };
    let Bson::Array(array) = value else {
        return Err(QueryError::bad_value(format!("Cannot apply {operator} to a non-array value")));
    };
    let mut kept = Vec::with_capacity(array.len());
    for item in array {
        if !goes(item)? {
            kept.push(item.clone());
        }
    }
    Ok(Change::Put(Bson::Array(kept)))
}

impl Pull {
    pub(super) fn parse(operand: &Bson, context: &Arc<Context>) -> Result<Self> {
        match operand {
            Bson::Document(document) => match document.keys().next() {
                Some(name)
                    if name.starts_with('$')
                        && !matches!(name.as_str(), "$and" | "$or" | "$nor" | "$expr") =>
                {
                    Ok(Self::Passing(Filter::parse_operators(document, context)?))
                }
                _ => Ok(Self::Documents(Filter::parse(document, context)?)),
            },
            Bson::RegularExpression(regex) => Ok(Self::Matching(Pattern::of(regex)?)),
            value => Ok(Self::Equal(value.clone())),
        }
    }

    pub(super) fn change(&self, value: Option<&Bson>) -> Result<Change> {
        without(value, "$pull", |item| self.takes(item))
    }

    fn takes(&self, item: &Bson) -> Result<bool> {
        match (self, item) {
            (Self::Equal(value), item) => Ok(equal(value, item)),
            (Self::Matching(pattern), item) => Ok(pattern.matches(item)),
            (Self::Passing(filter), item) => Ok(filter.matches(item)),
            (Self::Documents(filter), Bson::Document(document)) => filter.matches(document),
            (Self::Documents(_), _) => Ok(false),
        }
    }
}
