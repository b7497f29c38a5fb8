//! Accumulators that keep some values in an order: `$firstN`, `$lastN`, `$minN`, `$maxN`, `$top`, `$topN`, `$bottom`,
//! `$bottomN`.

use std::collections::BTreeMap;
use std::sync::Arc;

use bson::{Bson, Document};

use super::super::super::context::Context;
use super::super::super::error::{QueryError, Result};
use super::super::super::expression::{Expression, Scope, Value, nullish};
use super::super::super::key;
use super::super::super::number::Number;
use super::super::super::sort::Sort;
use super::super::budget::size;

/// How values are ranked, and how many are kept.
#[derive(Debug, Clone)]
pub(super) struct Ranked {
    by: By,
    end: End,
    count: usize,
    /// Whether the result is the one value, and not an array.
    single: bool,
}

#[derive(Debug, Clone)]
enum By {
    Arrival,
    Value,
    Sort(Sort),
}

/// Which end of the order is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
}

/// Parses the accumulator if it is one of these.
pub(super) fn parse(
    operator: &str,
    operand: &Bson,
    context: &Arc<Context>,
) -> Result<Option<(Ranked, Expression)>> {
    let (kind, end) = match operator {
        "$firstN" => ("arrival", End::Low),
        "$lastN" => ("arrival", End::High),
        "$minN" => ("value", End::Low),
        "$maxN" => ("value", End::High),
        "$top" | "$topN" => ("sort", End::Low),
        "$bottom" | "$bottomN" => ("sort", End::High),
        _ => return Ok(None),
    };
    let Bson::Document(spec) = operand else {
        return Err(QueryError::new(
            5_787_801,
            format!("specification must be an object; found {operator}: {operand}"),
        ));
    };
    let part = |name: &str| {
        spec.get(name)
            .ok_or_else(|| QueryError::new(5_787_907, format!("Missing value for '{name}' in {operator}")))
    };
    let single = matches!(operator, "$top" | "$bottom");
    let count = if single { 1 } else { count(operator, part("n")?, context)? };
    let (by, output) = match kind {
        "arrival" => (By::Arrival, part("input")?),
        "value" => (By::Value, part("input")?),
        _ => {
            let Bson::Document(order) = part("sortBy")? else {
                return Err(QueryError::new(
                    5_788_004,
                    "expected 'sortBy' to already be an object in the arguments to $top or $bottom",
                ));
            };
            (By::Sort(Sort::parse(order)?), part("output")?)
        }
    };
    Ok(Some((Ranked { by, end, count, single }, Expression::parse(output)?)))
}

fn count(operator: &str, operand: &Bson, context: &Context) -> Result<usize> {
    let value = Expression::parse(operand)?.evaluate(&Scope::new(&Document::new(), context))?;
    let whole = value.as_ref().and_then(Number::of).and_then(|number| number.to_i64());
    whole.and_then(|whole| usize::try_from(whole).ok()).filter(|count| *count > 0).ok_or_else(|| {
        QueryError::new(
            5_787_908,
            format!("'n' must be greater than 0 and an integer in {operator}: {operand}"),
        )
    })
}

impl Ranked {
    /// Adds a value; the answer is how many more bytes are held.
    pub(super) fn add(
        &self,
        kept: &mut BTreeMap<(Vec<u8>, u64), Bson>,
        came: &mut u64,
        value: Value,
        scope: &Scope<'_>,
    ) -> Result<usize> {
        let rank = match &self.by {
            By::Arrival => Vec::new(),
            By::Value if nullish(value.as_ref()) => return Ok(0),
            By::Value => key::encode(value.as_ref().unwrap_or(&Bson::Null)),
            By::Sort(sort) => sort.key(scope.root())?,
        };
        *came += 1;
        let value = value.unwrap_or(Bson::Null);
        let held = rank.len() + size(&value);
        kept.insert((rank, *came), value);
        if kept.len() <= self.count {
            return Ok(held);
        }
        match self.end {
            End::Low => drop(kept.pop_last()),
            End::High => drop(kept.pop_first()),
        }
        Ok(0)
    }

    pub(super) fn finish(&self, kept: BTreeMap<(Vec<u8>, u64), Bson>) -> Bson {
        let mut values: Vec<Bson> = kept.into_values().collect();
        if self.end == End::High && matches!(self.by, By::Value) {
            values.reverse();
        }
        if self.single {
            return values.pop().unwrap_or(Bson::Null);
        }
        Bson::Array(values)
    }
}
