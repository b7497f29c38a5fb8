//! Whether an index that leaves documents out has all those that a filter passes.

use bson::{Bson, Document};

use super::super::index::Index;
use super::super::query::compare;
use super::super::query::filter::Filter;
use super::super::query::path::Path;
use super::Wanted;
use super::bounds;

/// Operators whose bounds say all that they say themselves.
const EXACT: [&str; 5] = ["$eq", "$gt", "$gte", "$lt", "$lte"];

/// Whether no document that the filter passes is missing in the index.
pub(super) fn holds_all(index: &Index, wanted: &Wanted<'_>) -> bool {
    let sparse_holds = !index.sparse
        || index.pattern.iter().any(|(path, _)| {
            bounds::of(wanted.filter, path, true).is_some_and(|intervals| bounds::need_a_value(&intervals))
        });
    let partial_holds = index
        .partial
        .as_ref()
        .is_none_or(|(written, filter)| written.iter().all(|part| implied(part, filter, wanted)));
    let hidden = index.spec.get_bool("hidden").unwrap_or_default();
    !index.building && !hidden && sparse_holds && partial_holds
}

/// Whether the filter lets pass only what meets this part of a partial index's filter.
fn implied((field, condition): (&String, &Bson), partial: &Filter, wanted: &Wanted<'_>) -> bool {
    if wanted.written.get(field).is_some_and(|written| compare::equal(written, condition)) {
        return true;
    }
    let Ok(path) = Path::new(field) else { return false };
    let Some(asked) = bounds::of(wanted.filter, &path, true) else { return false };
    match condition.as_document() {
        Some(exists) if is_existence(exists) => bounds::need_a_value(&asked),
        Some(operators) if !is_exact(operators) => false,
        _ => bounds::of(partial, &path, true).is_some_and(|needed| bounds::lie_within(&asked, &needed)),
    }
}

fn is_existence(condition: &Document) -> bool {
    condition.len() == 1 && condition.get_bool("$exists").unwrap_or_default()
}

fn is_exact(operators: &Document) -> bool {
    operators.len() == 1 && operators.keys().all(|operator| EXACT.contains(&operator.as_str()))
}
