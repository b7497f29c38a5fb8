//! Filter documents → trees: fields, and the operators that stand beside fields.

use bson::{Bson, Document};

use super::super::context::DEPTH;
use super::super::error::{QueryError, Result};
use super::super::expression::Expression;
use super::super::number::Number;
use super::super::path::Path;
use super::node::{Condition, Node};
use super::operators;
use super::schema::Schema;

/// Parses a whole filter.
pub(super) fn document(filter: &Document, depth: usize) -> Result<Node> {
    if depth > DEPTH {
        return Err(QueryError::too_deep());
    }
    let mut nodes = Vec::with_capacity(filter.len());
    for (name, value) in filter {
        match name.strip_prefix('$') {
            Some("comment") => {}
            Some(_) if !is_reference(name) => nodes.push(top(name, value, depth)?),
            _ => nodes.push(field(name, value, depth)?),
        }
    }
    Ok(match nodes.len() {
        1 => nodes.swap_remove(0),
        _ => Node::And(nodes),
    })
}

/// Whether a document is one of operators, such as `{$gt: 1}`, and not a value to compare with.
pub(super) fn is_operators(document: &Document) -> bool {
    document.keys().next().is_some_and(|name| name.starts_with('$') && !is_reference(name))
}

/// The parts of a DBRef, which are ordinary fields.
fn is_reference(name: &str) -> bool {
    matches!(name, "$ref" | "$id" | "$db")
}

fn field(name: &str, value: &Bson, depth: usize) -> Result<Node> {
    let condition = match value {
        Bson::Document(document) if is_operators(document) => operators::condition(document, depth)?,
        value => Condition::Test(operators::implied(value)?),
    };
    Ok(Node::Field(Path::new(name)?, condition))
}

fn top(name: &str, value: &Bson, depth: usize) -> Result<Node> {
    match name {
        "$and" => several(name, value, depth).map(Node::And),
        "$or" => several(name, value, depth).map(Node::Or),
        "$nor" => several(name, value, depth).map(Node::Nor),
        "$expr" => Ok(Node::Expression(Box::new(Expression::parse(value)?))),
        "$jsonSchema" => Ok(Node::Schema(Box::new(Schema::parse(value)?))),
        "$sampleRate" => sample(value),
        "$alwaysTrue" => Ok(Node::And(Vec::new())),
        "$alwaysFalse" => Ok(Node::Never),
        "$where" | "$text" => Err(QueryError::not_here(name)),
        _ => Err(QueryError::bad_value(format!(
            "unknown top level operator: {name}. If you have a field name that starts with a '$' symbol, consider \
             using $getField or $setField."
        ))),
    }
}

fn several(name: &str, value: &Bson, depth: usize) -> Result<Vec<Node>> {
    let Bson::Array(entries) = value else {
        return Err(QueryError::bad_value(format!("{name} must be an array")));
    };
    if entries.is_empty() {
        return Err(QueryError::bad_value("$and/$or/$nor must be a nonempty array"));
    }
    let one = |entry: &Bson| match entry {
        Bson::Document(entry) => document(entry, depth + 1),
        _ => Err(QueryError::bad_value("$or/$and/$nor entries need to be full objects")),
    };
    entries.iter().map(one).collect()
}

fn sample(value: &Bson) -> Result<Node> {
    let number = Number::of(value)
        .ok_or_else(|| QueryError::bad_value("argument to $sampleRate must be a numeric type"))?
        .to_f64();
    if !(0.0..=1.0).contains(&number) {
        return Err(QueryError::bad_value("numeric argument to $sampleRate must be in [0, 1]"));
    }
    Ok(Node::Sample(number))
}
