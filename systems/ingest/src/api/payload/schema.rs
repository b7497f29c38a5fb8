//! What is taken for a field: more than one type each.

use utoipa::openapi::schema::{AnyOfBuilder, SchemaType};
use utoipa::openapi::{Object, ObjectBuilder, RefOr, Schema, Type};

use crate::timestamp::LAST;

const SCALARS: [Type; 3] = [Type::String, Type::Number, Type::Boolean];

/// A field that becomes text.
pub(super) fn text() -> RefOr<Schema> {
    any_of(SCALARS, "A string. Numbers and booleans are taken and kept as the text Python prints for them.")
}

/// The token.
pub(super) fn token() -> RefOr<Schema> {
    let types = SCALARS.into_iter().chain([Type::Null]);
    any_of(types, "Absent, null and empty are answered with 401.")
}

/// The timestamp.
pub(super) fn timestamp() -> RefOr<Schema> {
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .exclusive_minimum(Some(-1_i64))
        .exclusive_maximum(Some(LAST + 1));
    let digits = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^[ \t\n]*[+]?[0-9](_?[0-9]){0,10}[ \t\n]*$"));
    AnyOfBuilder::new()
        .item(number)
        .item(digits)
        .item(Object::with_type(Type::Boolean))
        .description(Some(
            "Seconds since 1970, at most the end of the year 9999. A fraction is dropped; the digits may stand in a string.",
        ))
        .into()
}

fn any_of(types: impl IntoIterator<Item = Type>, description: &str) -> RefOr<Schema> {
    let schema_type = SchemaType::from_iter(types);
    ObjectBuilder::new().schema_type(schema_type).description(Some(description)).into()
}
