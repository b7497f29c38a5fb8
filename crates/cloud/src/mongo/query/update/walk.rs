//! The way along a path to the values that a modification changes.

use bson::{Bson, Document};

use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::filter::Match;
use super::super::path::{Path, index};
use super::Purpose;
use super::action::{Action, At, Change};
use super::filters::ArrayFilters;
use super::parse::Modification;
use super::path::Part;

/// How many nulls are put in front of an element beyond the end of an array at most, as MongoDB has it.
const MOST_PADDING: usize = 1_500_000;

/// One modification of one document.
pub(super) struct Walk<'a> {
    pub(super) filters: &'a ArrayFilters,
    pub(super) matched: &'a Match,
    pub(super) purpose: Purpose,
    pub(super) context: &'a Context,
    /// The document before all modifications.
    pub(super) original: &'a Document,
    pub(super) modification: &'a Modification,
}

impl Walk<'_> {
    /// Changes the document.
    pub(super) fn apply(&self, document: &mut Document) -> Result<()> {
        let parts = &self.modification.path.parts;
        if let Action::RenamedFrom(source) = &self.modification.action {
            return match Path::new(&source.to_string())?.get(self.original) {
                Some(value) => self.document(document, parts, &Action::Set(value.clone())),
                None => Ok(()),
            };
        }
        self.document(document, parts, &self.modification.action)
    }

    fn document(&self, document: &mut Document, parts: &[Part], action: &Action) -> Result<()> {
        let Some((Part::Name(name), rest)) = parts.split_first() else { return Err(self.no_array(parts)) };
        if rest.is_empty() {
            match action.change(document.get(name), &self.at(name))? {
                Change::Keep => {}
                Change::Put(value) => drop(document.insert(name.clone(), value)),
                Change::Remove => drop(document.remove(name)),
            }
            return Ok(());
        }
        match document.get_mut(name) {
            Some(value) => self.into(value, name, rest, action),
            None => match self.created(rest, action)? {
                Some(value) => {
                    document.insert(name.clone(), value);
                    Ok(())
                }
                None => Ok(()),
            },
        }
    }

    fn into(&self, value: &mut Bson, name: &str, rest: &[Part], action: &Action) -> Result<()> {
        match value {
            Bson::Document(document) => match rest.first() {
                Some(Part::Name(_)) => self.document(document, rest, action),
                _ => Err(self.not_an_array(rest, name, &Bson::Document(document.clone()))),
            },
            Bson::Array(array) => self.array(array, name, rest, action),
            other => match rest.first() {
                Some(Part::Name(_)) if !action.creates(self.purpose) => Ok(()),
                Some(Part::Name(field)) => Err(not_viable(field, name, other)),
                _ => Err(self.not_an_array(rest, name, other)),
            },
        }
    }

    fn array(&self, array: &mut Vec<Bson>, name: &str, parts: &[Part], action: &Action) -> Result<()> {
        let Some((first, rest)) = parts.split_first() else { return Ok(()) };
        match first {
            Part::Name(part) => match index(part) {
                Some(place) => self.element(array, place, rest, action),
                None if action.creates(self.purpose) => {
                    Err(not_viable(part, name, &Bson::Array(array.clone())))
                }
                None => Ok(()),
            },
            Part::Matched => {
                let place = self.matched.place.ok_or_else(|| {
                    QueryError::bad_value(
                        "The positional operator did not find the match needed from the query.",
                    )
                })?;
                self.element(array, place, rest, action)
            }
            Part::All => (0..array.len()).try_for_each(|place| self.element(array, place, rest, action)),
            Part::Filtered(filter) => {
                for place in 0..array.len() {
                    if array.get(place).map_or(Ok(false), |item| self.filters.admit(filter, item))? {
                        self.element(array, place, rest, action)?;
                    }
                }
                Ok(())
            }
        }
    }

    fn element(&self, array: &mut Vec<Bson>, place: usize, rest: &[Part], action: &Action) -> Result<()> {
        let name = place.to_string();
        if !rest.is_empty() {
            return match array.get_mut(place) {
                Some(value) => self.into(value, &name, rest, action),
                None => match self.created(rest, action)? {
                    Some(value) => put(array, place, value),
                    None => Ok(()),
                },
            };
        }
        match (action.change(array.get(place), &self.at(&name))?, array.get_mut(place)) {
            (Change::Keep, _) | (Change::Remove, None) => Ok(()),
            (Change::Put(value), Some(item)) => {
                *item = value;
                Ok(())
            }
            (Change::Put(value), None) => put(array, place, value),
            // An element that is unset leaves a null, so that the others keep their places.
            (Change::Remove, Some(item)) => {
                *item = Bson::Null;
                Ok(())
            }
        }
    }

    /// The documents on a way that is not there yet, with the value at its end; nothing if there will be no value.
    fn created(&self, parts: &[Part], action: &Action) -> Result<Option<Bson>> {
        if !action.creates(self.purpose) {
            return match parts.iter().find(|part| !matches!(part, Part::Name(_))) {
                Some(Part::Filtered(_) | Part::All) => Err(self.no_array(parts)),
                _ => Ok(None),
            };
        }
        let mut document = Document::new();
        self.document(&mut document, parts, action)?;
        Ok((!document.is_empty()).then_some(Bson::Document(document)))
    }

    fn at<'a>(&'a self, field: &'a str) -> At<'a> {
        let id = self.original.get("_id").unwrap_or(&Bson::Null);
        At { field, id, purpose: self.purpose, context: self.context }
    }

    fn no_array(&self, parts: &[Part]) -> QueryError {
        let path = &self.modification.path;
        match parts.first() {
            Some(Part::Matched) => {
                QueryError::bad_value("The positional operator did not find the match needed from the query.")
            }
            _ => QueryError::bad_value(format!(
                "The path '{path}' must exist in the document in order to apply array updates."
            )),
        }
    }

    fn not_an_array(&self, rest: &[Part], name: &str, value: &Bson) -> QueryError {
        match rest.first() {
            Some(Part::Matched) => self.no_array(rest),
            _ => QueryError::bad_value(format!(
                "Cannot apply array updates to non-array element {name}: {value}"
            )),
        }
    }
}

fn not_viable(field: &str, parent: &str, value: &Bson) -> QueryError {
    QueryError::path_not_viable(format!("Cannot create field '{field}' in element {{{parent}: {value}}}"))
}

/// Puts an element at or behind the end of an array.
fn put(array: &mut Vec<Bson>, place: usize, value: Bson) -> Result<()> {
    if place.saturating_sub(array.len()) > MOST_PADDING {
        return Err(QueryError::bad_value(format!("can't backfill more than {MOST_PADDING} elements")));
    }
    array.resize(place, Bson::Null);
    array.push(value);
    Ok(())
}
