//! The stages: their table, and how each passes documents on.

use std::collections::BTreeSet;
use std::sync::Arc;

use bson::{Bson, Document, doc};

use super::super::context::{Context, DEPTH};
use super::super::error::{QueryError, Result};
use super::super::filter::Filter;
use super::super::number::Number;
use super::super::sort::Sort;
use super::bucket::BucketAuto;
use super::budget::{Budget, document_size};
use super::graph::GraphLookup;
use super::group::Group;
use super::lookup::{Lookup, Union};
use super::reshape::Reshape;
use super::unwind::Unwind;
use super::{Documents, Pipeline, Run, deferred, ready, run_stages};

/// A parsed stage.
#[derive(Debug)]
pub(super) enum Stage {
    Match(Filter),
    Reshape(Reshape),
    Group(Box<Group>),
    /// With the number of documents that a `$limit` behind it keeps.
    Sort(Sort, Option<usize>),
    Skip(usize),
    Limit(usize),
    Unwind(Unwind),
    Lookup(Box<Lookup>),
    GraphLookup(Box<GraphLookup>),
    Union(Union),
    Facet(Vec<(String, Vec<Stage>)>),
    BucketAuto(Box<BucketAuto>),
    Count(String),
    Sample(usize),
}

/// The name and the operand of a stage.
pub(super) fn single(stage: &Bson) -> Result<(&str, &Bson)> {
    let document = stage
        .as_document()
        .ok_or_else(|| QueryError::type_mismatch("Each element of the 'pipeline' array must be an object"))?;
    match (document.iter().next(), document.len()) {
        (Some((name, operand)), 1) => Ok((name, operand)),
        _ => Err(QueryError::new(
            40323,
            "A pipeline stage specification object must contain exactly one field.",
        )),
    }
}

/// Parses a stage and puts it behind the others.
pub(super) fn parse(
    name: &str,
    operand: &Bson,
    context: &Arc<Context>,
    depth: usize,
    to: &mut Vec<Stage>,
) -> Result<()> {
    if depth > DEPTH {
        return Err(QueryError::too_deep());
    }
    let stage = match name {
        "$match" => {
            let filter = object(operand, || {
                QueryError::new(15959, "the match filter must be an expression in an object")
            })?;
            Stage::Match(Filter::parse(filter, context)?)
        }
        "$group" => Stage::Group(Box::new(Group::parse(operand, context)?)),
        "$sort" => sort(operand)?,
        "$skip" => Stage::Skip(count(operand, 5_107_200, "$skip", 0)?),
        "$limit" => return limit(count(operand, 5_107_201, "$limit", 1)?, to),
        "$unwind" => Stage::Unwind(Unwind::parse(operand)?),
        "$lookup" => Stage::Lookup(Box::new(Lookup::parse(operand, context, depth)?)),
        "$graphLookup" => Stage::GraphLookup(Box::new(GraphLookup::parse(operand, context)?)),
        "$unionWith" => Stage::Union(Union::parse(operand, context, depth)?),
        "$facet" => facet(operand, context, depth)?,
        "$bucket" => Stage::Group(Box::new(super::bucket::bucket(operand, context)?)),
        "$bucketAuto" => Stage::BucketAuto(Box::new(BucketAuto::parse(operand, context)?)),
        "$count" => Stage::Count(field_name(operand)?),
        "$sortByCount" => {
            let by = doc! { "_id": operand.clone(), "count": { "$sum": 1 } };
            to.push(Stage::Group(Box::new(Group::parse(&Bson::Document(by), context)?)));
            Stage::Sort(Sort::parse(&doc! { "count": -1 })?, None)
        }
        "$sample" => Stage::Sample(sample(operand)?),
        _ => match Reshape::parse(name, operand, context)? {
            Some(reshape) => Stage::Reshape(reshape),
            None => {
                return Err(QueryError::new(40324, format!("Unrecognized pipeline stage name: '{name}'")));
            }
        },
    };
    to.push(stage);
    Ok(())
}

impl Stage {
    /// The collections it reads.
    pub(super) fn collections(&self, to: &mut BTreeSet<String>) {
        match self {
            Self::Lookup(lookup) => lookup.collections(to),
            Self::GraphLookup(graph) => drop(to.insert(graph.from.clone())),
            Self::Union(union) => union.collections(to),
            Self::Facet(facets) => {
                facets.iter().flat_map(|(_, stages)| stages).for_each(|stage| stage.collections(to));
            }
            _ => {}
        }
    }

    /// The documents behind the stage.
    pub(super) fn run<'a>(&'a self, input: Documents<'a>, run: Run<'a>) -> Documents<'a> {
        match self {
            Self::Match(filter) => Box::new(input.filter_map(|document| {
                document.and_then(|document| Ok(filter.matches(&document)?.then_some(document))).transpose()
            })),
            Self::Reshape(reshape) => Box::new(
                input.filter_map(|document| document.and_then(|document| reshape.pass(document)).transpose()),
            ),
            Self::Skip(count) => Box::new(input.skip(*count)),
            Self::Limit(count) => Box::new(input.take(*count)),
            Self::Unwind(unwind) => Box::new(input.flat_map(|document| unwind.run(document))),
            Self::Lookup(lookup) => Box::new(input.map(move |document| lookup.join(document?, run))),
            Self::GraphLookup(graph) => Box::new(input.map(move |document| graph.join(document?, run))),
            Self::Union(union) => Box::new(input.chain(deferred(move || union.documents(run)))),
            Self::Group(group) => deferred(move || group.run(input, run.context)),
            Self::Sort(order, limit) => deferred(move || Ok(ready(sorted(input, order, *limit)?))),
            Self::Facet(facets) => deferred(move || run_facets(facets, input, run)),
            Self::BucketAuto(buckets) => deferred(move || buckets.run(input, run.context)),
            Self::Count(name) => deferred(move || counted(input, name)),
            Self::Sample(size) => deferred(move || Ok(ready(sampled(input, *size, run.context)?))),
        }
    }
}

fn object(operand: &Bson, wrong: impl FnOnce() -> QueryError) -> Result<&Document> {
    operand.as_document().ok_or_else(wrong)
}

fn sort(operand: &Bson) -> Result<Stage> {
    let spec = object(operand, || QueryError::new(15973, "the $sort key specification must be an object"))?;
    if spec.is_empty() {
        return Err(QueryError::new(15976, "$sort stage must have at least one sort key"));
    }
    Ok(Stage::Sort(Sort::parse(spec)?, None))
}

/// A limit right behind a sort is told to it, so that it holds no more than that.
fn limit(count: usize, to: &mut Vec<Stage>) -> Result<()> {
    if let Some(Stage::Sort(_, limit @ None)) = to.last_mut() {
        *limit = Some(count);
    }
    to.push(Stage::Limit(count));
    Ok(())
}

fn count(operand: &Bson, code: i32, name: &str, least: usize) -> Result<usize> {
    let invalid =
        |why: &str| QueryError::new(code, format!("invalid argument to {name} stage: {why}: {operand}"));
    let number = Number::of(operand).ok_or_else(|| invalid("Expected a number in"))?;
    let whole = number.to_i64().ok_or_else(|| invalid("Expected an integer"))?;
    let count = usize::try_from(whole).map_err(|_| invalid("Expected a non-negative number in"))?;
    if count < least {
        return Err(QueryError::new(15958, "the limit must be positive"));
    }
    Ok(count)
}

fn sample(operand: &Bson) -> Result<usize> {
    let spec =
        object(operand, || QueryError::new(28745, "the $sample stage specification must be an object"))?;
    let size = spec.get("size").ok_or_else(|| QueryError::new(28749, "$sample stage must specify a size"))?;
    let number = Number::of(size)
        .ok_or_else(|| QueryError::new(28746, "size argument to $sample must be a number"))?;
    let size = number.truncated().and_then(|size| usize::try_from(size).ok());
    size.ok_or_else(|| QueryError::new(28747, "size argument to $sample must not be negative"))
}

fn field_name(operand: &Bson) -> Result<String> {
    match operand {
        Bson::String(name) if name.is_empty() => {
            Err(QueryError::new(40157, "the count field must be a non-empty string"))
        }
        Bson::String(name) if name.starts_with('$') => {
            Err(QueryError::new(40158, "the count field cannot be a $-prefixed path"))
        }
        Bson::String(name) if name.contains('.') => {
            Err(QueryError::new(40160, "the count field cannot contain '.'"))
        }
        Bson::String(name) => Ok(name.clone()),
        _ => Err(QueryError::new(40156, "the count field must be a non-empty string")),
    }
}

fn facet(operand: &Bson, context: &Arc<Context>, depth: usize) -> Result<Stage> {
    let spec = operand
        .as_document()
        .filter(|spec| !spec.is_empty())
        .ok_or_else(|| QueryError::new(40169, "the $facet specification must be a non-empty object"))?;
    let mut facets = Vec::with_capacity(spec.len());
    for (name, stages) in spec {
        let stages = stages.as_array().ok_or_else(|| {
            QueryError::new(40170, format!("arguments to $facet must be arrays, {name} is of another type"))
        })?;
        for stage in stages {
            let (inner, _) = single(stage)?;
            if matches!(inner, "$facet" | "$out" | "$merge") {
                return Err(QueryError::new(
                    40600,
                    format!("{inner} is not allowed to be used within a $facet stage"),
                ));
            }
        }
        facets.push((name.clone(), Pipeline::nested(stages, context, depth + 1)?.stages));
    }
    Ok(Stage::Facet(facets))
}

fn run_facets<'a>(
    facets: &'a [(String, Vec<Stage>)],
    input: Documents<'a>,
    run: Run<'a>,
) -> Result<Documents<'a>> {
    let mut budget = Budget::new("$facet");
    let mut documents = Vec::new();
    for document in input {
        let document = document?;
        budget.take(document_size(&document))?;
        documents.push(document);
    }
    let mut result = Document::new();
    for (name, stages) in facets {
        let outcome = run_stages(stages, Box::new(documents.iter().cloned().map(Ok)), run);
        let outcome = outcome.map(|document| Ok(Bson::Document(document?))).collect::<Result<Vec<_>>>()?;
        result.insert(name.clone(), Bson::Array(outcome));
    }
    Ok(ready(vec![result]))
}

/// The documents in order; with a limit, no more than twice as many are ever held.
fn sorted(input: Documents<'_>, order: &Sort, limit: Option<usize>) -> Result<Vec<Document>> {
    let mut budget = Budget::new("$sort");
    let mut held: Vec<(Vec<u8>, usize, Document)> = Vec::new();
    for document in input {
        let document = document?;
        let (key, size) = (order.key(&document)?, document_size(&document));
        budget.take(size + key.len())?;
        held.push((key, size, document));
        if let Some(limit) = limit
            && held.len() >= limit.saturating_mul(2).max(64)
        {
            held.sort_by(|left, right| left.0.cmp(&right.0));
            held.drain(limit..).for_each(|(key, size, _)| budget.give(size + key.len()));
        }
    }
    held.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(held.into_iter().take(limit.unwrap_or(usize::MAX)).map(|(_, _, document)| document).collect())
}

fn counted<'a>(mut input: Documents<'a>, name: &str) -> Result<Documents<'a>> {
    let count = input.try_fold(0_i64, |count, document| document.map(|_| count + 1))?;
    let mut document = Document::new();
    document.insert(name, Bson::from(Number::narrow(count)));
    Ok(ready(if count == 0 { Vec::new() } else { vec![document] }))
}

/// Some documents at random (reservoir sampling).
fn sampled(input: Documents<'_>, size: usize, context: &Context) -> Result<Vec<Document>> {
    let mut budget = Budget::new("$sample");
    let mut chosen: Vec<Document> = Vec::new();
    for (seen, document) in input.enumerate() {
        let document = document?;
        if chosen.len() < size {
            budget.take(document_size(&document))?;
            chosen.push(document);
            continue;
        }
        let place = context.random_bits() % u64::try_from(seen).unwrap_or(u64::MAX).saturating_add(1);
        if let Some(slot) = usize::try_from(place).ok().and_then(|place| chosen.get_mut(place)) {
            *slot = document;
        }
    }
    Ok(chosen)
}
