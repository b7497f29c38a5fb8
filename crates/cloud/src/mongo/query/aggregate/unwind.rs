//! `$unwind`: a document for each element of an array.

use bson::{Bson, Document};

use super::super::error::{QueryError, Result};
use super::super::number::Number;
use super::super::path::Path;
use super::super::types::name;

/// What happens to a document without elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Empty {
    Dropped,
    Kept,
}

/// The stage.
#[derive(Debug)]
pub(super) struct Unwind {
    path: Path,
    index: Option<Path>,
    empty: Empty,
}

impl Unwind {
    pub(super) fn parse(operand: &Bson) -> Result<Self> {
        match operand {
            Bson::String(path) => Self::new(path, None, Empty::Dropped),
            Bson::Document(spec) => Self::named(spec),
            other => {
                let found = name(other);
                Err(QueryError::new(
                    15981,
                    format!(
                        "expected either a string or an object as specification for $unwind stage, got {found}"
                    ),
                ))
            }
        }
    }

    fn named(spec: &Document) -> Result<Self> {
        let (mut path, mut index, mut empty) = (None, None, Empty::Dropped);
        for (option, value) in spec {
            match (option.as_str(), value) {
                ("path", Bson::String(text)) => path = Some(text),
                ("path", other) => {
                    return Err(QueryError::new(
                        28808,
                        format!("expected a string as the path for $unwind stage, got {}", name(other)),
                    ));
                }
                ("preserveNullAndEmptyArrays", Bson::Boolean(true)) => empty = Empty::Kept,
                ("preserveNullAndEmptyArrays", Bson::Boolean(false)) => {}
                ("preserveNullAndEmptyArrays", other) => {
                    return Err(QueryError::new(
                        28809,
                        format!(
                            "expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got {}",
                            name(other)
                        ),
                    ));
                }
                ("includeArrayIndex", Bson::String(text)) if !text.is_empty() && !text.starts_with('$') => {
                    index = Some(Path::new(text)?);
                }
                ("includeArrayIndex", Bson::String(text)) if text.starts_with('$') => {
                    return Err(QueryError::new(
                        28822,
                        format!(
                            "includeArrayIndex option to $unwind stage should not be prefixed with a '$': {text}"
                        ),
                    ));
                }
                ("includeArrayIndex", other) => {
                    return Err(QueryError::new(
                        28810,
                        format!(
                            "expected a non-empty string for the includeArrayIndex option to $unwind stage, got {}",
                            name(other)
                        ),
                    ));
                }
                (other, _) => {
                    return Err(QueryError::new(
                        28811,
                        format!("unrecognized option to $unwind stage: {other}"),
                    ));
                }
            }
        }
        let path = path.ok_or_else(|| QueryError::new(28812, "no path specified to $unwind stage"))?;
        Self::new(path, index, empty)
    }

    fn new(path: &str, index: Option<Path>, empty: Empty) -> Result<Self> {
        if path.is_empty() {
            return Err(QueryError::new(28812, "no path specified to $unwind stage"));
        }
        let wrong = || {
            QueryError::new(
                28818,
                format!("path option to $unwind stage should be prefixed with a '$': {path}"),
            )
        };
        Ok(Self { path: Path::new(path.strip_prefix('$').ok_or_else(wrong)?)?, index, empty })
    }

    /// The documents that come of one.
    pub(super) fn run<'a>(
        &'a self,
        document: Result<Document>,
    ) -> Box<dyn Iterator<Item = Result<Document>> + 'a> {
        let document = match document {
            Ok(document) => document,
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let items = match self.path.get(&document) {
            Some(Bson::Array(items)) if !items.is_empty() => items.clone(),
            Some(Bson::Array(_)) => return self.without_elements(document, true),
            None | Some(Bson::Null | Bson::Undefined) => return self.without_elements(document, false),
            Some(_) => return Box::new(std::iter::once(Ok(self.placed(document, Bson::Null)))),
        };
        let mut rest = document;
        set(&mut rest, self.path.parts(), Some(Bson::Null));
        Box::new(items.into_iter().enumerate().map(move |(place, item)| {
            let mut document = rest.clone();
            set(&mut document, self.path.parts(), Some(item));
            Ok(self.placed(document, Number::Long(i64::try_from(place).unwrap_or(i64::MAX)).into()))
        }))
    }

    fn without_elements<'a>(
        &'a self,
        mut document: Document,
        array: bool,
    ) -> Box<dyn Iterator<Item = Result<Document>> + 'a> {
        if self.empty == Empty::Dropped {
            return Box::new(std::iter::empty());
        }
        if array {
            set(&mut document, self.path.parts(), None);
        }
        Box::new(std::iter::once(Ok(self.placed(document, Bson::Null))))
    }

    fn placed(&self, mut document: Document, place: Bson) -> Document {
        if let Some(index) = &self.index {
            set(&mut document, index.parts(), Some(place));
        }
        document
    }
}

/// Puts a value at a path, or takes away what is there; what is on the way and no document gives way to one.
pub(super) fn set(document: &mut Document, parts: &[String], value: Option<Bson>) {
    match (parts.split_first(), value) {
        (Some((name, [])), Some(value)) => drop(document.insert(name.clone(), value)),
        (Some((name, [])), None) => drop(document.remove(name)),
        (Some((name, rest)), value) => {
            let next = document.entry(name.clone()).or_insert_with(|| Document::new().into());
            if next.as_document().is_none() {
                *next = Bson::Document(Document::new());
            }
            if let Some(next) = next.as_document_mut() {
                set(next, rest, value);
            }
        }
        (None, _) => {}
    }
}
