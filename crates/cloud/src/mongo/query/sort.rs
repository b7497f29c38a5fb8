//! Sort specifications: parsed once, then a key for each document whose byte order is the order asked for.

use bson::{Bson, Document};

use super::error::{QueryError, Result};
use super::key::Direction;
use super::number::Number;
use super::path::{Path, index_keys};

/// A parsed sort specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sort {
    components: Vec<(Path, Direction)>,
}

impl Sort {
    /// Parses `{a: 1, "b.c": -1}`.
    ///
    /// # Errors
    /// 15974 or 15975 for a direction that is not 1 or -1, 40352 for an empty path, 238 for `$meta`.
    pub(crate) fn parse(spec: &Document) -> Result<Self> {
        let components = spec.iter().map(component).collect::<Result<Vec<_>>>()?;
        Ok(Self { components })
    }

    /// The paths and their directions, the most significant one first; for the planner.
    pub(crate) fn components(&self) -> &[(Path, Direction)] {
        &self.components
    }

    /// Whether the order is that of `_id`, by which every collection has an index.
    pub(crate) fn is_by_id(&self) -> bool {
        matches!(self.components.as_slice(), [(path, _)] if path.parts() == ["_id"])
    }

    /// The bytes under which the document stands in the order. Of an array's elements, the one that comes first counts.
    ///
    /// # Errors
    /// 2 when two of the paths lead to different arrays.
    pub(crate) fn key(&self, document: &Document) -> Result<Vec<u8>> {
        let keys = index_keys(document, &self.components)
            .map_err(|_| QueryError::bad_value("cannot sort with keys that are parallel arrays"))?;
        Ok(keys.keys.into_iter().next().unwrap_or_default())
    }
}

fn component((name, direction): (&String, &Bson)) -> Result<(Path, Direction)> {
    if name.is_empty() {
        return Err(QueryError::new(40352, "FieldPath cannot be constructed with empty string"));
    }
    if name.split('.').any(str::is_empty) {
        return Err(QueryError::new(15998, "FieldPath field names may not be empty strings."));
    }
    if name.starts_with('$') {
        return Err(QueryError::new(
            16410,
            "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
        ));
    }
    let direction = match (direction, Number::of(direction).and_then(|number| number.truncated())) {
        (_, Some(1)) => Direction::Ascending,
        (_, Some(-1)) => Direction::Descending,
        (_, Some(_)) => {
            return Err(QueryError::new(
                15975,
                "$sort key ordering must be 1 (for ascending) or -1 (for descending)",
            ));
        }
        (Bson::Document(document), _) if document.contains_key("$meta") => {
            return Err(QueryError::not_here("a $meta sort"));
        }
        _ => {
            return Err(QueryError::new(
                15974,
                format!("Illegal key in $sort specification: {name}: {direction}"),
            ));
        }
    };
    Ok((Path::new(name)?, direction))
}

#[cfg(test)]
mod tests;
