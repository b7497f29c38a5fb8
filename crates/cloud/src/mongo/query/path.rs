//! Dotted paths (`a.b.0.c`) as filters, sorts and index keys walk them: through arrays, by element and by place.

mod keys;

use std::fmt;

use bson::{Bson, Document};

pub(crate) use keys::index_keys;

use super::context::DEPTH;
use super::error::{QueryError, Result};

/// A dotted path, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Path {
    parts: Vec<String>,
}

/// What happens at the end of a path when an array is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaf {
    /// Each of its elements is visited, then the array itself.
    Elements,
    /// Only the array itself is visited.
    Whole,
}

/// What a visit of one value led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visit {
    Continue,
    Stop,
}

/// A value at the end of a path, or its absence there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) value: Option<&'a Bson>,
    /// The place in the first array on the way that was gone through by element.
    pub(super) place: Option<usize>,
}

impl Path {
    /// Takes a dotted name apart.
    ///
    /// # Errors
    /// 15 for more than 200 parts, which no document has.
    pub(crate) fn new(text: &str) -> Result<Self> {
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        if parts.len() > 2 * DEPTH {
            return Err(QueryError::new(15, "FieldPath is too long"));
        }
        Ok(Self { parts })
    }

    /// The names between the dots; at least one.
    pub(crate) fn parts(&self) -> &[String] {
        &self.parts
    }

    /// The value at the path, with no array gone through.
    pub(crate) fn get<'a>(&self, document: &'a Document) -> Option<&'a Bson> {
        let (last, parents) = self.parts.split_last()?;
        let mut document = document;
        for part in parents {
            document = document.get(part)?.as_document()?;
        }
        document.get(last)
    }

    /// Visits every value that the path leads to until a visit stops; the answer is whether one did.
    pub(super) fn visit<'a>(
        &self,
        document: &'a Document,
        leaf: Leaf,
        visit: &mut dyn FnMut(Found<'a>) -> Visit,
    ) -> Visit {
        Walk { leaf, visit }.document(document, &self.parts, None)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.parts.join("."))
    }
}

/// The place a path's part means in an array: digits without a leading zero.
pub(super) fn index(part: &str) -> Option<usize> {
    let canonical = part == "0" || !part.starts_with('0');
    let digits = part.bytes().all(|byte| byte.is_ascii_digit());
    if canonical && digits { part.parse().ok() } else { None }
}

struct Walk<'v, 'a> {
    leaf: Leaf,
    visit: &'v mut dyn FnMut(Found<'a>) -> Visit,
}

impl<'a> Walk<'_, 'a> {
    fn document(&mut self, document: &'a Document, parts: &[String], place: Option<usize>) -> Visit {
        let Some((first, rest)) = parts.split_first() else { return Visit::Continue };
        match (document.get(first), rest.is_empty()) {
            (Some(value), true) => self.end(value, place),
            (Some(value), false) => self.into(value, rest, place),
            (None, _) => (self.visit)(Found { value: None, place }),
        }
    }

    fn into(&mut self, value: &'a Bson, rest: &[String], place: Option<usize>) -> Visit {
        match value {
            Bson::Document(document) => self.document(document, rest, place),
            Bson::Array(array) => self.array(array, rest, place),
            _ => (self.visit)(Found { value: None, place }),
        }
    }

    fn array(&mut self, array: &'a [Bson], parts: &[String], place: Option<usize>) -> Visit {
        if self.by_index(array, parts, place) == Visit::Stop {
            return Visit::Stop;
        }
        for (at, item) in array.iter().enumerate() {
            if let Bson::Document(document) = item
                && self.document(document, parts, place.or(Some(at))) == Visit::Stop
            {
                return Visit::Stop;
            }
        }
        Visit::Continue
    }

    fn by_index(&mut self, array: &'a [Bson], parts: &[String], place: Option<usize>) -> Visit {
        let Some((first, rest)) = parts.split_first() else { return Visit::Continue };
        match index(first).and_then(|index| array.get(index)) {
            Some(item) if rest.is_empty() => (self.visit)(Found { value: Some(item), place }),
            Some(item @ (Bson::Document(_) | Bson::Array(_))) => self.into(item, rest, place),
            _ => Visit::Continue,
        }
    }

    fn end(&mut self, value: &'a Bson, place: Option<usize>) -> Visit {
        if let (Leaf::Elements, Bson::Array(array)) = (self.leaf, value) {
            for (at, item) in array.iter().enumerate() {
                if (self.visit)(Found { value: Some(item), place: place.or(Some(at)) }) == Visit::Stop {
                    return Visit::Stop;
                }
            }
        }
        (self.visit)(Found { value: Some(value), place })
    }
}

#[cfg(test)]
mod tests;
