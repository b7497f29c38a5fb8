//! Updates: parsed once, then applied to each document that a command matched, or to none (an upsert).
//!
//! The caller holds the result against the 16 MB that a document may have, as it does for what is inserted.

mod action;
mod arrays;
mod filters;
mod parse;
mod path;
mod upsert;
mod walk;

use std::sync::Arc;

use bson::{Bson, Document};

use super::aggregate::Reshape;
use super::compare::{equal, identical_documents};
use super::context::Context;
use super::error::{QueryError, Result};
use super::filter::{Filter, Match};
use filters::ArrayFilters;
use parse::Modification;
use walk::Walk;

/// A parsed update.
#[derive(Debug, Clone)]
pub(crate) struct Update {
    kind: Kind,
    context: Arc<Context>,
}

#[derive(Debug, Clone)]
enum Kind {
    Replacement(Document),
    Operators { modifications: Vec<Modification>, filters: ArrayFilters },
    Pipeline(Vec<Reshape>),
}

/// What an update made of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// It is as it was: matched, but not modified.
    Unchanged,
    Changed(Document),
}

/// What the document is to the update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Update,
    Insert,
}

impl Update {
    /// Parses a replacement document, a document of update operators, or a pipeline.
    ///
    /// # Errors
    /// 9 for an unknown operator, 40 for paths that conflict, 14 and 2 for wrong operands, 52 and 56 for names that
    /// can't be stored.
    pub(crate) fn parse(update: &Bson, array_filters: &[Document], context: &Arc<Context>) -> Result<Self> {
        let kind = match update {
            Bson::Document(document) if document.keys().next().is_some_and(|name| name.starts_with('$')) => {
                let modifications = parse::operators(document, context)?;
                let filters = ArrayFilters::parse(array_filters, &modifications, context)?;
                Kind::Operators { modifications, filters }
            }
            _ if !array_filters.is_empty() => {
                return Err(QueryError::failed_to_parse(
                    "Cannot specify arrayFilters and a pipeline or replacement update",
                ));
            }
            Bson::Document(document) => Kind::Replacement(replacement(document)?),
            Bson::Array(stages) => Kind::Pipeline(
                stages.iter().map(|stage| Reshape::of_update(stage, context)).collect::<Result<_>>()?,
            ),
            _ => {
                return Err(QueryError::failed_to_parse(
                    "Update argument must be either an object or an array",
                ));
            }
        };
        Ok(Self { kind, context: Arc::clone(context) })
    }

    /// Whether it gives a whole document; such an update can't be of many.
    pub(crate) fn is_replacement(&self) -> bool {
        matches!(self.kind, Kind::Replacement(_))
    }

    /// Applies it to a document that a filter matched.
    ///
    /// # Errors
    /// 66 for another `_id`, 28 for a path through a value that has no fields, 14 and 2 for values of the wrong type.
    pub(crate) fn apply(&self, document: &Document, matched: &Match) -> Result<Outcome> {
        let updated = self.updated(document, matched, Purpose::Update)?;
        let same_id = match (document.get("_id"), updated.get("_id")) {
            (Some(before), Some(after)) => equal(before, after),
            (None, None) => true,
            (before, _) => before.is_none(),
        };
        if !same_id {
            return Err(self.changes_id(&updated));
        }
        Ok(if identical_documents(document, &updated) {
            Outcome::Unchanged
        } else {
            Outcome::Changed(updated)
        })
    }

    /// The document that an upsert inserts: the filter's equalities, then the update. The caller adds an `_id` in front
    /// where there is none.
    ///
    /// # Errors
    /// 54 for a path that the filter sets twice, and as [`Self::apply`].
    pub(crate) fn upsert(&self, filter: &Filter) -> Result<Document> {
        let start = match &self.kind {
            Kind::Replacement(_) => upsert::only_id(filter)?,
            _ => upsert::from_filter(filter)?,
        };
        let inserted = self.updated(&start, &Match::default(), Purpose::Insert)?;
        if let (Some(wanted), Some(found)) = (start.get("_id"), inserted.get("_id"))
            && !equal(wanted, found)
        {
            return Err(self.changes_id(&inserted));
        }
        Ok(upsert::id_first(inserted))
    }

    fn updated(&self, document: &Document, matched: &Match, purpose: Purpose) -> Result<Document> {
        match &self.kind {
            Kind::Replacement(replacement) => Ok(replaced(document, replacement)),
            Kind::Operators { modifications, filters } => {
                let mut updated = document.clone();
                for modification in modifications {
                    Walk {
                        filters,
                        matched,
                        purpose,
                        context: &self.context,
                        original: document,
                        modification,
                    }
                    .apply(&mut updated)?;
                }
                Ok(updated)
            }
            Kind::Pipeline(stages) => {
                let reshaped =
                    stages.iter().try_fold(document.clone(), |document, stage| stage.apply(&document))?;
                // `_id` stays where a stage says nothing of it.
                Ok(if reshaped.contains_key("_id") { reshaped } else { replaced(document, &reshaped) })
            }
        }
    }

    fn changes_id(&self, updated: &Document) -> QueryError {
        match self.kind {
            Kind::Operators { .. } => QueryError::immutable(
                "Performing an update on the path '_id' would modify the immutable field '_id'",
            ),
            _ => {
                let id = updated.get("_id").unwrap_or(&Bson::Null);
                QueryError::immutable(format!(
                    "After applying the update, the (immutable) field '_id' was found to have been altered to _id: {id}"
                ))
            }
        }
    }
}

fn replacement(document: &Document) -> Result<Document> {
    if let Some(name) = document.keys().find(|name| name.starts_with('$')) {
        return Err(QueryError::new(
            52,
            format!(
                "The dollar ($) prefixed field '{name}' in '{name}' is not allowed in the context of an update's \
                 replacement document. Consider using an aggregation pipeline with $replaceWith."
            ),
        ));
    }
    Ok(document.clone())
}

/// The replacement with the document's `_id` in front, if it has none of its own.
fn replaced(document: &Document, replacement: &Document) -> Document {
    match (document.get("_id"), replacement.contains_key("_id")) {
        (Some(id), false) => {
            let id = std::iter::once(("_id".to_owned(), id.clone()));
            id.chain(replacement.clone()).collect()
        }
        _ => upsert::id_first(replacement.clone()),
    }
}

#[cfg(test)]
mod tests;
