//! The fields of an object, and what is wrong with them.

use super::{Kind, Problem};
use crate::json::{Text, Value};

/// An object that has fields, where it stands, and the problems found so far.
#[derive(Debug)]
pub struct Fields<'a> {
    entries: Vec<(Text, &'a Value)>,
    whole: &'a Value,
    place: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The fields of an object.
    ///
    /// # Errors
    /// A problem where it is no object.
    pub fn of(value: &'a Value, place: &[&'static str]) -> Result<Self, Problem> {
        let Value::Object(entries) = value else {
            return Err(Problem::new(Kind::NotObject, place, value.clone()));
        };
        let entries = entries.iter().map(|(key, value)| (key.clone(), value)).collect();
        Ok(Self::of_entries(entries, value, place))
    }

    /// Fields that were taken out of `whole` in another way.
    #[must_use]
    pub fn of_entries(entries: Vec<(Text, &'a Value)>, whole: &'a Value, place: &[&'static str]) -> Self {
        Self { entries, whole, place: place.to_vec() }
    }

    /// The last field of this name: of repeated keys the last one counts.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'a Value> {
        self.entries.iter().rev().find(|(key, _)| key.is(name)).map(|(_, value)| *value)
    }

    /// Where a field stands.
    #[must_use]
    pub fn at(&self, name: &'static str) -> Vec<&'static str> {
        self.place.iter().copied().chain([name]).collect()
    }

    /// A field that has to be there.
    pub fn required(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<&'a Value> {
        let found = self.find(name);
        if found.is_none() {
            problems.push(Problem::new(Kind::Missing, &self.at(name), self.whole.clone()));
        }
        found
    }

    /// A string that has to be there.
    pub fn text(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<&'a Text> {
        match self.required(name, problems)? {
            Value::Text(text) => Some(text),
            other => {
                problems.push(Problem::new(Kind::NotText, &self.at(name), other.clone()));
                None
            }
        }
    }

    /// One of `names` that has to be there.
    pub fn one_of(
        &self,
        name: &'static str,
        names: &'static [&'static str],
        problems: &mut Vec<Problem>,
    ) -> Option<&'static str> {
        let value = self.required(name, problems)?;
        let is_it = |known: &&&'static str| matches!(value, Value::Text(text) if text.is(known));
        let found = names.iter().find(is_it).copied();
        if found.is_none() {
            problems.push(Problem::new(Kind::OneOf(names), &self.at(name), value.clone()));
        }
        found
    }
}
