//! One index: what it is over, and the keys a document has in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bson::{Bson, Document};

use super::error::{Code, Result};
use super::query::context::Context;
use super::query::filter::Filter;
use super::query::key::Direction;
use super::query::path::{self, Path};

pub(super) mod spec;

/// An index as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) id: i64,
    pub(super) name: String,
    /// What it was created with, as `listIndexes` shows it.
    pub(super) spec: Document,
    pub(super) pattern: Vec<(Path, Direction)>,
    pub(super) uniqueness: Uniqueness,
    pub(super) sparse: bool,
    /// Which documents are in it, where that is not all of them.
    pub(super) partial: Option<(Document, Filter)>,
    /// Whether a document may have several keys in it.
    pub(super) multikey: bool,
    /// Whether documents from before it are still being put into it.
    pub(super) building: bool,
}

/// What a document is found under.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) keys: BTreeSet<Vec<u8>>,
    /// Whether it may be several, because of an array.
    pub(super) multikey: bool,
}

/// Whether two documents may have the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uniqueness {
    Any,
    Unique,
}

impl Index {
    /// Reads a row's specification, which has been checked when it was written.
    pub(super) fn stored(id: i64, spec: Document) -> Result<Self> {
        let key = spec.get_document("key").cloned().unwrap_or_default();
        let truth = |name: &str| spec.get_bool(name).unwrap_or_default();
        let is_id = key.len() == 1 && key.contains_key("_id");
        let uniqueness = if truth("unique") || is_id { Uniqueness::Unique } else { Uniqueness::Any };
        let partial = match spec.get_document("partialFilterExpression") {
            Ok(filter) => Some((filter.clone(), Filter::parse(filter, &context())?)),
            Err(_) => None,
        };
        Ok(Self {
            id,
            name: spec.get_str("name").unwrap_or_default().to_owned(),
            pattern: pattern(&key)?,
            uniqueness,
            sparse: truth("sparse"),
            partial,
            multikey: false,
            building: false,
            spec,
        })
    }

    /// The key pattern, `{a: 1, b: -1}`.
    pub(super) fn key(&self) -> Document {
        self.spec.get_document("key").cloned().unwrap_or_default()
    }

    pub(super) fn is_id(&self) -> bool {
        self.name == "_id_"
    }

    /// Seconds after which documents expire, for a TTL index.
    pub(super) fn expires_after(&self) -> Option<i64> {
        match self.spec.get("expireAfterSeconds")? {
            Bson::Int32(seconds) => Some(i64::from(*seconds)),
            Bson::Int64(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// The keys a document has in it: none where it is left out.
    pub(super) fn keys(&self, document: &Document) -> Result<Keys> {
        if let Some((_, filter)) = &self.partial
            && !filter.matches(document)?
        {
            return Ok(Keys::default());
        }
        let keys = path::index_keys(document, &self.pattern)?;
        if self.sparse && !keys.present {
            return Ok(Keys::default());
        }
        Ok(Keys { keys: keys.keys, multikey: keys.multikey })
    }

    /// The error of a second document with the key that `document` has.
    pub(super) fn duplicate(
        &self,
        namespace: &impl std::fmt::Display,
        document: &Document,
    ) -> super::error::Failure {
        let mut value = Document::new();
        for (path, _) in &self.pattern {
            value.insert(path.to_string(), path.get(document).cloned().unwrap_or(Bson::Null));
        }
        let message = format!(
            "E11000 duplicate key error collection: {namespace} index: {} dup key: {}",
            self.name,
            shown(&value)
        );
        Code::DuplicateKey.saying(message).with("keyPattern", self.key()).with("keyValue", value)
    }
}

/// A document as MongoDB's messages show one: `{ a: 1, b: "x" }`.
pub(super) fn shown(document: &Document) -> String {
    let fields: Vec<String> =
        document.iter().map(|(name, value)| format!("{name}: {}", shown_value(value))).collect();
    if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
}

fn shown_value(value: &Bson) -> String {
    match value {
        Bson::Null => "null".to_owned(),
        Bson::Document(document) => shown(document),
        Bson::ObjectId(id) => format!("ObjectId('{id}')"),
        Bson::String(text) => format!("\"{text}\""),
        Bson::Double(number) if number.fract() == 0.0 => format!("{number:.1}"),
        Bson::DateTime(date) => format!("new Date({})", date.timestamp_millis()),
        Bson::Array(items) => {
            let items: Vec<String> = items.iter().map(shown_value).collect();
            if items.is_empty() { "[]".to_owned() } else { format!("[ {} ]", items.join(", ")) }
        }
        other => other.to_string(),
    }
}

fn pattern(key: &Document) -> Result<Vec<(Path, Direction)>> {
    let mut pattern = Vec::with_capacity(key.len());
    for (path, direction) in key {
        let negative = match direction {
            Bson::Int32(number) => *number < 0,
            Bson::Int64(number) => *number < 0,
            Bson::Double(number) => *number < 0.0,
            _ => false,
        };
        let direction = if negative { Direction::Descending } else { Direction::Ascending };
        pattern.push((Path::new(path)?, direction));
    }
    Ok(pattern)
}

/// What a partial index's filter is read with: it may not depend on the time or on variables.
pub(super) fn context() -> Arc<Context> {
    Arc::new(Context::new(bson::DateTime::from_millis(0), 0))
}
