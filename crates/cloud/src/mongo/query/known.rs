//! Whether a name of MongoDB's query language is here, found out by asking the parsers: the table of what is covered
//! is made from their own answers.

use std::sync::Arc;

use bson::{Bson, DateTime, Document, doc};

use super::aggregate::Pipeline;
use super::context::Context;
use super::error::{QueryError, Result};
use super::expression::Expression;
use super::filter::Filter;
use super::update::Update;

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Stage,
    Accumulator,
    Expression,
    Filter,
    Update,
}

/// Beginnings of what the parsers say of a name they do not have.
const UNKNOWN: [&str; 6] = [
    "Unrecognized pipeline stage name",
    "unknown group operator",
    "Unrecognized expression",
    "unknown operator",
    "unknown top level operator",
    "Unknown modifier",
];

/// MongoDB's number for a part of its language that a server does not have (`NotImplemented`).
const NOT_HERE: i32 = 238;

/// Whether the name means anything here; whether the operand would do is not the question.
pub(crate) fn is_here(kind: Kind, name: &str) -> bool {
    let context = Arc::new(Context::new(DateTime::from_millis(0), 0));
    let with = |operand: Bson| Document::from_iter([(name.to_owned(), operand)]);
    let one = || with(Bson::Int32(1));
    match kind {
        Kind::Stage => known(Pipeline::parse(&[one().into()], &context)),
        Kind::Accumulator => {
            let group = doc! { "$group": { "_id": Bson::Null, "field": one() } };
            known(Pipeline::parse(&[group.into()], &context))
        }
        Kind::Expression => known(Expression::parse(&Bson::Document(with(Bson::Array(Vec::new()))))),
        Kind::Filter => {
            known(Filter::parse(&one(), &context)) || known(Filter::parse(&doc! { "field": one() }, &context))
        }
        Kind::Update => {
            known(Update::parse(&Bson::Document(with(doc! { "field": 1 }.into())), &[], &context))
        }
    }
}

fn known<T>(parsed: Result<T>) -> bool {
    let unknown = |error: &QueryError| {
        error.code == NOT_HERE || UNKNOWN.iter().any(|beginning| error.message.starts_with(beginning))
    };
    parsed.err().is_none_or(|error| !unknown(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parsers_are_asked() {
        for (kind, name) in [
            (Kind::Stage, "$match"),
            (Kind::Accumulator, "$sum"),
            (Kind::Expression, "$add"),
            (Kind::Filter, "$and"),
            (Kind::Filter, "$in"),
            (Kind::Update, "$set"),
        ] {
            assert!(is_here(kind, name), "{name}");
            assert!(!is_here(kind, "$nonsense"), "{kind:?}");
        }
        assert!(!is_here(Kind::Filter, "$where"));
    }
}
