//! The names and numbers of BSON's types, as `$type`, `$convert` and error messages use them.

use bson::Bson;
use bson::spec::ElementType;

use super::error::{QueryError, Result};
use super::number::Number;

/// Name and number of every type.
const TYPES: &[(&str, ElementType)] = &[
    ("double", ElementType::Double),
    ("string", ElementType::String),
    ("object", ElementType::EmbeddedDocument),
    ("array", ElementType::Array),
    ("binData", ElementType::Binary),
    ("undefined", ElementType::Undefined),
    ("objectId", ElementType::ObjectId),
    ("bool", ElementType::Boolean),
    ("date", ElementType::DateTime),
    ("null", ElementType::Null),
    ("regex", ElementType::RegularExpression),
    ("dbPointer", ElementType::DbPointer),
    ("javascript", ElementType::JavaScriptCode),
    ("symbol", ElementType::Symbol),
    ("javascriptWithScope", ElementType::JavaScriptCodeWithScope),
    ("int", ElementType::Int32),
    ("timestamp", ElementType::Timestamp),
    ("long", ElementType::Int64),
    ("decimal", ElementType::Decimal128),
    ("minKey", ElementType::MinKey),
    ("maxKey", ElementType::MaxKey),
];

/// The name of a value's type.
pub(crate) fn name(value: &Bson) -> &'static str {
    TYPES.iter().find(|(_, kind)| *kind == value.element_type()).map_or("missing", |(name, _)| *name)
}

/// The name of the type of a value that may be missing.
pub(crate) fn optional_name(value: Option<&Bson>) -> &'static str {
    value.map_or("missing", name)
}

/// The type with this name.
pub(crate) fn named(name: &str) -> Option<ElementType> {
    TYPES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// The type with this number; MinKey is -1.
pub(crate) fn numbered(number: i64) -> Option<ElementType> {
    let tag = if number == -1 { 0xFF } else { u8::try_from(number).ok().filter(|tag| *tag != 0xFF)? };
    ElementType::from(tag)
}

/// Some types, any of which will do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Types {
    kinds: Vec<ElementType>,
}

impl Types {
    /// Reads the operand of `$type`: a name, a number, `"number"`, or an array of those.
    pub(crate) fn parse(operand: &Bson) -> Result<Self> {
        let mut types = Self::default();
        match operand {
            Bson::Array(several) if several.is_empty() => {
                return Err(QueryError::failed_to_parse("$type must match at least one type"));
            }
            Bson::Array(several) => several.iter().try_for_each(|one| types.add(one))?,
            one => types.add(one)?,
        }
        Ok(types)
    }

    /// Whether the value has one of the types.
    pub(crate) fn contain(&self, value: &Bson) -> bool {
        self.kinds.contains(&value.element_type())
    }

    fn add(&mut self, operand: &Bson) -> Result<()> {
        match operand {
            Bson::String(name) if name == "number" => {
                self.kinds.extend([
                    ElementType::Double,
                    ElementType::Int32,
                    ElementType::Int64,
                    ElementType::Decimal128,
                ]);
            }
            Bson::String(name) => {
                let unknown = || QueryError::bad_value(format!("Unknown type name alias: {name}"));
                self.kinds.push(named(name).ok_or_else(unknown)?);
            }
            other => {
                let number = Number::of(other).ok_or_else(|| {
                    QueryError::type_mismatch("type must be represented as a number or a string")
                })?;
                let unknown = || QueryError::bad_value(format!("Invalid numerical type code: {operand}"));
                self.kinds.push(number.to_i64().and_then(numbered).ok_or_else(unknown)?);
            }
        }
        Ok(())
    }
}
