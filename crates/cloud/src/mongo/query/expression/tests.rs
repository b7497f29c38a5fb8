//! Expressions over one document: operators and what they give, case by case.

use bson::oid::ObjectId;
use bson::{Bson, DateTime, Document, bson, doc};

use super::super::context::Context;
use super::super::error::Result;
use super::{Expression, Scope, Value};

mod arrays;
mod dates;
mod refused;
mod values;

fn evaluate(expression: &Bson, document: &Document) -> Result<Value> {
    let context = Context::new(DateTime::from_millis(1_000), 7);
    Expression::parse(expression)?.evaluate(&Scope::new(document, &context))
}

fn document() -> Document {
    doc! {
        "a": 1, "b": 2.5, "s": "Hello", "n": null, "t": true, "l": 5_i64,
        "xs": [3, 1, 2], "o": { "p": 1, "q": { "r": 2 } },
        "os": [{ "k": 1, "v": [1, 2] }, { "k": 2 }, 5],
        "d": DateTime::from_millis(1_704_153_909_123),
    }
}

/// Of the document above; undefined stands for what is missing.
fn check(expression: Bson, expected: Bson) {
    let found = evaluate(&expression, &document()).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let found = found.unwrap_or(Bson::Undefined);
    assert!(
        super::super::compare::identical(&found, &expected),
        "{expression} is {found:?}, not {expected:?}"
    );
}
