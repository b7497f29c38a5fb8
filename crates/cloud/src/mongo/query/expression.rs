//! Aggregation expressions: parsed once, evaluated for each document.
//!
//! A value may be missing, which is not the same as null; hence [`Value`]. Operators that evaluate all their operands
//! are plain functions in a table (`functions.rs`); those that choose which to evaluate, or bind variables, are in
//! `lazy.rs`.

mod arithmetic;
mod arrays;
mod boolean;
mod convert;
mod dates;
mod functions;
mod lazy;
mod objects;
mod parse;
mod sets;
mod statistics;
mod strings;

use bson::{Bson, Document};

use super::context::Context;
use super::error::{QueryError, Result};
use super::number::Number;
use functions::Function;
use lazy::Lazy;

pub(crate) use parse::is_valid_variable;
pub(super) use statistics::{Deviation, Sum, deviation};

/// What an expression comes to; nothing is "missing".
pub(crate) type Value = Option<Bson>;

/// A parsed expression.
#[derive(Debug, Clone)]
pub(crate) enum Expression {
    /// A constant.
    Literal(Bson),
    /// `$a.b`: a path from `$$CURRENT`.
    Field(Vec<String>),
    /// `$$name.a.b`.
    Variable(String, Vec<String>),
    /// `{a: …, b: …}`.
    Document(Vec<(String, Expression)>),
    /// `[…, …]`.
    Array(Vec<Expression>),
    /// An operator all whose operands are evaluated first.
    Call(&'static Function, Vec<Expression>),
    /// An operator that evaluates its operands itself.
    Lazy(Box<Lazy>),
}

/// What the names in an expression stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    root: &'a Document,
    current: &'a Document,
    frame: Option<&'a Frame<'a>>,
    context: &'a Context,
}

/// A variable, and those bound outside of it.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    name: &'a str,
    value: Value,
    outer: Option<&'a Frame<'a>>,
}

impl<'a> Scope<'a> {
    /// The names as they are for a document of the stream.
    pub(crate) fn new(document: &'a Document, context: &'a Context) -> Self {
        Self { root: document, current: document, frame: None, context }
    }

    /// With another `$$CURRENT`, as `$redact` descends.
    pub(crate) fn descend(&self, current: &'a Document) -> Self {
        Self { current, ..*self }
    }

    /// A variable bound inside of this scope; use it with [`Self::within`].
    pub(crate) fn bind(&self, name: &'a str, value: Value) -> Frame<'a> {
        Frame { name, value, outer: self.frame }
    }

    /// The scope with the variable bound.
    pub(crate) fn within<'b>(&self, frame: &'b Frame<'b>) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope { root: self.root, current: self.current, frame: Some(frame), context: self.context }
    }

    /// The document of the stream.
    pub(crate) fn root(&self) -> &'a Document {
        self.root
    }

    /// The command's surroundings.
    pub(crate) fn context(&self) -> &'a Context {
        self.context
    }

    fn variable(&self, name: &str, path: &[String]) -> Result<Value> {
        let mut frame = self.frame;
        while let Some(bound) = frame {
            if bound.name == name {
                return Ok(bound.value.as_ref().and_then(|value| follow(value, path)));
            }
            frame = bound.outer;
        }
        let whole = match name {
            "ROOT" => return Ok(field(self.root, path)),
            "CURRENT" => return Ok(field(self.current, path)),
            "NOW" | "CLUSTER_TIME" => Bson::DateTime(self.context.now),
            "REMOVE" => return Ok(None),
            "DESCEND" | "PRUNE" | "KEEP" => Bson::String(format!("${name}")),
            _ => match self.context.variable(name) {
                Some(value) => return Ok(follow(value, path)),
                None => return Err(QueryError::new(17276, format!("Use of undefined variable: {name}"))),
            },
        };
        Ok(follow(&whole, path))
    }
}

impl Expression {
    /// Parses an expression.
    ///
    /// # Errors
    /// 168 for an unknown operator, 16020 and others for a wrong number of operands, 15 when nested too deeply.
    pub(crate) fn parse(value: &Bson) -> Result<Self> {
        parse::expression(value, 0)
    }

    /// Whether there is an operator of this name, dollar sign included.
    pub(crate) fn is_operator(name: &str) -> bool {
        parse::is_operator(name)
    }

    /// Evaluates the expression.
    ///
    /// # Errors
    /// Whatever an operator refuses, with the number MongoDB gives it.
    pub(crate) fn evaluate(&self, scope: &Scope<'_>) -> Result<Value> {
        match self {
            Self::Literal(value) => Ok(Some(value.clone())),
            Self::Field(path) => Ok(field(scope.current, path)),
            Self::Variable(name, path) => scope.variable(name, path),
            Self::Document(fields) => {
                let mut document = Document::new();
                for (name, expression) in fields {
                    if let Some(value) = expression.evaluate(scope)? {
                        document.insert(name.clone(), value);
                    }
                }
                Ok(Some(Bson::Document(document)))
            }
            Self::Array(items) => {
                let values = items.iter().map(|item| Ok(item.evaluate(scope)?.unwrap_or(Bson::Null)));
                Ok(Some(Bson::Array(values.collect::<Result<_>>()?)))
            }
            Self::Call(function, operands) => {
                let values =
                    operands.iter().map(|operand| operand.evaluate(scope)).collect::<Result<Vec<_>>>()?;
                (function.run)(function.name, &values)
            }
            Self::Lazy(lazy) => lazy.evaluate(scope),
        }
    }
}

/// What counts as true: everything but false, zero, null and what is missing.
pub(crate) fn truthy(value: Option<&Bson>) -> bool {
    match value {
        None | Some(Bson::Null | Bson::Undefined | Bson::Boolean(false)) => false,
        Some(value) => !Number::of(value).is_some_and(|number| number.is_zero()),
    }
}

/// Whether there is no value: missing, null or undefined.
pub(super) fn nullish(value: Option<&Bson>) -> bool {
    matches!(value, None | Some(Bson::Null | Bson::Undefined))
}

/// The value at a path in a document; through arrays, the array of what is found in their elements.
pub(super) fn field(document: &Document, path: &[String]) -> Value {
    match path.split_first() {
        None => Some(Bson::Document(document.clone())),
        Some((first, rest)) => document.get(first).and_then(|value| follow(value, rest)),
    }
}

fn follow(value: &Bson, path: &[String]) -> Value {
    match (path.is_empty(), value) {
        (true, value) => Some(value.clone()),
        (false, Bson::Document(document)) => field(document, path),
        (false, Bson::Array(array)) => {
            Some(Bson::Array(array.iter().filter_map(|item| follow(item, path)).collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
