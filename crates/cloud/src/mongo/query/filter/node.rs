//! A parsed filter as a tree, and its evaluation.

use std::cell::Cell;

use bson::{Bson, Document};

use super::super::context::Context;
use super::super::error::Result;
use super::super::expression::{Expression, Scope, truthy};
use super::super::path::{Leaf, Path, Visit};
use super::schema::Schema;
use super::value::{Comparison, Test};

/// A filter on a document.
#[derive(Debug, Clone)]
pub(in super::super) enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Nor(Vec<Node>),
    Field(Path, Condition),
    Expression(Box<Expression>),
    Schema(Box<Schema>),
    /// Passes this share of documents.
    Sample(f64),
    Never,
}

/// A condition on the values of one field.
#[derive(Debug, Clone)]
pub(in super::super) enum Condition {
    Test(Test),
    All(Vec<Condition>),
    Not(Box<Condition>),
}

/// What goes along with one evaluation.
pub(in super::super) struct Evaluation<'a> {
    context: &'a Context,
    /// The last place in an array through which something matched.
    pub(super) place: Option<usize>,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        Self { context, place: None }
    }
}

impl Node {
    pub(super) fn matches(&self, document: &Document, evaluation: &mut Evaluation<'_>) -> Result<bool> {
        match self {
            Self::And(nodes) => Ok(first(nodes, document, evaluation, false)?.is_none()),
            Self::Or(nodes) => Ok(first(nodes, document, evaluation, true)?.is_some()),
            Self::Nor(nodes) => {
                let place = evaluation.place;
                let found = first(nodes, document, evaluation, true)?;
                evaluation.place = place;
                Ok(found.is_none())
            }
            Self::Field(path, condition) => {
                Ok(condition.holds(&mut |test| at_path(test, path, document, evaluation)))
            }
            Self::Expression(expression) => {
                Ok(truthy(expression.evaluate(&Scope::new(document, evaluation.context))?.as_ref()))
            }
            Self::Schema(schema) => Ok(schema.admits(document)),
            Self::Sample(rate) => Ok(evaluation.context.random() < *rate),
            Self::Never => Ok(false),
        }
    }

    pub(super) fn equalities<'a>(&'a self, to: &mut Vec<(&'a Path, &'a Bson)>) {
        match self {
            Self::And(nodes) => nodes.iter().for_each(|node| node.equalities(to)),
            Self::Or(nodes) if nodes.len() == 1 => nodes.iter().for_each(|node| node.equalities(to)),
            Self::Field(path, condition) => condition.equalities(path, to),
            _ => {}
        }
    }
}

impl Condition {
    /// Whether it holds, given whether each test in it does. Of two tests on an array's elements, each may find one of
    /// its own.
    pub(super) fn holds(&self, test: &mut dyn FnMut(&Test) -> bool) -> bool {
        match self {
            Self::Test(one) => test(one),
            Self::All(all) => all.iter().all(|one| one.holds(test)),
            Self::Not(inner) => !inner.holds(test),
        }
    }

    fn equalities<'a>(&'a self, path: &'a Path, to: &mut Vec<(&'a Path, &'a Bson)>) {
        match self {
            Self::Test(Test::Compare(Comparison::Equal, value)) => to.push((path, value)),
            Self::Test(Test::In(list)) => to.extend(list.single().map(|value| (path, value))),
            Self::All(all) => all.iter().for_each(|one| one.equalities(path, to)),
            _ => {}
        }
    }
}

/// The first node whose answer is `wanted`.
fn first<'n>(
    nodes: &'n [Node],
    document: &Document,
    evaluation: &mut Evaluation<'_>,
    wanted: bool,
) -> Result<Option<&'n Node>> {
    for node in nodes {
        if node.matches(document, evaluation)? == wanted {
            return Ok(Some(node));
        }
    }
    Ok(None)
}

fn at_path(test: &Test, path: &Path, document: &Document, evaluation: &mut Evaluation<'_>) -> bool {
    let leaf = if test.takes_arrays_whole() { Leaf::Whole } else { Leaf::Elements };
    let place = Cell::new(evaluation.place);
    let visit = path.visit(document, leaf, &mut |found| {
        if !test.matches(found.value, evaluation) {
            return Visit::Continue;
        }
        place.set(found.place.or(evaluation.place));
        Visit::Stop
    });
    evaluation.place = place.get();
    visit == Visit::Stop
}
