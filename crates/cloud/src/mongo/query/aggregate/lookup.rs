//! `$lookup` and `$unionWith`: documents of other collections.

use std::collections::BTreeSet;
use std::sync::Arc;

use bson::{Bson, Document, bson};

use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::expression::{Expression, Scope, field, is_valid_variable};
use super::super::filter::Filter;
use super::super::path::Path;
use super::super::types::name;
use super::budget::{Budget, document_size};
use super::stage::single;
use super::unwind::set;
use super::{Documents, Pipeline, Run};

/// `$lookup` in both of its forms.
#[derive(Debug)]
pub(super) struct Lookup {
    from: String,
    on: Option<(Path, String)>,
    variables: Vec<(String, Expression)>,
    pipeline: Option<Vec<Bson>>,
    others: BTreeSet<String>,
    to: Path,
}

/// `$unionWith`.
#[derive(Debug)]
pub(super) struct Union {
    collection: String,
    pipeline: Pipeline,
}

impl Lookup {
    pub(super) fn parse(operand: &Bson, context: &Arc<Context>, depth: usize) -> Result<Self> {
        let spec = operand.as_document().ok_or_else(|| {
            QueryError::failed_to_parse(format!(
                "the $lookup specification must be an Object, but found {}",
                name(operand)
            ))
        })?;
        let known = ["from", "localField", "foreignField", "as", "let", "pipeline"];
        if let Some(unknown) = spec.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(QueryError::failed_to_parse(format!("unknown argument to $lookup: {unknown}")));
        }
        let text = |name: &str| text("$lookup", spec, name);
        let to = text("as")?
            .ok_or_else(|| QueryError::failed_to_parse("must specify 'as' field for a $lookup"))?;
        let from = text("from")?
            .ok_or_else(|| QueryError::failed_to_parse("must specify 'from' field for a $lookup"))?;
        let on = match (text("localField")?, text("foreignField")?) {
            (Some(local), Some(foreign)) => Some((Path::new(local)?, foreign.to_owned())),
            (None, None) => None,
            _ => {
                return Err(QueryError::failed_to_parse(
                    "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
                ));
            }
        };
        let pipeline = match spec.get("pipeline") {
            Some(Bson::Array(stages)) => Some(stages.clone()),
            Some(_) => {
                return Err(QueryError::type_mismatch("'pipeline' option must be specified as an array"));
            }
            None if on.is_none() => {
                return Err(QueryError::failed_to_parse(
                    "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
                ));
            }
            None => None,
        };
        let variables = variables(spec)?;
        // Parsed for each document, as its variables differ; here only to refuse what is wrong, and for its names.
        let checked = Pipeline::nested(pipeline.as_deref().unwrap_or_default(), context, depth + 1)?;
        let lookup = Self {
            from: from.to_owned(),
            on,
            variables,
            pipeline,
            others: checked.collections(),
            to: Path::new(to)?,
        };
        Ok(lookup)
    }

    pub(super) fn collections(&self, to: &mut BTreeSet<String>) {
        to.insert(self.from.clone());
        to.extend(self.others.iter().cloned());
    }

    /// The document with what was found in the other collection.
    pub(super) fn join(&self, mut document: Document, run: Run<'_>) -> Result<Document> {
        let context = self.bound(&document, run.context)?;
        let found = self.found(&document, &context, run)?;
        set(&mut document, self.to.parts(), Some(Bson::Array(found)));
        Ok(document)
    }

    fn bound(&self, document: &Document, context: &Arc<Context>) -> Result<Arc<Context>> {
        if self.variables.is_empty() {
            return Ok(Arc::clone(context));
        }
        let mut bound = Document::new();
        let scope = Scope::new(document, context);
        for (name, expression) in &self.variables {
            bound.insert(name.clone(), expression.evaluate(&scope)?.unwrap_or(Bson::Null));
        }
        Ok(Arc::new(context.with_variables(bound)))
    }

    fn found(&self, document: &Document, context: &Arc<Context>, run: Run<'_>) -> Result<Vec<Bson>> {
        let pipeline = Pipeline::parse(self.pipeline.as_deref().unwrap_or_default(), context)?;
        let input = match &self.on {
            Some((local, foreign)) => {
                let filter = joining(field(document, local.parts()), foreign, context)?;
                matching(&self.from, filter, run)?
            }
            None => run.collections.scan(&self.from, pipeline.leading_filter())?,
        };
        let mut budget = Budget::new("$lookup");
        let mut found = Vec::new();
        for document in pipeline.run(input, run.collections) {
            let document = document?;
            budget.take(document_size(&document))?;
            found.push(Bson::Document(document));
        }
        Ok(found)
    }
}

/// The documents of a collection that a filter passes.
pub(super) fn matching<'a>(collection: &str, filter: Filter, run: Run<'a>) -> Result<Documents<'a>> {
    let documents = run.collections.scan(collection, Some(&filter))?;
    Ok(Box::new(documents.filter_map(move |document| {
        document.and_then(|document| Ok(filter.matches(&document)?.then_some(document))).transpose()
    })))
}

/// The filter for documents whose field is one of the values; what is missing is null.
pub(super) fn joining(local: Option<Bson>, foreign: &str, context: &Arc<Context>) -> Result<Filter> {
    let values = match local {
        Some(Bson::Array(values)) => values,
        other => vec![other.unwrap_or(Bson::Null)],
    };
    // A regular expression is a value here and no pattern.
    let pattern = |value: &Bson| matches!(value, Bson::RegularExpression(_));
    let (patterns, plain): (Vec<Bson>, Vec<Bson>) = values.into_iter().partition(pattern);
    let mut filter = Document::new();
    if patterns.is_empty() {
        filter.insert(foreign, literal_list(plain));
    } else {
        let mut either = vec![single_field(foreign, literal_list(plain))];
        either.extend(patterns.into_iter().map(|value| single_field(foreign, bson!({ "$eq": value }))));
        filter.insert("$or", Bson::Array(either));
    }
    Filter::parse(&filter, context)
}

fn literal_list(values: Vec<Bson>) -> Bson {
    match <[Bson; 1]>::try_from(values) {
        Ok([value]) => bson!({ "$eq": value }),
        Err(values) => bson!({ "$in": Bson::Array(values) }),
    }
}

fn single_field(name: &str, value: Bson) -> Bson {
    Bson::Document(std::iter::once((name.to_owned(), value)).collect())
}

fn variables(spec: &Document) -> Result<Vec<(String, Expression)>> {
    let given = match spec.get("let") {
        None => return Ok(Vec::new()),
        Some(Bson::Document(given)) => given,
        Some(other) => {
            return Err(QueryError::failed_to_parse(format!(
                "$lookup argument 'let: {other}' must be an object, is type {}",
                name(other)
            )));
        }
    };
    let one = |(name, value): (&String, &Bson)| {
        is_valid_variable(name)?;
        Ok((name.clone(), Expression::parse(value)?))
    };
    given.iter().map(one).collect()
}

/// A field of a stage that is a string if it is there.
pub(super) fn text<'a>(stage: &str, spec: &'a Document, field: &str) -> Result<Option<&'a str>> {
    match spec.get(field) {
        None => Ok(None),
        Some(Bson::String(text)) => Ok(Some(text)),
        Some(other) => {
            let found = name(other);
            Err(QueryError::failed_to_parse(format!(
                "{stage} argument '{field}' must be a string, found {field}: {other}, of type {found}"
            )))
        }
    }
}

impl Union {
    pub(super) fn parse(operand: &Bson, context: &Arc<Context>, depth: usize) -> Result<Self> {
        let (collection, stages): (&str, &[Bson]) = match operand {
            Bson::String(collection) => (collection, &[]),
            Bson::Document(spec) => {
                let collection = text("$unionWith", spec, "coll")?;
                let collection = collection.ok_or_else(|| QueryError::failed_to_parse("$unionWith stage without explicit collection must have a pipeline with $documents as first stage"))?;
                (collection, spec.get("pipeline").and_then(Bson::as_array).map_or(&[], Vec::as_slice))
            }
            _ => {
                return Err(QueryError::failed_to_parse(
                    "the $unionWith stage specification must be an object or string, but found another type",
                ));
            }
        };
        stages.iter().try_for_each(|stage| single(stage).map(drop))?;
        Ok(Self {
            collection: collection.to_owned(),
            pipeline: Pipeline::nested(stages, context, depth + 1)?,
        })
    }

    pub(super) fn collections(&self, to: &mut BTreeSet<String>) {
        to.insert(self.collection.clone());
        to.extend(self.pipeline.collections());
    }

    pub(super) fn documents<'a>(&'a self, run: Run<'a>) -> Result<Documents<'a>> {
        let input = run.collections.scan(&self.collection, self.pipeline.leading_filter())?;
        Ok(self.pipeline.run(input, run.collections))
    }
}
