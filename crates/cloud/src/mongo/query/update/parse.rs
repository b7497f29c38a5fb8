//! Documents of update operators → modifications of paths.

use std::sync::Arc;

use bson::{Bson, Document};

use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::number::{Number, Operation};
use super::super::types::name;
use super::action::{Action, Bits, Clock, Extreme};
use super::arrays::{End, Pull, Push};
use super::path::{Part, UpdatePath};

/// What happens at one path.
#[derive(Debug, Clone)]
pub(super) struct Modification {
    pub(super) path: UpdatePath,
    pub(super) action: Action,
}

/// Parses all operators; the modifications come in the order in which they are applied.
pub(super) fn operators(update: &Document, context: &Arc<Context>) -> Result<Vec<Modification>> {
    let mut modifications: Vec<Modification> = Vec::new();
    for (operator, operand) in update {
        let Bson::Document(fields) = operand else {
            if !operator.starts_with('$') || !KNOWN.contains(&operator.as_str()) {
                return Err(unknown(operator));
            }
            return Err(QueryError::failed_to_parse(format!(
                "Modifiers operate on fields but we found type {} instead. For example: {{$mod: {{<field>: ...}}}} not \
                 {{{operator}: {operand}}}",
                name(operand)
            )));
        };
        for (path, operand) in fields {
            for modification in field(operator, path, operand, context)? {
                check_conflict(&modifications, &modification)?;
                modifications.push(modification);
            }
        }
        if !KNOWN.contains(&operator.as_str()) {
            return Err(unknown(operator));
        }
    }
    modifications.sort_by(|left, right| left.path.order(&right.path));
    Ok(modifications)
}

const KNOWN: &[&str] = &[
    "$set",
    "$unset",
    "$inc",
    "$mul",
    "$min",
    "$max",
    "$rename",
    "$setOnInsert",
    "$currentDate",
    "$push",
    "$addToSet",
    "$pop",
    "$pull",
    "$pullAll",
    "$bit",
];

fn unknown(operator: &str) -> QueryError {
    QueryError::failed_to_parse(format!(
        "Unknown modifier: {operator}. Expected a valid update modifier or pipeline-style update specified as an array"
    ))
}

fn check_conflict(earlier: &[Modification], new: &Modification) -> Result<()> {
    match earlier.iter().find_map(|one| one.path.conflict(&new.path)) {
        Some(at) => {
            let path = &new.path;
            Err(QueryError::new(40, format!("Updating the path '{path}' would create a conflict at '{at}'")))
        }
        None => Ok(()),
    }
}

fn field(operator: &str, path: &str, operand: &Bson, context: &Arc<Context>) -> Result<Vec<Modification>> {
    let action = match operator {
        "$set" => Action::Set(operand.clone()),
        "$setOnInsert" => Action::SetOnInsert(operand.clone()),
        "$unset" => Action::Unset,
        "$inc" => arithmetic(Operation::Add, path, operand)?,
        "$mul" => arithmetic(Operation::Multiply, path, operand)?,
        "$min" => Action::Extreme(Extreme::Least, operand.clone()),
        "$max" => Action::Extreme(Extreme::Greatest, operand.clone()),
        "$currentDate" => Action::CurrentDate(clock(operand)?),
        "$bit" => Action::Bits(bits(path, operand)?),
        "$push" => Action::Push(Box::new(Push::parse(operand)?)),
        "$addToSet" => Action::AddToSet(each(operand)?),
        "$pop" => Action::Pop(end(operand)?),
        "$pull" => Action::Pull(Box::new(Pull::parse(operand, context)?)),
        "$pullAll" => match operand {
            Bson::Array(values) => Action::PullAll(values.clone()),
            other => {
                let found = name(other);
                return Err(QueryError::bad_value(format!(
                    "$pullAll requires an array argument but was given a {found}"
                )));
            }
        },
        "$rename" => return rename(path, operand),
        _ => return Err(unknown(operator)),
    };
    Ok(vec![Modification { path: UpdatePath::parse(path)?, action }])
}

fn arithmetic(operation: Operation, path: &str, operand: &Bson) -> Result<Action> {
    let verb = if operation == Operation::Add { "increment" } else { "multiply" };
    let wrong = || {
        QueryError::type_mismatch(format!("Cannot {verb} with non-numeric argument: {{{path}: {operand}}}"))
    };
    Ok(Action::Arithmetic(operation, Number::of(operand).ok_or_else(wrong)?))
}

fn clock(operand: &Bson) -> Result<Clock> {
    match operand {
        Bson::Boolean(_) => Ok(Clock::Date),
        Bson::Document(document) => match (document.len(), document.get_str("$type")) {
            (1, Ok("date")) => Ok(Clock::Date),
            (1, Ok("timestamp")) => Ok(Clock::Timestamp),
            _ => Err(QueryError::bad_value(
                "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
            )),
        },
        other => {
            let found = name(other);
            Err(QueryError::bad_value(format!(
                "{found} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression \
                 ({{$type: 'timestamp/date'}})."
            )))
        }
    }
}

fn bits(path: &str, operand: &Bson) -> Result<Vec<(Bits, Bson)>> {
    let wrong = |why: String| Err(QueryError::bad_value(why));
    let Bson::Document(operations) = operand else {
        return wrong(format!(
            "The $bit modifier is not compatible with a {}. You must pass in an embedded document: {{$bit: {{field: {{and/or/xor: #}}}}}}",
            name(operand)
        ));
    };
    if operations.is_empty() {
        return wrong(format!(
            "You must pass in at least one bitwise operation. The format is: {{$bit: {{{path}: {{and/or/xor: #}}}}}}"
        ));
    }
    let mut parsed = Vec::with_capacity(operations.len());
    for (operation, operand) in operations {
        let operation = match operation.as_str() {
            "and" => Bits::And,
            "or" => Bits::Or,
            "xor" => Bits::Xor,
            other => {
                return wrong(format!(
                    "The $bit modifier only supports 'and', 'or', and 'xor', not '{other}' which is an unknown operator: {{{other}: {operand}}}"
                ));
            }
        };
        if !matches!(operand, Bson::Int32(_) | Bson::Int64(_)) {
            return wrong(format!(
                "The $bit modifier field must be an Integer(32/64 bit); a '{}' is not supported here",
                name(operand)
            ));
        }
        parsed.push((operation, operand.clone()));
    }
    Ok(parsed)
}

/// The operand of `$addToSet`: one value, or those of `$each`.
fn each(operand: &Bson) -> Result<Vec<Bson>> {
    match operand {
        Bson::Document(document) if document.contains_key("$each") => match document.get("$each") {
            Some(Bson::Array(values)) if document.len() == 1 => Ok(values.clone()),
            Some(Bson::Array(_)) => {
                Err(QueryError::bad_value("Found unexpected fields after $each in $addToSet"))
            }
            other => {
                let found = other.map_or("missing", name);
                Err(QueryError::type_mismatch(format!(
                    "The argument to $each in $addToSet must be an array but it was of type {found}"
                )))
            }
        },
        one => Ok(vec![one.clone()]),
    }
}

fn end(operand: &Bson) -> Result<End> {
    let wrong = || QueryError::failed_to_parse(format!("$pop expects 1 or -1, found: {operand}"));
    match Number::of(operand)
        .ok_or_else(|| QueryError::failed_to_parse(format!("Expected a number in: $pop: {operand}")))?
        .to_i64()
    {
        Some(1) => Ok(End::Last),
        Some(-1) => Ok(End::First),
        _ => Err(wrong()),
    }
}

/// A rename is a removal at one path and a value at another one.
fn rename(from: &str, operand: &Bson) -> Result<Vec<Modification>> {
    let Bson::String(to) = operand else {
        return Err(QueryError::bad_value(format!(
            "The 'to' field for $rename must be a string: {from}: {operand}"
        )));
    };
    let (source, target) = (UpdatePath::parse(from)?, UpdatePath::parse(to)?);
    if source == target {
        return Err(QueryError::bad_value(format!(
            "The source and target field for $rename must differ: {from}: \"{to}\""
        )));
    }
    if source.conflict(&target).is_some() {
        return Err(QueryError::bad_value(format!(
            "The source and target field for $rename must not be on the same path: {from}: \"{to}\""
        )));
    }
    let dynamic = |path: &UpdatePath| path.parts.iter().any(|part| !matches!(part, Part::Name(_)));
    if dynamic(&source) || dynamic(&target) {
        let which = if dynamic(&source) { ("source", from) } else { ("destination", to.as_str()) };
        return Err(QueryError::bad_value(format!(
            "The {} field for $rename may not be dynamic: {}",
            which.0, which.1
        )));
    }
    Ok(vec![
        Modification { path: target, action: Action::RenamedFrom(source.clone()) },
        Modification { path: source, action: Action::Unset },
    ])
}
