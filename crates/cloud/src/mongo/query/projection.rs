//! Projections: which fields of a document are given, and computed ones. The same tree serves `find`, `$project` and,
//! with only computed fields, `$addFields`.

mod parse;
mod tree;

use std::sync::Arc;

use bson::raw::{RawDocument, RawDocumentBuf};
use bson::{Bson, Document};

use super::context::Context;
use super::error::{QueryError, Result};
use super::expression::Scope;
use super::filter::Match;
use tree::{Node, Place};

/// A parsed projection.
#[derive(Debug, Clone)]
pub(crate) struct Projection {
    kind: Kind,
    root: Node,
    context: Arc<Context>,
}

/// What happens to fields that are not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Inclusion,
    Exclusion,
    /// All stay, and computed ones are added.
    Addition,
}

/// Whose projection it is: only `find` has `$slice`, `$elemMatch` and the positional `$` of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Find,
    Pipeline,
}

impl Projection {
    /// Parses the projection of a `find` or a `findAndModify`.
    ///
    /// # Errors
    /// 31253 and 31254 for mixed inclusion and exclusion, 31249 and 31250 for paths that collide, and the expressions'
    /// own.
    pub(crate) fn parse(spec: &Document, context: &Arc<Context>) -> Result<Self> {
        Self::of(spec, Dialect::Find, context)
    }

    /// Parses a projection in either dialect.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub(crate) fn of(spec: &Document, dialect: Dialect, context: &Arc<Context>) -> Result<Self> {
        let (kind, root) = parse::projection(spec, dialect, context)?;
        Ok(Self { kind, root, context: Arc::clone(context) })
    }

    /// Parses the operand of `$addFields`: every value is an expression, and all other fields stay.
    ///
    /// # Errors
    /// The expressions' own, 31249 and 31250 for paths that collide.
    pub(crate) fn addition(spec: &Document, context: &Arc<Context>) -> Result<Self> {
        Ok(Self { kind: Kind::Addition, root: parse::addition(spec)?, context: Arc::clone(context) })
    }

    /// The projection that leaves these paths out: `$unset`.
    ///
    /// # Errors
    /// 31249 and 31250 for paths that collide.
    pub(crate) fn removal<'p>(paths: impl Iterator<Item = &'p str>, context: &Arc<Context>) -> Result<Self> {
        let spec = paths.map(|path| (path.to_owned(), Bson::Int32(0))).collect();
        Self::of(&spec, Dialect::Pipeline, context)
    }

    /// Whether it takes or leaves fields as a whole, so that documents can be [cut](Self::cut).
    pub(crate) fn is_whole(&self) -> bool {
        self.kind != Kind::Addition && self.root.is_whole()
    }

    /// The document as it is projected, without decoding it, where the projection [is whole](Self::is_whole).
    ///
    /// # Errors
    /// When the bytes are no document.
    pub(crate) fn cut(&self, document: &RawDocument) -> bson::error::Result<RawDocumentBuf> {
        self.root.cut(document, self.kind == Kind::Exclusion)
    }

    /// The document as it is projected. The match says where the positional `$` points to.
    ///
    /// # Errors
    /// 51246 when the match has no place for `$`, and whatever an expression refuses.
    pub(crate) fn apply(&self, document: &Document, matched: &Match) -> Result<Document> {
        let place = Place { of_match: matched.place };
        let mut projected = match self.kind {
            Kind::Inclusion => self.root.include(document, &place)?,
            Kind::Exclusion => self.root.exclude(document, &place)?,
            Kind::Addition => document.clone(),
        };
        if self.root.computes() {
            self.root.compute(&mut projected, &Scope::new(document, &self.context))?;
        }
        Ok(projected)
    }
}

fn no_place() -> QueryError {
    QueryError::new(
        51246,
        "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching \
         element in the array",
    )
}

#[cfg(test)]
mod tests;
