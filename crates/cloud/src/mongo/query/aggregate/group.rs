//! `$group`: documents by a key, and what is gathered of each group.

use std::collections::HashMap;
use std::sync::Arc;

use bson::{Bson, Document};

use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::expression::{Expression, Scope};
use super::super::key;
use super::accumulator::{Accumulator, State};
use super::bucket::Boundaries;
use super::budget::{Budget, size};
use super::{Documents, ready};

/// The stage.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) by: Expression,
    /// For `$bucket`: the key is the bucket that the value is in.
    pub(super) buckets: Option<Boundaries>,
    pub(super) fields: Vec<(String, Accumulator)>,
}

/// The groups so far.
pub(super) struct Groups<'a> {
    fields: &'a [(String, Accumulator)],
    places: HashMap<Vec<u8>, usize>,
    groups: Vec<(Bson, Vec<State>)>,
    budget: Budget,
}

impl Group {
    pub(super) fn parse(operand: &Bson, context: &Arc<Context>) -> Result<Self> {
        let spec = operand
            .as_document()
            .ok_or_else(|| QueryError::new(15947, "a group's fields must be specified in an object"))?;
        let by = spec
            .get("_id")
            .ok_or_else(|| QueryError::new(15955, "a group specification must include an _id"))?;
        let fields = spec.iter().filter(|(name, _)| *name != "_id");
        Ok(Self { by: Expression::parse(by)?, buckets: None, fields: accumulators(fields, context)? })
    }

    pub(super) fn run<'a>(&self, input: Documents<'a>, context: &Context) -> Result<Documents<'a>> {
        let mut groups = Groups::new(&self.fields);
        for document in input {
            let document = document?;
            let scope = Scope::new(&document, context);
            let value = self.by.evaluate(&scope)?.unwrap_or(Bson::Null);
            let value = match &self.buckets {
                Some(boundaries) => boundaries.bucket(value)?,
                None => value,
            };
            groups.add(value, &scope)?;
        }
        let mut groups = groups.finish()?;
        if self.buckets.is_some() {
            let id = |group: &Document| group.get("_id").map(key::encode);
            groups.sort_by_key(id);
        }
        Ok(ready(groups))
    }
}

/// Parses the fields of a group.
pub(super) fn accumulators<'a>(
    fields: impl Iterator<Item = (&'a String, &'a Bson)>,
    context: &Arc<Context>,
) -> Result<Vec<(String, Accumulator)>> {
    let one = |(name, operand): (&String, &Bson)| {
        if name.contains('.') {
            return Err(QueryError::new(40235, format!("The field name '{name}' cannot contain '.'")));
        }
        if name.starts_with('$') {
            return Err(QueryError::new(
                40236,
                format!("The field name '{name}' cannot be an operator name"),
            ));
        }
        Ok((name.clone(), Accumulator::parse(name, operand, context)?))
    };
    fields.map(one).collect()
}

impl<'a> Groups<'a> {
    pub(super) fn new(fields: &'a [(String, Accumulator)]) -> Self {
        Self { fields, places: HashMap::new(), groups: Vec::new(), budget: Budget::new("$group") }
    }

    /// Adds the scope's document to the group of `id`.
    pub(super) fn add(&mut self, id: Bson, scope: &Scope<'_>) -> Result<()> {
        let bytes = key::encode(&id);
        let place = match self.places.get(&bytes) {
            Some(place) => *place,
            None => {
                self.budget.take(2 * bytes.len() + size(&id) + 64 * (1 + self.fields.len()))?;
                self.places.insert(bytes, self.groups.len());
                self.groups
                    .push((id, self.fields.iter().map(|(_, accumulator)| accumulator.start()).collect()));
                self.groups.len() - 1
            }
        };
        let Some((_, states)) = self.groups.get_mut(place) else { return Ok(()) };
        for (state, (_, accumulator)) in states.iter_mut().zip(self.fields) {
            let held = accumulator.add(state, scope)?;
            self.budget.take(held)?;
        }
        Ok(())
    }

    /// A document for each group, in the order in which they came.
    pub(super) fn finish(self) -> Result<Vec<Document>> {
        let fields = self.fields;
        let one = |(id, states): (Bson, Vec<State>)| {
            let mut document = Document::new();
            document.insert("_id", id);
            for (state, (name, accumulator)) in states.into_iter().zip(fields) {
                document.insert(name.clone(), accumulator.finish(state)?);
            }
            Ok(document)
        };
        self.groups.into_iter().map(one).collect()
    }
}
