//! Filters: which documents a command is about. Parsed once, then asked of each document.

mod bits;
mod bounds;
mod node;
mod operators;
mod parse;
mod schema;
mod value;

use std::sync::Arc;

use bson::{Bson, Document};

pub(crate) use bounds::{Arrays, Bounds};

use super::context::Context;
use super::error::Result;
use super::path::Path;
use node::{Evaluation, Node};

/// A parsed filter.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    root: Node,
    context: Arc<Context>,
}

/// A document that a filter matched, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Match {
    /// The place in the array through which the filter matched: what the positional `$` stands for.
    pub(crate) place: Option<usize>,
}

impl Filter {
    /// Parses a filter document.
    ///
    /// # Errors
    /// 2 and 9 for what is no filter, 15 when it is nested too deeply, 51091 for a wrong regular expression, 238 for
    /// an operator that this cloud does not have.
    pub(crate) fn parse(filter: &Document, context: &Arc<Context>) -> Result<Self> {
        Ok(Self { root: parse::document(filter, 0)?, context: Arc::clone(context) })
    }

    /// The filter for elements of an array: `$pull`'s condition and `arrayFilters` read the same operators without a
    /// field's name.
    pub(crate) fn parse_operators(condition: &Document, context: &Arc<Context>) -> Result<ElementFilter> {
        Ok(ElementFilter { condition: operators::condition(condition, 0)?, context: Arc::clone(context) })
    }

    /// Whether the document passes.
    ///
    /// # Errors
    /// What an `$expr` can't evaluate.
    pub(crate) fn matches(&self, document: &Document) -> Result<bool> {
        Ok(self.find(document)?.is_some())
    }

    /// Whether the document passes, and through which element of an array.
    ///
    /// # Errors
    /// What an `$expr` can't evaluate.
    pub(crate) fn find(&self, document: &Document) -> Result<Option<Match>> {
        let mut evaluation = Evaluation::new(&self.context);
        let matched = self.root.matches(document, &mut evaluation)?;
        Ok(matched.then_some(Match { place: evaluation.place }))
    }

    /// Where in an index on `path` all matching documents are, or nothing if they may be anywhere.
    pub(crate) fn bounds(&self, path: &Path, arrays: Arrays) -> Option<Bounds> {
        bounds::of(&self.root, path, arrays)
    }

    /// Whether the filter passes everything.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.root, Node::And(nodes) if nodes.is_empty())
    }

    /// The paths that must have one exact value, in the order of the filter: what an upsert starts from.
    pub(crate) fn equalities(&self) -> Vec<(&Path, &Bson)> {
        let mut equalities = Vec::new();
        self.root.equalities(&mut equalities);
        equalities
    }

    /// Passes what both pass.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { root: Node::And(vec![self.root, other.root]), context: self.context }
    }
}

/// A filter for single values.
#[derive(Debug, Clone)]
pub(crate) struct ElementFilter {
    condition: node::Condition,
    context: Arc<Context>,
}

impl ElementFilter {
    /// Whether the value passes. If it is an array, it is taken as a whole.
    pub(crate) fn matches(&self, value: &Bson) -> bool {
        let mut evaluation = Evaluation::new(&self.context);
        self.condition.holds(&mut |test| test.matches(Some(value), &mut evaluation))
    }
}

#[cfg(test)]
mod tests;
