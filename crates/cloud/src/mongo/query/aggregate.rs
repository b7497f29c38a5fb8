//! Aggregation pipelines: parsed once, then run as a chain of iterators over documents.
//!
//! What the collections hold comes through [`Collections`]; what `$out` and `$merge` write is the caller's to do
//! ([`Effect`]). A stage that has to hold documents back holds at most 100 MB of them.

mod accumulator;
mod bucket;
mod budget;
mod effect;
mod graph;
mod group;
mod lookup;
mod reshape;
mod stage;
mod unwind;

use std::collections::BTreeSet;
use std::sync::Arc;

use bson::{Bson, Document};

use super::context::Context;
use super::error::{QueryError, Result};
use super::filter::Filter;
use stage::Stage;

pub(crate) use effect::{Effect, WhenMatched, WhenNotMatched};
pub(super) use reshape::Reshape;

/// Documents, one after the other; nothing follows an error.
pub(crate) type Documents<'a> = Box<dyn Iterator<Item = Result<Document>> + 'a>;

/// The collections of the pipeline's database.
pub(crate) trait Collections {
    /// The documents of a collection, none if it is not there. With a filter it may leave out what doesn't match, and
    /// so use an index; it need not, as every document is held against the filter again.
    ///
    /// # Errors
    /// Whatever the storage says.
    fn scan<'a>(&'a self, collection: &str, filter: Option<&Filter>) -> Result<Documents<'a>>;
}

/// A parsed pipeline.
#[derive(Debug)]
pub(crate) struct Pipeline {
    stages: Vec<Stage>,
    effect: Option<Effect>,
    context: Arc<Context>,
}

impl Pipeline {
    /// Parses the stages.
    ///
    /// # Errors
    /// 40323 for a stage that is not a document of one field, 40324 for an unknown stage (and one that this cloud does
    /// not have), 40601 for `$out` or `$merge` before the end, and the stages' own.
    pub(crate) fn parse(stages: &[Bson], context: &Arc<Context>) -> Result<Self> {
        Self::nested(stages, context, 0)
    }

    fn nested(stages: &[Bson], context: &Arc<Context>, depth: usize) -> Result<Self> {
        if stages.len() > 1000 {
            return Err(QueryError::new(7_749_501, "Pipeline length must be no longer than 1000 stages"));
        }
        let mut pipeline =
            Self { stages: Vec::with_capacity(stages.len()), effect: None, context: Arc::clone(context) };
        for stage in stages {
            let (name, operand) = stage::single(stage)?;
            if pipeline.effect.is_some() {
                return Err(QueryError::new(
                    40601,
                    "$out and $merge can only be the final stage in the pipeline",
                ));
            }
            match effect::parse(name, operand)? {
                Some(_) if depth > 0 => {
                    return Err(QueryError::new(
                        51047,
                        format!("{name} is not allowed within a sub-pipeline"),
                    ));
                }
                Some(effect) => pipeline.effect = Some(effect),
                None => stage::parse(name, operand, context, depth, &mut pipeline.stages)?,
            }
        }
        Ok(pipeline)
    }

    /// What is to be done with the documents that come out: `$out` or `$merge`.
    pub(crate) fn effect(&self) -> Option<&Effect> {
        self.effect.as_ref()
    }

    /// The filter that the pipeline begins with: the caller may leave out what it doesn't pass.
    pub(crate) fn leading_filter(&self) -> Option<&Filter> {
        match self.stages.first() {
            Some(Stage::Match(filter)) => Some(filter),
            _ => None,
        }
    }

    /// The other collections that it reads.
    pub(crate) fn collections(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.stages.iter().for_each(|stage| stage.collections(&mut names));
        names
    }

    /// Runs it over the documents of its own collection.
    pub(crate) fn run<'a>(&'a self, input: Documents<'a>, collections: &'a dyn Collections) -> Documents<'a> {
        let run = Run { collections, context: &self.context };
        let output = run_stages(&self.stages, input, run);
        Box::new(output.map(|document| document.and_then(budget::checked)))
    }
}

/// What stages need while they run.
#[derive(Clone, Copy)]
struct Run<'a> {
    collections: &'a dyn Collections,
    context: &'a Arc<Context>,
}

fn run_stages<'a>(stages: &'a [Stage], input: Documents<'a>, run: Run<'a>) -> Documents<'a> {
    stages.iter().fold(input, |documents, stage| stage.run(documents, run))
}

/// Documents that are only made when the first one is asked for.
fn deferred<'a>(make: impl FnOnce() -> Result<Documents<'a>> + 'a) -> Documents<'a> {
    Box::new(std::iter::once_with(make).flat_map(|made| match made {
        Ok(documents) => documents,
        Err(error) => Box::new(std::iter::once(Err(error))),
    }))
}

/// Documents that are there already.
fn ready<'a>(documents: Vec<Document>) -> Documents<'a> {
    Box::new(documents.into_iter().map(Ok))
}

#[cfg(test)]
mod tests;
