//! A document's keys in an index: one, or one for each element of an array on the way.

use std::collections::BTreeSet;

use bson::{Bson, Document};

use super::super::error::{QueryError, Result};
use super::super::key::{self, Direction};
use super::{Path, index};

/// What a document is found under in an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IndexKeys {
    /// The encoded keys; never empty.
    pub(crate) keys: BTreeSet<Vec<u8>>,
    /// Whether an array was gone through, so that one document may have several keys.
    pub(crate) multikey: bool,
    /// Whether the document has a value for at least one of the paths (else a sparse index leaves it out).
    pub(crate) present: bool,
}

/// The keys of a document under a (compound) key pattern. A missing value is a null, an empty array is undefined.
///
/// # Errors
/// 171 when two of the paths lead to different arrays.
pub(crate) fn index_keys(document: &Document, pattern: &[(Path, Direction)]) -> Result<IndexKeys> {
    let mut keys = IndexKeys::default();
    let cursors = pattern.iter().map(|(path, _)| Cursor::At(document, path.parts())).collect();
    expand(cursors, pattern, &mut keys)?;
    Ok(keys)
}

/// How far a path has been gone.
#[derive(Clone, Copy)]
enum Cursor<'a> {
    At(&'a Document, &'a [String]),
    Array(&'a [Bson], &'a [String]),
    End(Option<&'a Bson>),
}

const UNDEFINED: &Bson = &Bson::Undefined;

fn expand(cursors: Vec<Cursor<'_>>, pattern: &[(Path, Direction)], keys: &mut IndexKeys) -> Result<()> {
    let cursors: Vec<Cursor<'_>> = cursors.into_iter().map(advance).collect();
    let Some(array) = the_array(&cursors, pattern)? else {
        emit(&cursors, pattern, keys);
        return Ok(());
    };
    keys.multikey = true;
    if array.is_empty() {
        return expand(cursors.into_iter().map(into_empty).collect(), pattern, keys);
    }
    for item in array {
        expand(cursors.iter().map(|cursor| into_item(*cursor, item)).collect(), pattern, keys)?;
    }
    Ok(())
}

/// Goes on to the next array or to the end.
fn advance(cursor: Cursor<'_>) -> Cursor<'_> {
    let Cursor::At(mut document, mut parts) = cursor else { return cursor };
    loop {
        let Some((first, rest)) = parts.split_first() else { return Cursor::End(None) };
        let Some(value) = document.get(first) else { return Cursor::End(None) };
        match by_place(value, rest) {
            (Bson::Array(array), rest) => return Cursor::Array(array, rest),
            (value, []) => return Cursor::End(Some(value)),
            (Bson::Document(next), rest) => (document, parts) = (next, rest),
            _ => return Cursor::End(None),
        }
    }
}

/// Goes into arrays by the places that the path names.
fn by_place<'a>(mut value: &'a Bson, mut parts: &'a [String]) -> (&'a Bson, &'a [String]) {
    while let (Bson::Array(array), Some((first, rest))) = (value, parts.split_first())
        && let Some(item) = index(first).and_then(|place| array.get(place))
    {
        (value, parts) = (item, rest);
    }
    (value, parts)
}

/// The array that paths lead into: none or one.
fn the_array<'a>(cursors: &[Cursor<'a>], pattern: &[(Path, Direction)]) -> Result<Option<&'a [Bson]>> {
    let mut found: Option<(&'a [Bson], &Path)> = None;
    for (cursor, (path, _)) in cursors.iter().zip(pattern) {
        let Cursor::Array(array, _) = cursor else { continue };
        match found {
            Some((other, first)) if !std::ptr::eq(other, *array) => {
                let (first, second) = (name(first), name(path));
                return Err(QueryError::new(
                    171,
                    format!("cannot index parallel arrays [{second}] [{first}]"),
                ));
            }
            _ => found = Some((array, path)),
        }
    }
    Ok(found.map(|(array, _)| array))
}

fn name(path: &Path) -> &str {
    path.parts().last().map_or("", String::as_str)
}

fn into_empty(cursor: Cursor<'_>) -> Cursor<'_> {
    match cursor {
        Cursor::Array(_, []) => Cursor::End(Some(UNDEFINED)),
        Cursor::Array(..) => Cursor::End(None),
        other => other,
    }
}

fn into_item<'a>(cursor: Cursor<'a>, item: &'a Bson) -> Cursor<'a> {
    match (cursor, item) {
        (Cursor::Array(_, []), item) => Cursor::End(Some(item)),
        (Cursor::Array(_, parts), Bson::Document(document)) => Cursor::At(document, parts),
        (Cursor::Array(..), _) => Cursor::End(None),
        (other, _) => other,
    }
}

fn emit(cursors: &[Cursor<'_>], pattern: &[(Path, Direction)], keys: &mut IndexKeys) {
    let mut bytes = Vec::new();
    for (cursor, (_, direction)) in cursors.iter().zip(pattern) {
        let value = if let Cursor::End(value) = cursor { *value } else { None };
        keys.present |= value.is_some();
        key::push(&mut bytes, value.unwrap_or(&Bson::Null), *direction);
    }
    keys.keys.insert(bytes);
}
