//! `$bucket` and `$bucketAuto`: groups by ranges of a value.

use std::sync::Arc;

use bson::{Bson, Document, bson, doc};

use super::super::compare::{Rank, compare, equal};
use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::expression::{Expression, Scope};
use super::super::number::Number;
use super::accumulator::Accumulator;
use super::budget::{Budget, document_size};
use super::group::{Group, Groups, accumulators};
use super::{Documents, ready};

/// The lower ends of buckets, the last of which ends all.
#[derive(Debug)]
pub(super) struct Boundaries {
    ends: Vec<Bson>,
    default: Option<Bson>,
}

/// `$bucketAuto`.
#[derive(Debug)]
pub(super) struct BucketAuto {
    by: Expression,
    buckets: usize,
    fields: Vec<(String, Accumulator)>,
}

impl Boundaries {
    /// The lower end of the bucket that the value is in, or the default.
    pub(super) fn bucket(&self, value: Bson) -> Result<Bson> {
        let place = self.ends.partition_point(|end| compare(end, &value).is_le());
        let within = place > 0 && place < self.ends.len();
        let bucket = if within { self.ends.get(place - 1) } else { self.default.as_ref() };
        bucket.cloned().ok_or_else(|| {
            QueryError::new(
                40066,
                "$switch could not find a matching branch for an input, and no default was specified.",
            )
        })
    }
}

/// Parses `$bucket` into a group.
pub(super) fn bucket(operand: &Bson, context: &Arc<Context>) -> Result<Group> {
    let spec = object("$bucket", 40201, operand)?;
    let (Some(by), Some(ends)) = (spec.get("groupBy"), spec.get("boundaries")) else {
        return Err(QueryError::new(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified."));
    };
    if let Some(unknown) =
        spec.keys().find(|name| !matches!(name.as_str(), "groupBy" | "boundaries" | "default" | "output"))
    {
        return Err(QueryError::new(40197, format!("Unrecognized option to $bucket: {unknown}.")));
    }
    let Bson::Array(ends) = ends else {
        return Err(QueryError::new(40200, "The $bucket 'boundaries' field must be an array"));
    };
    let constant = |value: &Bson| {
        let evaluated = Expression::parse(value)?.evaluate(&Scope::new(&Document::new(), context))?;
        Ok(evaluated.unwrap_or(Bson::Null))
    };
    let ends = ends.iter().map(constant).collect::<Result<Vec<_>>>()?;
    check(&ends)?;
    let default = spec.get("default").map(constant).transpose()?;
    if let (Some(default), Some(first), Some(last)) = (&default, ends.first(), ends.last())
        && compare(default, first).is_ge()
        && compare(default, last).is_lt()
    {
        return Err(QueryError::new(
            40199,
            "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
        ));
    }
    let fields = output(spec, context)?;
    Ok(Group { by: Expression::parse(by)?, buckets: Some(Boundaries { ends, default }), fields })
}

fn object<'a>(stage: &str, code: i32, operand: &'a Bson) -> Result<&'a Document> {
    operand.as_document().ok_or_else(|| {
        QueryError::new(
            code,
            format!(
                "Argument to {stage} stage must be an object, but found type: {}.",
                super::super::types::name(operand)
            ),
        )
    })
}

fn check(ends: &[Bson]) -> Result<()> {
    if ends.len() < 2 {
        return Err(QueryError::new(
            40192,
            format!(
                "The $bucket 'boundaries' field must have at least 2 values, but found {} value(s).",
                ends.len()
            ),
        ));
    }
    for pair in ends.windows(2) {
        let [low, high] = pair else { continue };
        if Rank::of(low) != Rank::of(high) {
            return Err(QueryError::new(
                40193,
                "All values in the the 'boundaries' option to $bucket must have the same type.",
            ));
        }
        if compare(low, high).is_ge() {
            return Err(QueryError::new(
                40194,
                "The 'boundaries' option to $bucket must be sorted in ascending order.",
            ));
        }
    }
    Ok(())
}

/// What is gathered: a count, if nothing is said.
fn output(spec: &Document, context: &Arc<Context>) -> Result<Vec<(String, Accumulator)>> {
    match spec.get("output") {
        Some(Bson::Document(output)) => accumulators(output.iter(), context),
        Some(_) => Err(QueryError::new(40196, "The 'output' field must be an object")),
        None => accumulators(doc! { "count": { "$sum": 1 } }.iter(), context),
    }
}

impl BucketAuto {
    pub(super) fn parse(operand: &Bson, context: &Arc<Context>) -> Result<Self> {
        let spec = object("$bucketAuto", 40240, operand)?;
        if spec.contains_key("granularity") {
            return Err(QueryError::not_here("$bucketAuto's granularity"));
        }
        let (Some(by), Some(buckets)) = (spec.get("groupBy"), spec.get("buckets")) else {
            return Err(QueryError::new(
                40246,
                "$bucketAuto requires 'groupBy' and 'buckets' to be specified.",
            ));
        };
        let buckets = Number::of(buckets)
            .and_then(|number| number.to_i64())
            .and_then(|count| usize::try_from(count).ok());
        let buckets = buckets.filter(|count| *count > 0).ok_or_else(|| {
            QueryError::new(40243, "The $bucketAuto 'buckets' field must be greater than 0")
        })?;
        Ok(Self { by: Expression::parse(by)?, buckets, fields: output(spec, context)? })
    }

    /// Buckets of about as many documents; equal values stay together.
    pub(super) fn run<'a>(&self, input: Documents<'a>, context: &Context) -> Result<Documents<'a>> {
        let documents = self.in_order(input, context)?;
        let share = documents.len().div_ceil(self.buckets).max(1);
        let mut results: Vec<Document> = Vec::new();
        let mut rest = documents.as_slice();
        while !rest.is_empty() {
            let last_bucket = results.len() + 1 == self.buckets;
            let count = if last_bucket { rest.len() } else { with_equals(rest, share) };
            let (bucket, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let low = bucket.first().map_or(Bson::Null, |(value, _)| value.clone());
            let high = behind.first().or(bucket.last()).map_or(Bson::Null, |(value, _)| value.clone());
            let mut groups = Groups::new(&self.fields);
            for (_, document) in bucket {
                groups.add(
                    bson!({ "min": low.clone(), "max": high.clone() }),
                    &Scope::new(document, context),
                )?;
            }
            results.extend(groups.finish()?);
            rest = behind;
        }
        Ok(ready(results))
    }

    fn in_order(&self, input: Documents<'_>, context: &Context) -> Result<Vec<(Bson, Document)>> {
        let mut budget = Budget::new("$bucketAuto");
        let mut documents = Vec::new();
        for document in input {
            let document = document?;
            budget.take(document_size(&document))?;
            let value = self.by.evaluate(&Scope::new(&document, context))?.unwrap_or(Bson::Null);
            documents.push((value, document));
        }
        documents.sort_by(|left, right| compare(&left.0, &right.0));
        Ok(documents)
    }
}

/// How many documents the next bucket takes: its share, and those equal to the last of it.
fn with_equals(rest: &[(Bson, Document)], share: usize) -> usize {
    let count = share.min(rest.len());
    let Some((last, _)) = rest.get(count - 1) else { return count };
    count + rest.iter().skip(count).take_while(|(value, _)| equal(value, last)).count()
}
