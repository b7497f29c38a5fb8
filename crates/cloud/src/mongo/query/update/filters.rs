//! `arrayFilters`: which elements `$[name]` stands for.

use std::collections::BTreeMap;
use std::sync::Arc;

use bson::{Bson, Document};

use super::super::context::Context;
use super::super::error::{QueryError, Result};
use super::super::filter::Filter;
use super::parse::Modification;
use super::path::Part;

/// The filters by their names. Each is asked of a document that has the element under that name.
#[derive(Debug, Clone, Default)]
pub(super) struct ArrayFilters {
    filters: BTreeMap<String, Filter>,
}

impl ArrayFilters {
    /// Parses the filters and holds them against the paths that use them.
    pub(super) fn parse(given: &[Document], used: &[Modification], context: &Arc<Context>) -> Result<Self> {
        let mut filters = BTreeMap::new();
        for document in given {
            let name = name(document)?;
            if filters.insert(name.clone(), Filter::parse(document, context)?).is_some() {
                return Err(QueryError::failed_to_parse(format!(
                    "Found multiple array filters with the same top-level field name {name}"
                )));
            }
        }
        let filters = Self { filters };
        filters.check(used)?;
        Ok(filters)
    }

    /// Whether the element passes.
    pub(super) fn admit(&self, name: &str, element: &Bson) -> Result<bool> {
        let mut document = Document::new();
        document.insert(name, element.clone());
        self.filters.get(name).map_or(Ok(false), |filter| filter.matches(&document))
    }

    fn check(&self, used: &[Modification]) -> Result<()> {
        let names = |modification: &Modification| {
            let names = modification.path.parts.iter().filter_map(|part| match part {
                Part::Filtered(name) => Some(name.clone()),
                _ => None,
            });
            names.collect::<Vec<_>>()
        };
        for modification in used {
            if let Some(missing) = names(modification).iter().find(|name| !self.filters.contains_key(*name)) {
                let path = &modification.path;
                return Err(QueryError::bad_value(format!(
                    "No array filter found for identifier '{missing}' in path '{path}'"
                )));
            }
        }
        let all: Vec<String> = used.iter().flat_map(names).collect();
        match self.filters.keys().find(|name| !all.contains(name)) {
            Some(idle) => Err(QueryError::failed_to_parse(format!(
                "The array filter for identifier '{idle}' was not used in the update"
            ))),
            None => Ok(()),
        }
    }
}

/// The one name that all fields of a filter begin with.
fn name(filter: &Document) -> Result<String> {
    let mut names = Vec::new();
    collect(filter, &mut names);
    let mut names = names.into_iter();
    let Some(first) = names.next() else {
        return Err(QueryError::failed_to_parse(
            "Cannot use an expression without a top-level field name in arrayFilters",
        ));
    };
    if let Some(other) = names.find(|name| *name != first) {
        return Err(QueryError::failed_to_parse(format!(
            "Error parsing array filter :: caused by :: Expected a single top-level field name, found '{first}' and '{other}'"
        )));
    }
    let valid = first.starts_with(|c: char| c.is_ascii_lowercase())
        && first.chars().all(|c| c.is_ascii_alphanumeric());
    if !valid {
        return Err(QueryError::bad_value(format!(
            "Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '{first}'"
        )));
    }
    Ok(first)
}

fn collect(filter: &Document, names: &mut Vec<String>) {
    for (field, value) in filter {
        match value {
            Bson::Array(several) if field.starts_with('$') => {
                several.iter().filter_map(Bson::as_document).for_each(|one| collect(one, names));
            }
            _ => names.push(field.split('.').next().unwrap_or_default().to_owned()),
        }
    }
}
