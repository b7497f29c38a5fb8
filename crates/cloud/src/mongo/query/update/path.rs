//! Paths of updates: names, places, and the positional `$`, `$[]` and `$[name]`.

use std::cmp::Ordering;
use std::fmt;

use super::super::context::DEPTH;
use super::super::error::{QueryError, Result};
use super::super::path::index;

/// One part of such a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Name(String),
    /// `$`: the element that the filter matched.
    Matched,
    /// `$[]`: every element.
    All,
    /// `$[name]`: the elements that an array filter passes.
    Filtered(String),
}

/// A path that an operator changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UpdatePath {
    pub(super) parts: Vec<Part>,
}

impl UpdatePath {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let parts = text.split('.').map(|part| one(part, text)).collect::<Result<Vec<_>>>()?;
        if text.is_empty() {
            return Err(QueryError::new(56, "An empty update path is not valid."));
        }
        if parts.len() > DEPTH {
            return Err(QueryError::too_deep());
        }
        if !matches!(parts.first(), Some(Part::Name(_))) {
            return Err(QueryError::bad_value(format!(
                "Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '{text}'"
            )));
        }
        Ok(Self { parts })
    }

    /// Whether one is the beginning of the other one, and where.
    pub(super) fn conflict(&self, other: &Self) -> Option<Self> {
        let shared = self.parts.iter().zip(&other.parts).take_while(|(left, right)| left == right).count();
        let shortest = self.parts.len().min(other.parts.len());
        (shared == shortest).then(|| Self { parts: self.parts.iter().take(shared).cloned().collect() })
    }

    /// The order in which paths are applied, and so in which new fields are added: names as text, places as numbers.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let parts = self.parts.iter().zip(&other.parts).map(|(left, right)| left.order(right));
        parts
            .into_iter()
            .find(|order| order.is_ne())
            .unwrap_or_else(|| self.parts.len().cmp(&other.parts.len()))
    }
}

impl Part {
    fn order(&self, other: &Self) -> Ordering {
        let (left, right) = (self.to_string(), other.to_string());
        match (index(&left), index(&right)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left.cmp(&right),
        }
    }
}

fn one(part: &str, path: &str) -> Result<Part> {
    if part.is_empty() {
        return Err(QueryError::new(
            56,
            format!("The update path '{path}' contains an empty field name, which is not allowed."),
        ));
    }
    if part == "$" {
        return Ok(Part::Matched);
    }
    if let Some(name) = part.strip_prefix("$[").and_then(|rest| rest.strip_suffix(']')) {
        return Ok(if name.is_empty() { Part::All } else { Part::Filtered(name.to_owned()) });
    }
    if part.starts_with('$') && !matches!(part, "$ref" | "$id" | "$db") {
        return Err(QueryError::new(
            52,
            format!("The dollar ($) prefixed field '{part}' in '{path}' is not valid for storage."),
        ));
    }
    Ok(Part::Name(part.to_owned()))
}

impl fmt::Display for Part {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => to.write_str(name),
            Self::Matched => to.write_str("$"),
            Self::All => to.write_str("$[]"),
            Self::Filtered(name) => write!(to, "$[{name}]"),
        }
    }
}

impl fmt::Display for UpdatePath {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.parts.iter().map(Part::to_string).collect();
        to.write_str(&parts.join("."))
    }
}
