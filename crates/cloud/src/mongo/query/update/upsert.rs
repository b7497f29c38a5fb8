//! The document that an upsert starts from: what the filter says of it by equality.

use bson::{Bson, Document};

use super::super::error::{QueryError, Result};
use super::super::filter::Filter;
use super::super::path::Path;

/// All equalities of the filter.
pub(super) fn from_filter(filter: &Filter) -> Result<Document> {
    let mut document = Document::new();
    for (path, value) in filter.equalities() {
        put(&mut document, path.parts(), path, value)?;
    }
    Ok(document)
}

/// Only the filter's `_id`, for a replacement.
pub(super) fn only_id(filter: &Filter) -> Result<Document> {
    let whole = from_filter(filter)?;
    Ok(whole.into_iter().filter(|(name, _)| name == "_id").collect())
}

/// The document with `_id` as its first field.
pub(super) fn id_first(mut document: Document) -> Document {
    if document.keys().next().is_none_or(|name| name == "_id") {
        return document;
    }
    match document.remove("_id") {
        Some(id) => std::iter::once(("_id".to_owned(), id)).chain(document).collect(),
        None => document,
    }
}

fn put(document: &mut Document, parts: &[String], path: &Path, value: &Bson) -> Result<()> {
    let twice =
        || QueryError::new(54, format!("cannot infer query fields to set, path '{path}' is matched twice"));
    match parts.split_first() {
        None => Ok(()),
        Some((name, [])) => match document.insert(name.clone(), value.clone()) {
            Some(_) => Err(twice()),
            None => Ok(()),
        },
        Some((name, rest)) => {
            let next = document.entry(name.clone()).or_insert_with(|| Document::new().into());
            let both = || {
                let message =
                    format!("cannot infer query fields to set, both paths '{path}' and '{name}' are matched");
                QueryError::new(54, message)
            };
            put(next.as_document_mut().ok_or_else(both)?, rest, path, value)
        }
    }
}
