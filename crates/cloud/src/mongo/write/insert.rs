//! `insert`.

use std::pin::Pin;
use std::sync::Arc;

use bson::oid::ObjectId;
use bson::{Bson, DateTime, Document, Timestamp};

use super::super::arguments;
use super::super::dispatch::Reply;
use super::super::error::{Code, Result};
use super::super::work::Work;
use super::{Done, OwnedSite, Site, Statement};

/// A document to be inserted.
#[derive(Debug)]
pub(in crate::mongo) struct Insert {
    document: arguments::Statement,
}

/// `insert`: `documents` with `ordered`.
pub(in crate::mongo) async fn insert(work: &mut Work) -> Result<Reply> {
    work.arguments.only(&["documents", "ordered", "bypassDocumentValidation"])?;
    let documents = work.arguments.statements("documents")?;
    let inserts = documents.into_iter().map(|document| Insert { document }).collect();
    super::run::<Insert>(work, inserts).await
}

impl Statement for Insert {
    fn run(&self, at: &Site<'_>) -> Result<Done> {
        let document = prepare(self.document.document()?)?;
        at.access.insert(&at.ensure()?, &document)?;
        Ok(Done::Inserted)
    }

    fn run_apart<'w>(
        self: Arc<Self>,
        _: &'w mut Work,
        _: OwnedSite,
    ) -> Pin<Box<dyn Future<Output = Result<Done>> + Send + 'w>> {
        Box::pin(std::future::ready(Ok(Done::Inserted)))
    }
}

/// The document as it is kept: `_id` comes first and is made where it is missing, an empty timestamp is now.
pub(in crate::mongo) fn prepare(document: Document) -> Result<Document> {
    let id = match document.get("_id") {
        Some(id) => checked_id(id)?.clone(),
        None => ObjectId::new().into(),
    };
    let first = document.keys().next().is_some_and(|first| first == "_id");
    let mut kept = if first { document } else { with_id_first(id, document) };
    for (name, value) in kept.iter_mut() {
        if let (true, Bson::Timestamp(stamp)) = (name != "_id", &*value)
            && stamp.time == 0
            && stamp.increment == 0
        {
            *value = now_stamp().into();
        }
    }
    Ok(kept)
}

fn with_id_first(id: Bson, document: Document) -> Document {
    let mut kept = Document::new();
    kept.insert("_id", id);
    kept.extend(document.into_iter().filter(|(name, _)| name != "_id"));
    kept
}

/// # Errors
/// 53 for a type that an `_id` may not have, 52 for a field of it that begins with a dollar.
pub(in crate::mongo) fn checked_id(id: &Bson) -> Result<&Bson> {
    let kind = match id {
        Bson::Array(_) => "an array",
        Bson::RegularExpression(_) => "a regex",
        Bson::Undefined => "undefined",
        Bson::Document(inner) => {
            return match inner.keys().find(|name| name.starts_with('$')) {
                Some(name) => Err(Code::DollarPrefixedFieldName.saying(format!(
                    "_id fields may not contain '$'-prefixed fields: {name} is not valid for storage."
                ))),
                None => Ok(id),
            };
        }
        _ => return Ok(id),
    };
    Err(Code::InvalidIdField.saying(format!(
        "The '_id' value cannot be of type {}",
        kind.trim_start_matches("an ").trim_start_matches("a ")
    )))
}

fn now_stamp() -> Timestamp {
    let seconds = DateTime::now().timestamp_millis() / 1000;
    Timestamp { time: u32::try_from(seconds).unwrap_or(u32::MAX), increment: 1 }
}
