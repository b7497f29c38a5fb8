//! `$merge`, one document at a time.

use std::sync::Arc;

use bson::{Bson, Document, doc};

use super::super::access::Access;
use super::super::catalog::Collection;
use super::super::error::{Code, Result};
use super::super::namespace::Namespace;
use super::super::query::aggregate::{WhenMatched, WhenNotMatched};
use super::super::query::context::Context;
use super::super::query::filter::Match;
use super::super::query::path::Path;
use super::super::query::update::{Outcome, Update};
use super::super::write::insert::prepare;
use super::effect::target;

/// Where documents are merged into, and how.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) to: Namespace,
    pub(super) on: Vec<String>,
    pub(super) matched: WhenMatched,
    pub(super) not_matched: WhenNotMatched,
    pub(super) variables: Option<Document>,
}

impl Merge {
    /// Merges one document.
    ///
    /// # Errors
    /// 51132 where it lacks one of the fields, 11000 and 13113 where the stage says that it is to fail.
    pub(super) fn one(&self, access: &Access<'_>, document: Document, context: &Arc<Context>) -> Result<()> {
        let document = prepare(document)?;
        let filter = self.filter(&document)?;
        let collection = access.existing(&self.to)?;
        match target(access, &collection, &filter)? {
            Some((id, before)) => self.meet(access, &collection, (id, before), document, context),
            None => match self.not_matched {
                WhenNotMatched::Insert => access.insert(&collection, &document),
                WhenNotMatched::Discard => Ok(()),
                WhenNotMatched::Fail => Err(Code::Location(13113).saying(
                    "$merge could not find a matching document in the target collection for at least one document in \
                     the source collection",
                )),
            },
        }
    }

    /// The fields by which the document is found.
    fn filter(&self, document: &Document) -> Result<Document> {
        let mut filter = Document::new();
        for field in &self.on {
            match Path::new(field)?.get(document) {
                Some(Bson::Array(_) | Bson::Null | Bson::Undefined) | None => {
                    let message = format!(
                        "$merge write error: 'on' field '{field}' cannot be missing, null, undefined or an array"
                    );
                    return Err(Code::Location(51132).saying(message));
                }
                Some(value) => filter.insert(field, doc! { "$eq": value.clone() }),
            };
        }
        Ok(filter)
    }

    fn meet(
        &self,
        access: &Access<'_>,
        collection: &Collection,
        (id, before): (i64, Document),
        document: Document,
        context: &Arc<Context>,
    ) -> Result<()> {
        let after = match &self.matched {
            WhenMatched::KeepExisting => return Ok(()),
            WhenMatched::Fail => {
                let index = collection.indexes.first();
                let duplicate = index.map(|index| index.duplicate(&self.to, &before));
                return Err(
                    duplicate.unwrap_or_else(|| Code::DuplicateKey.saying("E11000 duplicate key error"))
                );
            }
            WhenMatched::Replace => with_id(&before, document),
            WhenMatched::Merge => {
                let mut merged = before.clone();
                merged.extend(document.into_iter().filter(|(name, _)| name != "_id"));
                merged
            }
            WhenMatched::Pipeline(stages) => {
                let context = self.surroundings(document, context)?;
                let update = Update::parse(&Bson::Array(stages.clone()), &[], &context)?;
                match update.apply(&before, &Match::default())? {
                    Outcome::Changed(after) => after,
                    Outcome::Unchanged => return Ok(()),
                }
            }
        };
        access.replace(collection, id, &before, &after)
    }

    /// What the update's pipeline sees: `$$new`, or the stage's own variables.
    fn surroundings(&self, document: Document, context: &Arc<Context>) -> Result<Arc<Context>> {
        let variables = match &self.variables {
            Some(variables) => super::super::variables(variables, &document, context)?,
            None => doc! { "new": document },
        };
        let mut more = Context::new(context.now, context.random_bits());
        more.variables.extend(variables);
        Ok(Arc::new(more))
    }
}

/// The document in the place of another one, whose `_id` stays.
fn with_id(before: &Document, document: Document) -> Document {
    let mut kept = Document::new();
    kept.extend(before.get("_id").map(|id| ("_id".to_owned(), id.clone())));
    kept.extend(document.into_iter().filter(|(name, _)| name != "_id"));
    kept
}
