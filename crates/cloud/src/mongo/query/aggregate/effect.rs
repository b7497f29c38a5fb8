//! `$out` and `$merge`: what the caller does with the documents that come out.

use bson::{Bson, Document};

use super::super::error::{QueryError, Result};
use super::super::types::name;

/// Where the documents go.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// They replace a collection. Without a database, it is the pipeline's own.
    Out { database: Option<String>, collection: String },
    /// They are merged into a collection by the fields of `on`.
    Merge {
        database: Option<String>,
        collection: String,
        /// The fields that say which document is meant; `_id` if nothing is said.
        on: Vec<String>,
        matched: WhenMatched,
        not_matched: WhenNotMatched,
        /// The pipeline's variables; `$$new` is the incoming document if nothing is said.
        variables: Option<Document>,
    },
}

/// What `$merge` does with a document that is there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum WhenMatched {
    Replace,
    KeepExisting,
    Merge,
    Fail,
    Pipeline(Vec<Bson>),
}

/// What `$merge` does with a document that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenNotMatched {
    Insert,
    Discard,
    Fail,
}

/// Parses the stage if it is one of these.
pub(super) fn parse(stage: &str, operand: &Bson) -> Result<Option<Effect>> {
    match stage {
        "$out" => out(operand).map(Some),
        "$merge" => merge(operand).map(Some),
        _ => Ok(None),
    }
}

fn out(operand: &Bson) -> Result<Effect> {
    match operand {
        Bson::String(collection) => Ok(Effect::Out { database: None, collection: collection.clone() }),
        Bson::Document(spec) => {
            let (database, collection) = (spec.get_str("db"), spec.get_str("coll"));
            let (Ok(database), Ok(collection)) = (database, collection) else {
                return Err(QueryError::new(
                    16994,
                    "If an object is passed to $out it must have exactly 2 string fields: 'db' and 'coll'",
                ));
            };
            Ok(Effect::Out { database: Some(database.to_owned()), collection: collection.to_owned() })
        }
        other => {
            let found = name(other);
            Err(QueryError::new(
                16990,
                format!("$out only supports a string or object argument, but found {found}"),
            ))
        }
    }
}

fn merge(operand: &Bson) -> Result<Effect> {
    let spec = match operand {
        Bson::String(into) => {
            let mut spec = Document::new();
            spec.insert("into", into.clone());
            spec
        }
        Bson::Document(spec) => spec.clone(),
        other => {
            let found = name(other);
            return Err(QueryError::new(
                51182,
                format!("$merge requires a string or object argument, but found {found}"),
            ));
        }
    };
    let (database, collection) = match spec.get("into") {
        Some(Bson::String(collection)) => (None, collection.clone()),
        Some(Bson::Document(into)) => {
            let collection = into
                .get_str("coll")
                .map_err(|_| QueryError::new(51178, "$merge 'into' must specify the 'coll' field"))?;
            (into.get_str("db").ok().map(str::to_owned), collection.to_owned())
        }
        _ => return Err(QueryError::new(40414, "BSON field '$merge.into' is missing but a required field")),
    };
    Ok(Effect::Merge {
        database,
        collection,
        on: on(&spec)?,
        matched: when_matched(&spec)?,
        not_matched: when_not_matched(&spec)?,
        variables: spec.get_document("let").ok().cloned(),
    })
}

fn on(spec: &Document) -> Result<Vec<String>> {
    let wrong = || QueryError::new(51186, "$merge 'on' field must be either a string or an array of strings");
    match spec.get("on") {
        None => Ok(vec!["_id".to_owned()]),
        Some(Bson::String(field)) => Ok(vec![field.clone()]),
        Some(Bson::Array(fields)) if !fields.is_empty() => {
            fields.iter().map(|field| field.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}

fn when_matched(spec: &Document) -> Result<WhenMatched> {
    match spec.get("whenMatched") {
        None => Ok(WhenMatched::Merge),
        Some(Bson::Array(stages)) => Ok(WhenMatched::Pipeline(stages.clone())),
        Some(Bson::String(mode)) if mode == "replace" => Ok(WhenMatched::Replace),
        Some(Bson::String(mode)) if mode == "keepExisting" => Ok(WhenMatched::KeepExisting),
        Some(Bson::String(mode)) if mode == "merge" => Ok(WhenMatched::Merge),
        Some(Bson::String(mode)) if mode == "fail" => Ok(WhenMatched::Fail),
        Some(other) => Err(QueryError::bad_value(format!(
            "Enumeration value '{other}' for field 'whenMatched' is not a valid value."
        ))),
    }
}

fn when_not_matched(spec: &Document) -> Result<WhenNotMatched> {
    match spec.get("whenNotMatched").map(|mode| mode.as_str().unwrap_or_default()) {
        None | Some("insert") => Ok(WhenNotMatched::Insert),
        Some("discard") => Ok(WhenNotMatched::Discard),
        Some("fail") => Ok(WhenNotMatched::Fail),
        Some(other) => Err(QueryError::bad_value(format!(
            "Enumeration value '{other}' for field 'whenNotMatched' is not a valid value."
        ))),
    }
}
