//! How much a stage may hold back, and how large a document may get.

use bson::{Bson, Document};

use super::super::error::{QueryError, Result};

/// The most that one stage holds, in bytes (MongoDB's limit without temporary files).
const LIMIT: usize = 104_857_600;
/// The most that a result may have: 16 MB and room for what a command adds.
const LARGEST: usize = 16_793_600;

/// What a stage holds.
#[derive(Debug)]
pub(super) struct Budget {
    stage: &'static str,
    left: usize,
}

impl Budget {
    pub(super) fn new(stage: &'static str) -> Self {
        Self { stage, left: LIMIT }
    }

    /// Takes from what is left.
    pub(super) fn take(&mut self, bytes: usize) -> Result<()> {
        let stage = self.stage;
        self.left = self.left.checked_sub(bytes).ok_or_else(|| {
            QueryError::new(292, format!("Exceeded memory limit of {LIMIT} bytes for {stage}; this cloud writes no temporary files, so filter or project before"))
        })?;
        Ok(())
    }

    /// Gives back what is no longer held.
    pub(super) fn give(&mut self, bytes: usize) {
        self.left = self.left.saturating_add(bytes).min(LIMIT);
    }
}

/// The document, if it may be a result.
pub(super) fn checked(document: Document) -> Result<Document> {
    let size = document_size(&document);
    if size > LARGEST {
        return Err(QueryError::new(
            10334,
            format!(
                "BSONObj size: {size} (0x{size:X}) is invalid. Size must be between 0 and {LARGEST}(16MB)"
            ),
        ));
    }
    Ok(document)
}

/// The bytes of a document in BSON.
pub(super) fn document_size(document: &Document) -> usize {
    document.iter().map(|(name, value)| name.len() + 2 + size(value)).sum::<usize>() + 5
}

/// The bytes of a value in BSON, without its name.
pub(super) fn size(value: &Bson) -> usize {
    match value {
        Bson::Document(document) => document_size(document),
        Bson::Array(array) => array.iter().map(|item| size(item) + 5).sum::<usize>() + 5,
        Bson::String(text) | Bson::Symbol(text) | Bson::JavaScriptCode(text) => text.len() + 5,
        Bson::Binary(binary) => binary.bytes.len() + 5,
        Bson::RegularExpression(regex) => regex.pattern.as_str().len() + regex.options.as_str().len() + 2,
        Bson::JavaScriptCodeWithScope(code) => code.code.len() + document_size(&code.scope) + 9,
        Bson::DbPointer(_) | Bson::Decimal128(_) => 16,
        Bson::ObjectId(_) => 12,
        _ => 8,
    }
}
