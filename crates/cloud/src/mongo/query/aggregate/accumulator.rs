//! What `$group`, `$bucket` and `$bucketAuto` gather of the documents of a group.

mod ranked;

use std::collections::BTreeMap;
use std::sync::Arc;

use bson::{Bson, Document};

use super::super::compare::compare;
use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::expression::{Deviation, Expression, Scope, Sum, Value, deviation, nullish};
use super::super::key;
use super::super::number::Number;
use super::super::types::name;
use super::budget::size;
use ranked::Ranked;

/// A parsed accumulator.
#[derive(Debug)]
pub(super) struct Accumulator {
    kind: Kind,
    operand: Expression,
}

#[derive(Debug, Clone)]
enum Kind {
    Sum,
    Average,
    Least,
    Greatest,
    First,
    Last,
    Push,
    AddToSet,
    Merge,
    Deviation(Deviation),
    Ranked(Ranked),
}

/// What has been gathered.
#[derive(Debug)]
pub(super) enum State {
    Sum(Sum),
    Value(Option<Bson>),
    Array(Vec<Bson>),
    Set(BTreeMap<Vec<u8>, Bson>),
    Document(Document),
    Numbers(Vec<f64>),
    /// Values by the bytes they are in order of, with the number at which they came.
    Ranked(BTreeMap<(Vec<u8>, u64), Bson>, u64),
}

impl Accumulator {
    /// Parses `{$sum: …}`.
    pub(super) fn parse(field: &str, operand: &Bson, context: &Arc<Context>) -> Result<Self> {
        let spec = operand.as_document().ok_or_else(|| {
            QueryError::new(40234, format!("The field '{field}' must be an accumulator object"))
        })?;
        let (Some((operator, operand)), 1) = (spec.iter().next(), spec.len()) else {
            return Err(QueryError::new(40238, format!("The field '{field}' must specify one accumulator")));
        };
        let kind = match operator.as_str() {
            "$sum" => Kind::Sum,
            "$count" => return Self::count(operand),
            "$avg" => Kind::Average,
            "$min" => Kind::Least,
            "$max" => Kind::Greatest,
            "$first" => Kind::First,
            "$last" => Kind::Last,
            "$push" => Kind::Push,
            "$addToSet" => Kind::AddToSet,
            "$mergeObjects" => Kind::Merge,
            "$stdDevPop" => Kind::Deviation(Deviation::Population),
            "$stdDevSamp" => Kind::Deviation(Deviation::Sample),
            _ => match ranked::parse(operator, operand, context)? {
                Some((ranked, output)) => return Ok(Self { kind: Kind::Ranked(ranked), operand: output }),
                None => return Err(QueryError::new(15952, format!("unknown group operator '{operator}'"))),
            },
        };
        if let Bson::Array(operands) = operand
            && operands.len() != 1
        {
            return Err(QueryError::new(40237, format!("The {operator} accumulator is a unary operator")));
        }
        let operand = match operand {
            Bson::Array(operands) => operands.first().unwrap_or(&Bson::Null),
            one => one,
        };
        Ok(Self { kind, operand: Expression::parse(operand)? })
    }

    fn count(operand: &Bson) -> Result<Self> {
        if operand.as_document().is_none_or(|document| !document.is_empty()) {
            return Err(QueryError::type_mismatch("$count takes no arguments, i.e. $count:{}"));
        }
        Ok(Self { kind: Kind::Sum, operand: Expression::Literal(Bson::Int32(1)) })
    }

    /// An empty group's state.
    pub(super) fn start(&self) -> State {
        match self.kind {
            Kind::Sum | Kind::Average => State::Sum(Sum::new()),
            Kind::Least | Kind::Greatest | Kind::First | Kind::Last => State::Value(None),
            Kind::Push => State::Array(Vec::new()),
            Kind::AddToSet => State::Set(BTreeMap::new()),
            Kind::Merge => State::Document(Document::new()),
            Kind::Deviation(_) => State::Numbers(Vec::new()),
            Kind::Ranked(_) => State::Ranked(BTreeMap::new(), 0),
        }
    }

    /// Adds the scope's document; the answer is how many more bytes are held.
    pub(super) fn add(&self, state: &mut State, scope: &Scope<'_>) -> Result<usize> {
        // What came first stays, so that nothing needs to be evaluated any more.
        if let (Kind::First, State::Value(Some(_))) = (&self.kind, &state) {
            return Ok(0);
        }
        let value = self.operand.evaluate(scope)?;
        match (&self.kind, state) {
            (_, State::Sum(sum)) => {
                value.iter().for_each(|value| sum.add(value));
                Ok(0)
            }
            (kind, State::Value(kept)) => {
                if kind.replaces(kept.as_ref(), value.as_ref()) {
                    *kept = Some(value.unwrap_or(Bson::Null));
                }
                Ok(0)
            }
            (_, State::Array(array)) => Ok(value.map_or(0, |value| {
                let held = size(&value);
                array.push(value);
                held
            })),
            (_, State::Set(set)) => Ok(value.map_or(0, |value| {
                let (bytes, held) = (key::encode(&value), size(&value));
                let more = bytes.len() + held;
                if set.insert(bytes, value).is_none() { more } else { 0 }
            })),
            (_, State::Document(document)) => merge(document, value),
            (_, State::Numbers(numbers)) => {
                numbers.extend(value.as_ref().and_then(Number::of).map(|number| number.to_f64()));
                Ok(8)
            }
            (Kind::Ranked(ranked), State::Ranked(kept, came)) => ranked.add(kept, came, value, scope),
            (_, State::Ranked(..)) => Ok(0),
        }
    }

    /// What was gathered.
    pub(super) fn finish(&self, state: State) -> Result<Bson> {
        Ok(match (&self.kind, state) {
            (Kind::Average, State::Sum(sum)) => sum.average(),
            (_, State::Sum(sum)) => sum.total(),
            (_, State::Value(value)) => value.unwrap_or(Bson::Null),
            (_, State::Array(array)) => Bson::Array(array),
            (_, State::Set(set)) => Bson::Array(set.into_values().collect()),
            (_, State::Document(document)) => Bson::Document(document),
            (Kind::Deviation(which), State::Numbers(numbers)) => deviation(&numbers, *which),
            (_, State::Numbers(_)) => Bson::Null,
            (Kind::Ranked(ranked), State::Ranked(kept, _)) => ranked.finish(kept),
            (_, State::Ranked(..)) => Bson::Null,
        })
    }
}

impl Kind {
    fn replaces(&self, kept: Option<&Bson>, value: Option<&Bson>) -> bool {
        let (present, better) = (!nullish(value), |wanted: std::cmp::Ordering| match (kept, value) {
            (Some(kept), Some(value)) => compare(value, kept) == wanted,
            _ => true,
        });
        match self {
            Self::First => kept.is_none(),
            Self::Least => present && better(std::cmp::Ordering::Less),
            Self::Greatest => present && better(std::cmp::Ordering::Greater),
            _ => true,
        }
    }
}

fn merge(document: &mut Document, value: Value) -> Result<usize> {
    match value {
        Some(Bson::Document(more)) => {
            let held = more.iter().map(|(name, value)| name.len() + size(value)).sum();
            document.extend(more);
            Ok(held)
        }
        value if nullish(value.as_ref()) => Ok(0),
        value => {
            let found = value.as_ref().map_or("missing", name);
            Err(QueryError::new(
                40400,
                format!("$mergeObjects requires object inputs, but input is of type {found}"),
            ))
        }
    }
}
