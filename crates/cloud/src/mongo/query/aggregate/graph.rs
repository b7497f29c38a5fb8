//! `$graphLookup`: documents that are reached from one another.

use std::collections::BTreeSet;
use std::sync::Arc;

use bson::{Bson, Document};

use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::expression::{Expression, Scope, Value, field};
use super::super::filter::Filter;
use super::super::key;
use super::super::number::Number;
use super::super::path::Path;
use super::Run;
use super::budget::{Budget, document_size};
use super::lookup::{joining, matching, text};
use super::unwind::set;

/// The stage.
#[derive(Debug)]
pub(super) struct GraphLookup {
    pub(super) from: String,
    start: Expression,
    connect_from: Path,
    connect_to: String,
    to: Path,
    most_depth: Option<i64>,
    depth_field: Option<Path>,
    restriction: Option<Document>,
}

impl GraphLookup {
    pub(super) fn parse(operand: &Bson, context: &Arc<Context>) -> Result<Self> {
        let spec = operand.as_document().ok_or_else(|| {
            QueryError::failed_to_parse("the $graphLookup stage specification must be an object")
        })?;
        let wanted = |name: &str| {
            text("$graphLookup", spec, name)?.ok_or_else(|| {
                QueryError::new(40105, format!("$graphLookup requires '{name}' to be specified"))
            })
        };
        let start = spec
            .get("startWith")
            .ok_or_else(|| QueryError::new(40105, "$graphLookup requires 'startWith' to be specified"))?;
        let depth = |value: &Bson| {
            Number::of(value)
                .and_then(|number| number.to_i64())
                .filter(|depth| *depth >= 0)
                .ok_or_else(|| QueryError::new(40101, "maxDepth requires a nonnegative argument"))
        };
        let restriction = match spec.get("restrictSearchWithMatch") {
            None => None,
            Some(Bson::Document(filter)) => {
                Filter::parse(filter, context)?;
                Some(filter.clone())
            }
            Some(_) => return Err(QueryError::new(40185, "restrictSearchWithMatch must be an object")),
        };
        Ok(Self {
            from: wanted("from")?.to_owned(),
            start: Expression::parse(start)?,
            connect_from: Path::new(wanted("connectFromField")?)?,
            connect_to: wanted("connectToField")?.to_owned(),
            to: Path::new(wanted("as")?)?,
            most_depth: spec.get("maxDepth").map(depth).transpose()?,
            depth_field: text("$graphLookup", spec, "depthField")?.map(Path::new).transpose()?,
            restriction,
        })
    }

    /// The document with all that is reached from it, level by level.
    pub(super) fn join(&self, mut document: Document, run: Run<'_>) -> Result<Document> {
        let mut budget = Budget::new("$graphLookup");
        let (mut seen, mut asked) = (BTreeSet::new(), BTreeSet::new());
        let mut found: Vec<Bson> = Vec::new();
        let mut frontier = fresh(self.start.evaluate(&Scope::new(&document, run.context))?, &mut asked);
        let mut depth = 0;
        while !frontier.is_empty() && self.most_depth.is_none_or(|most| depth <= most) {
            let mut next = Vec::new();
            for reached in self.level(std::mem::take(&mut frontier), run)? {
                if !seen.insert(reached.get("_id").map(key::encode).unwrap_or_default()) {
                    continue;
                }
                budget.take(document_size(&reached))?;
                next.extend(fresh(field(&reached, self.connect_from.parts()), &mut asked));
                found.push(self.at_depth(reached, depth));
            }
            frontier = next;
            depth += 1;
        }
        set(&mut document, self.to.parts(), Some(Bson::Array(found)));
        Ok(document)
    }

    fn level(&self, values: Vec<Bson>, run: Run<'_>) -> Result<Vec<Document>> {
        let mut filter = joining(Some(Bson::Array(values)), &self.connect_to, run.context)?;
        if let Some(restriction) = &self.restriction {
            filter = filter.and(Filter::parse(restriction, run.context)?);
        }
        matching(&self.from, filter, run)?.collect()
    }

    fn at_depth(&self, mut document: Document, depth: i64) -> Bson {
        if let Some(name) = &self.depth_field {
            set(&mut document, name.parts(), Some(Bson::Int64(depth)));
        }
        Bson::Document(document)
    }
}

/// The values that have not been asked for yet.
fn fresh(value: Value, asked: &mut BTreeSet<Vec<u8>>) -> Vec<Bson> {
    let values = match value {
        Some(Bson::Array(values)) => values,
        other => other.into_iter().collect(),
    };
    values.into_iter().filter(|value| asked.insert(key::encode(value))).collect()
}
