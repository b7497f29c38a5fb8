//! What an operator makes of the value at its path.

use bson::{Bson, Timestamp};

use super::super::compare::compare;
use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::number::{Number, Operation};
use super::super::types::name;
use super::Purpose;
use super::arrays::{self, End, Pull, Push};
use super::path::UpdatePath;

/// What is done at a path.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Set(Bson),
    SetOnInsert(Bson),
    Unset,
    Arithmetic(Operation, Number),
    Extreme(Extreme, Bson),
    RenamedFrom(UpdatePath),
    CurrentDate(Clock),
    Bits(Vec<(Bits, Bson)>),
    Push(Box<Push>),
    AddToSet(Vec<Bson>),
    Pop(End),
    Pull(Box<Pull>),
    PullAll(Vec<Bson>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extreme {
    Least,
    Greatest,
}

/// How `$currentDate` writes the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    Date,
    Timestamp,
}

/// An operation of `$bit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bits {
    And,
    Or,
    Xor,
}

/// What becomes of the value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Change {
    Keep,
    Put(Bson),
    Remove,
}

/// Where the value is, for messages and for what depends on the command.
pub(super) struct At<'a> {
    /// The last part of the path.
    pub(super) field: &'a str,
    /// The document's `_id`, as messages name it.
    pub(super) id: &'a Bson,
    pub(super) purpose: Purpose,
    pub(super) context: &'a Context,
}

impl Action {
    /// Whether it puts a value where there is none, and so makes the documents on the way there.
    pub(super) fn creates(&self, purpose: Purpose) -> bool {
        match self {
            Self::Unset | Self::Pop(_) | Self::Pull(_) | Self::PullAll(_) => false,
            Self::SetOnInsert(_) => purpose == Purpose::Insert,
            _ => true,
        }
    }

    /// What becomes of the value at the path.
    pub(super) fn change(&self, value: Option<&Bson>, at: &At<'_>) -> Result<Change> {
        match self {
            Self::Set(new) => Ok(Change::Put(new.clone())),
            Self::SetOnInsert(new) if at.purpose == Purpose::Insert => Ok(Change::Put(new.clone())),
            Self::SetOnInsert(_) | Self::RenamedFrom(_) => Ok(Change::Keep),
            Self::Unset => Ok(Change::Remove),
            Self::Arithmetic(operation, operand) => arithmetic(*operation, operand, value, at),
            Self::Extreme(extreme, operand) => Ok(outdone(*extreme, operand, value)),
            Self::CurrentDate(clock) => Ok(Change::Put(now(*clock, at.context))),
            Self::Bits(operations) => bits(operations, value, at),
            Self::Push(push) => push.change(value, at),
            Self::AddToSet(values) => arrays::add_to_set(values, value, at),
            Self::Pop(end) => arrays::pop(*end, value, at),
            Self::Pull(pull) => pull.change(value),
            Self::PullAll(values) => arrays::pull_all(values, value),
        }
    }
}

fn arithmetic(operation: Operation, operand: &Number, value: Option<&Bson>, at: &At<'_>) -> Result<Change> {
    let operator = if operation == Operation::Add { "$inc" } else { "$mul" };
    let Some(value) = value else {
        let start = match operation {
            Operation::Multiply => Number::checked(Operation::Multiply, operand, &Number::Int(0)),
            _ => Some(operand.clone()),
        };
        return Ok(start.map_or(Change::Keep, |start| Change::Put(start.into())));
    };
    let wrong = || {
        let (id, field, found) = (at.id, at.field, name(value));
        QueryError::type_mismatch(format!(
            "Cannot apply {operator} to a value of non-numeric type. {{_id: {id}}} has the field '{field}' of non-numeric type {found}"
        ))
    };
    let number = Number::of(value).ok_or_else(wrong)?;
    let result = Number::checked(operation, &number, operand).ok_or_else(|| {
        let id = at.id;
        QueryError::bad_value(format!("Failed to apply {operator} operations to current value ((NumberLong){value}) for document {{_id: {id}}}"))
    })?;
    Ok(Change::Put(result.into()))
}

fn outdone(extreme: Extreme, operand: &Bson, value: Option<&Bson>) -> Change {
    let replace = value.is_none_or(|value| match extreme {
        Extreme::Least => compare(operand, value).is_lt(),
        Extreme::Greatest => compare(operand, value).is_gt(),
    });
    if replace { Change::Put(operand.clone()) } else { Change::Keep }
}

fn now(clock: Clock, context: &Context) -> Bson {
    match clock {
        Clock::Date => Bson::DateTime(context.now),
        Clock::Timestamp => {
            let seconds = context.now.timestamp_millis().div_euclid(1000);
            Bson::Timestamp(Timestamp { time: u32::try_from(seconds).unwrap_or(u32::MAX), increment: 1 })
        }
    }
}

fn bits(operations: &[(Bits, Bson)], value: Option<&Bson>, at: &At<'_>) -> Result<Change> {
    let mut result = match value {
        None => Bson::Int32(0),
        Some(value @ (Bson::Int32(_) | Bson::Int64(_))) => value.clone(),
        Some(other) => {
            let (id, field, found) = (at.id, at.field, name(other));
            return Err(QueryError::bad_value(format!(
                "Cannot apply $bit to a value of non-integral type.{{_id: {id}}} has the field {field} of non-integer type {found}"
            )));
        }
    };
    for (operation, operand) in operations {
        let combine = |left: i64, right: i64| match operation {
            Bits::And => left & right,
            Bits::Or => left | right,
            Bits::Xor => left ^ right,
        };
        result = match (&result, operand) {
            (Bson::Int32(left), Bson::Int32(right)) => {
                Number::narrow(combine(i64::from(*left), i64::from(*right))).into()
            }
            (left, right) => {
                let whole = |value: &Bson| Number::of(value).and_then(|number| number.to_i64()).unwrap_or(0);
                Bson::Int64(combine(whole(left), whole(right)))
            }
        };
    }
    Ok(Change::Put(result))
}
