//! The operators on one field: `{$gt: 1, $lt: 5}` → a condition.

use bson::{Bson, Document};

use super::super::context::DEPTH;
use super::super::error::{QueryError, Result};
use super::super::number::Number;
use super::super::pattern::Pattern;
use super::super::types::Types;
use super::bits::Bits;
use super::node::{Condition, Node};
use super::parse;
use super::value::{Comparison, List, Test};

/// Parses a document of operators.
pub(super) fn condition(operators: &Document, depth: usize) -> Result<Condition> {
    if depth > DEPTH {
        return Err(QueryError::too_deep());
    }
    let mut conditions = Vec::with_capacity(operators.len());
    for (name, operand) in operators {
        conditions.extend(operator(name, operand, operators, depth)?);
    }
    Ok(match conditions.len() {
        1 => conditions.swap_remove(0),
        _ => Condition::All(conditions),
    })
}

/// The test that a plain value is: equality, or a match if it is a regular expression.
pub(super) fn implied(value: &Bson) -> Result<Test> {
    match value {
        Bson::RegularExpression(regex) => Ok(Test::Regex(Pattern::of(regex)?)),
        value => equality(value),
    }
}

fn equality(value: &Bson) -> Result<Test> {
    if matches!(value, Bson::Undefined) {
        return Err(QueryError::bad_value("cannot compare to undefined"));
    }
    Ok(Test::Compare(Comparison::Equal, value.clone()))
}

fn operator(name: &str, operand: &Bson, beside: &Document, depth: usize) -> Result<Option<Condition>> {
    let test = match name {
        "$eq" => equality(operand)?,
        "$gt" | "$gte" | "$lt" | "$lte" => compared(name, operand)?,
        "$ne" => return not_equal(operand).map(Some),
        "$in" => Test::In(list(name, operand)?),
        "$nin" => return Ok(Some(not(Condition::Test(Test::In(list(name, operand)?))))),
        "$not" => return negation(operand, depth).map(Some),
        "$all" => return all(operand, depth).map(Some),
        "$exists" => return Ok(Some(existence(operand))),
        "$type" => Test::Type(Types::parse(operand)?),
        "$regex" => Test::Regex(pattern(operand, beside.get("$options"))?),
        "$options" if beside.contains_key("$regex") => return Ok(None),
        "$options" => return Err(QueryError::bad_value("$options needs a $regex")),
        "$mod" => modulo(operand)?,
        "$size" => Test::Size(size(operand)?),
        "$elemMatch" => element(operand, depth)?,
        "$bitsAllSet" | "$bitsAnySet" | "$bitsAllClear" | "$bitsAnyClear" => {
            Test::Bits(Bits::parse(name, operand)?)
        }
        "$comment" => return Ok(None),
        "$near" | "$nearSphere" | "$geoWithin" | "$geoIntersects" | "$within" | "$where" | "$text" => {
            return Err(QueryError::not_here(name));
        }
        "$expr" => return Err(QueryError::bad_value("$expr can only be applied to the top-level document")),
        _ => return Err(QueryError::bad_value(format!("unknown operator: {name}"))),
    };
    Ok(Some(Condition::Test(test)))
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn compared(name: &str, operand: &Bson) -> Result<Test> {
    if matches!(operand, Bson::RegularExpression(_)) {
        return Err(QueryError::bad_value(format!(
            "Can't have RegEx as arg to predicate over field with {name}."
        )));
    }
    if matches!(operand, Bson::Undefined) {
        return Err(QueryError::bad_value("cannot compare to undefined"));
    }
    let comparison = match name {
        "$gt" => Comparison::Greater,
        "$gte" => Comparison::GreaterOrEqual,
        "$lt" => Comparison::Less,
        _ => Comparison::LessOrEqual,
    };
    Ok(Test::Compare(comparison, operand.clone()))
}

fn not_equal(operand: &Bson) -> Result<Condition> {
    if matches!(operand, Bson::RegularExpression(_)) {
        return Err(QueryError::bad_value("Can't have regex as arg to $ne."));
    }
    Ok(not(Condition::Test(equality(operand)?)))
}

fn list(name: &str, operand: &Bson) -> Result<List> {
    let Bson::Array(entries) = operand else {
        return Err(QueryError::bad_value(format!("{name} needs an array")));
    };
    let (mut values, mut patterns) = (Vec::with_capacity(entries.len()), Vec::new());
    for entry in entries {
        match entry {
            Bson::RegularExpression(regex) => patterns.push(Pattern::of(regex)?),
            Bson::Document(document) if parse::is_operators(document) => {
                return Err(QueryError::bad_value(format!("cannot nest $ under {name}")));
            }
            Bson::Undefined => {
                return Err(QueryError::bad_value("InMatchExpression equality cannot be undefined"));
            }
            value => values.push(value.clone()),
        }
    }
    Ok(List::new(values, patterns))
}

fn negation(operand: &Bson, depth: usize) -> Result<Condition> {
    match operand {
        Bson::RegularExpression(regex) => Ok(not(Condition::Test(Test::Regex(Pattern::of(regex)?)))),
        Bson::Document(operators) if operators.is_empty() => {
            Err(QueryError::bad_value("$not cannot be empty"))
        }
        Bson::Document(operators) => {
            if let Some(name) = operators.keys().find(|name| !name.starts_with('$')) {
                return Err(QueryError::bad_value(format!("unknown operator: {name}")));
            }
            condition(operators, depth + 1).map(not)
        }
        _ => Err(QueryError::bad_value("$not needs a regex or a document")),
    }
}

fn all(operand: &Bson, depth: usize) -> Result<Condition> {
    let Bson::Array(entries) = operand else { return Err(QueryError::bad_value("$all needs an array")) };
    if entries.is_empty() {
        return Ok(Condition::Test(Test::In(List::new(Vec::new(), Vec::new()))));
    }
    let one = |entry: &Bson| match entry {
        Bson::Document(document) if parse::is_operators(document) => match document.get("$elemMatch") {
            Some(inner) if document.len() == 1 => element(inner, depth),
            _ => Err(QueryError::bad_value("no $ expressions in $all")),
        },
        value => implied(value),
    };
    let conditions =
        entries.iter().map(|entry| one(entry).map(Condition::Test)).collect::<Result<Vec<_>>>()?;
    Ok(Condition::All(conditions))
}

fn existence(operand: &Bson) -> Condition {
    let exists = Condition::Test(Test::Exists);
    if super::super::expression::truthy(Some(operand)) { exists } else { not(exists) }
}

fn pattern(operand: &Bson, options: Option<&Bson>) -> Result<Pattern> {
    let options = match options {
        None => None,
        Some(Bson::String(options)) => Some(options.as_str()),
        Some(_) => return Err(QueryError::bad_value("$options has to be a string")),
    };
    match (operand, options) {
        (Bson::String(source), options) => Pattern::new(source, options.unwrap_or_default()),
        (Bson::RegularExpression(regex), None) => Pattern::of(regex),
        (Bson::RegularExpression(regex), Some(options)) if regex.options.is_empty() => {
            Pattern::new(regex.pattern.as_str(), options)
        }
        (Bson::RegularExpression(_), Some(_)) => {
            Err(QueryError::new(51075, "options set in both $regex and $options"))
        }
        _ => Err(QueryError::bad_value("$regex has to be a string")),
    }
}

fn modulo(operand: &Bson) -> Result<Test> {
    let Bson::Array(operands) = operand else {
        return Err(QueryError::bad_value("malformed mod, needs to be an array"));
    };
    let number = |value: &Bson, name: &str| {
        Number::of(value)
            .and_then(|number| number.truncated())
            .ok_or_else(|| QueryError::bad_value(format!("malformed mod, {name} not a number")))
    };
    let (divisor, remainder) = match operands.as_slice() {
        [] | [_] => return Err(QueryError::bad_value("malformed mod, not enough elements")),
        [divisor, remainder] => (number(divisor, "divisor")?, number(remainder, "remainder")?),
        _ => return Err(QueryError::bad_value("malformed mod, too many elements")),
    };
    if divisor == 0 {
        return Err(QueryError::bad_value("divisor cannot be 0"));
    }
    Ok(Test::Mod { divisor, remainder })
}

fn size(operand: &Bson) -> Result<usize> {
    let number = Number::of(operand).ok_or_else(|| {
        QueryError::bad_value(format!("Failed to parse $size. Expected a number in: $size: {operand}"))
    })?;
    let whole = number.to_i64().ok_or_else(|| {
        QueryError::bad_value(format!("Failed to parse $size. Expected an integer: $size: {operand}"))
    })?;
    usize::try_from(whole).map_err(|_| {
        QueryError::bad_value(format!(
            "Failed to parse $size. Expected a non-negative number in: $size: {operand}"
        ))
    })
}

/// `$elemMatch`: of operators for values, of a filter for documents.
pub(super) fn element(operand: &Bson, depth: usize) -> Result<Test> {
    let Bson::Document(document) = operand else {
        return Err(QueryError::bad_value("$elemMatch needs an Object"));
    };
    let logical = |name: &str| matches!(name, "$and" | "$or" | "$nor" | "$where" | "$expr");
    let of_values =
        parse::is_operators(document) && !document.keys().next().is_some_and(|name| logical(name));
    if of_values {
        return Ok(Test::Element(Box::new(condition(document, depth + 1)?)));
    }
    let node = parse::document(document, depth + 1)?;
    if contains_expression(&node) {
        return Err(QueryError::bad_value("$expr can only be applied to the top-level document"));
    }
    Ok(Test::ElementDocument(Box::new(node)))
}

fn contains_expression(node: &Node) -> bool {
    match node {
        Node::Expression(_) => true,
        Node::And(nodes) | Node::Or(nodes) | Node::Nor(nodes) => nodes.iter().any(contains_expression),
        _ => false,
    }
}
