//! The fields of a command, taken with their types. What has the wrong type is refused as MongoDB refuses it.

use bson::raw::RawDocumentBuf;
use bson::spec::ElementType;
use bson::{Bson, Document};

use super::error::{Code, Result};
use super::wire::{self, Message};

/// One command: its name, its database and its fields.
#[derive(Debug, Clone)]
pub(super) struct Arguments {
    /// As it was written: `isMaster` and `ismaster` are two.
    pub(super) name: String,
    pub(super) db: String,
    pub(super) body: Document,
    sequences: Vec<(String, Vec<RawDocumentBuf>)>,
}

impl Arguments {
    /// Takes a message apart.
    ///
    /// # Errors
    /// 40571 without `$db`, 9 for an empty command.
    pub(super) fn new(message: Message) -> Result<Self> {
        let Message { body, sequences, .. } = message;
        let name = body.keys().next().cloned().unwrap_or_default();
        let db = match body.get("$db") {
            Some(Bson::String(db)) => db.clone(),
            _ => return Err(Code::Location(40571).saying("OP_MSG requests require a $db argument")),
        };
        Ok(Self { name, db, body, sequences })
    }

    /// The value of the command's own field: `find: "orders"`.
    pub(super) fn target(&self) -> Result<&str> {
        match self.body.get(&self.name) {
            Some(Bson::String(target)) => Ok(target),
            Some(other) => Err(Code::InvalidNamespace
                .saying(format!("collection name has invalid type {}", type_name(other)))),
            None => Err(self.missing(&self.name)),
        }
    }

    pub(super) fn get(&self, field: &str) -> Option<&Bson> {
        self.body.get(field).filter(|value| !matches!(value, Bson::Null | Bson::Undefined))
    }

    pub(super) fn text(&self, field: &str) -> Result<Option<&str>> {
        match self.get(field) {
            None => Ok(None),
            Some(Bson::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(field, other, "string")),
        }
    }

    pub(super) fn document(&self, field: &str) -> Result<Option<&Document>> {
        match self.get(field) {
            None => Ok(None),
            Some(Bson::Document(document)) => Ok(Some(document)),
            Some(other) => Err(self.wrong(field, other, "object")),
        }
    }

    pub(super) fn array(&self, field: &str) -> Result<Option<&[Bson]>> {
        match self.get(field) {
            None => Ok(None),
            Some(Bson::Array(array)) => Ok(Some(array)),
            Some(other) => Err(self.wrong(field, other, "array")),
        }
    }

    /// A number without a fraction. Clients send it as any of the number types.
    pub(super) fn whole(&self, field: &str) -> Result<Option<i64>> {
        match self.get(field) {
            None => Ok(None),
            Some(value) => match whole(value) {
                Some(number) => Ok(Some(number)),
                None => Err(self.wrong(field, value, "long")),
            },
        }
    }

    /// A number of documents or milliseconds, not below zero.
    pub(super) fn count(&self, field: &str) -> Result<Option<u64>> {
        match self.whole(field)? {
            None => Ok(None),
            Some(number) => u64::try_from(number).map(Some).map_err(|_| {
                let message = format!("BSON field '{field}' value must be >= 0, actual value '{number}'");
                Code::Location(51024).saying(message)
            }),
        }
    }

    /// Whether a flag is set; numbers count as they do in MongoDB.
    pub(super) fn flag(&self, field: &str) -> Result<Option<bool>> {
        match self.get(field) {
            None => Ok(None),
            Some(Bson::Boolean(flag)) => Ok(Some(*flag)),
            Some(Bson::Double(number)) => Ok(Some(*number != 0.0)),
            Some(value) => match whole(value) {
                Some(number) => Ok(Some(number != 0)),
                None => Err(self.wrong(field, value, "bool")),
            },
        }
    }

    /// The statements of a write command, from the body or from beside it. Those beside it are decoded one by one.
    ///
    /// # Errors
    /// 40414 where there are none at all, 14 for a statement that is no document.
    pub(super) fn statements(&mut self, field: &str) -> Result<Vec<Statement>> {
        if let Some((_, documents)) = self.sequences.iter_mut().find(|(name, _)| name == field) {
            return Ok(std::mem::take(documents).into_iter().map(Statement::Beside).collect());
        }
        let Some(array) = self.array(field)? else { return Err(self.missing(field)) };
        let statements = array.iter().enumerate().map(|(at, value)| match value {
            Bson::Document(document) => Ok(Statement::Within(document.clone())),
            other => Err(self.wrong(&format!("{field}.{at}"), other, "object")),
        });
        statements.collect()
    }

    /// # Errors
    /// 40415 for a field that the command does not have.
    pub(super) fn only(&self, fields: &[&str]) -> Result<()> {
        let foreign = self.body.keys().find(|field| {
            **field != self.name && !GENERIC.contains(&field.as_str()) && !fields.contains(&field.as_str())
        });
        match foreign {
            None => Ok(()),
            Some(field) => {
                let message = format!("BSON field '{}.{field}' is an unknown field.", self.name);
                Err(Code::IDLUnknownField.saying(message))
            }
        }
    }

    pub(super) fn missing(&self, field: &str) -> super::error::Failure {
        let message = format!("BSON field '{}.{field}' is missing but a required field", self.name);
        Code::IDLFailedToParse.saying(message)
    }

    pub(super) fn wrong(&self, field: &str, found: &Bson, wanted: &str) -> super::error::Failure {
        wrong_type(&format!("{}.{field}", self.name), found, wanted)
    }
}

/// A document of a write command.
#[derive(Debug, Clone)]
pub(super) enum Statement {
    Within(Document),
    Beside(RawDocumentBuf),
}

impl Statement {
    /// The document, decoded.
    pub(super) fn document(&self) -> Result<Document> {
        match self {
            Self::Within(document) => Ok(document.clone()),
            Self::Beside(raw) => {
                wire::decode(raw).map_err(|malformed| Code::InvalidBSON.saying(malformed.to_string()))
            }
        }
    }
}

/// Fields that every command may have.
const GENERIC: &[&str] = &[
    "$db",
    "$clusterTime",
    "$readPreference",
    "$audit",
    "$client",
    "$configServerState",
    "$oplogQueryData",
    "$queryOptions",
    "$replData",
    "allowImplicitCollectionCreation",
    "apiDeprecationErrors",
    "apiStrict",
    "apiVersion",
    "autocommit",
    "comment",
    "databaseVersion",
    "help",
    "lsid",
    "maxTimeMS",
    "readConcern",
    "shardVersion",
    "startTransaction",
    "stmtId",
    "stmtIds",
    "txnNumber",
    "writeConcern",
];

/// The error of a field with a type that it may not have.
pub(super) fn wrong_type(field: &str, found: &Bson, wanted: &str) -> super::error::Failure {
    let found = type_name(found);
    Code::TypeMismatch
        .saying(format!("BSON field '{field}' is the wrong type '{found}', expected type '{wanted}'"))
}

/// A number without a fraction.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "bounded before it is converted")]
pub(super) fn whole(value: &Bson) -> Option<i64> {
    match value {
        Bson::Int32(number) => Some(i64::from(*number)),
        Bson::Int64(number) => Some(*number),
        Bson::Double(number) if number.fract() == 0.0 && number.abs() < 9.0e18 => Some(*number as i64),
        Bson::Decimal128(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// A type as MongoDB calls it.
pub(super) fn type_name(value: &Bson) -> &'static str {
    match value.element_type() {
        ElementType::Double => "double",
        ElementType::String => "string",
        ElementType::EmbeddedDocument => "object",
        ElementType::Array => "array",
        ElementType::Binary => "binData",
        ElementType::Undefined => "undefined",
        ElementType::ObjectId => "objectId",
        ElementType::Boolean => "bool",
        ElementType::DateTime => "date",
        ElementType::Null => "null",
        ElementType::RegularExpression => "regex",
        ElementType::DbPointer => "dbPointer",
        ElementType::JavaScriptCode => "javascript",
        ElementType::Symbol => "symbol",
        ElementType::JavaScriptCodeWithScope => "javascriptWithScope",
        ElementType::Int32 => "int",
        ElementType::Timestamp => "timestamp",
        ElementType::Int64 => "long",
        ElementType::Decimal128 => "decimal",
        ElementType::MinKey => "minKey",
        ElementType::MaxKey => "maxKey",
    }
}
