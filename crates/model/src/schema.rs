//! The JSON Schema (2020-12) of the manifest, made from the tables that read it.

use serde_json::{Map, Value, json};

use crate::language::{Field, Kind, Need, Shape, Syntax};
use crate::written::Manifest;

/// Where the published schema lies.
const ID: &str = "https://raw.githubusercontent.com/taxiway-dev/taxiway/main/docs/taxiway.schema.json";

/// Whether a part stands in the manifest or in an environment, where all of it is optional.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Overlay,
}

/// The field that chose a shape, and its word.
type Tag = Option<(&'static Field, &'static str)>;

/// Definitions by name.
type Definitions = Map<String, Value>;

/// The schema. An editor that knows it completes and checks a manifest while it is written.
#[must_use]
pub fn schema() -> Value {
    let mut definitions = Definitions::new();
    definitions.insert(
        "interpolation".to_owned(),
        json!({ "description": "Text with `${VAR}` or `${VAR:-default}` in it.", "type": "string", "pattern": "\\$\\{" }),
    );
    let root = reference(Manifest::SHAPE, None, Part::Whole, &mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "Taxiway manifest",
        "$ref": root.get("$ref"),
        "$defs": definitions,
    })
}

/// Defines a shape once and refers to it.
fn reference(shape: &'static Shape, tag: Tag, part: Part, definitions: &mut Definitions) -> Value {
    let name = match part {
        Part::Whole => shape.noun.replace(' ', "-"),
        Part::Overlay => format!("{}-overlay", shape.noun.replace(' ', "-")),
    };
    if !definitions.contains_key(&name) {
        definitions.insert(name.clone(), Value::Null);
        let defined = object(shape, tag, part, definitions);
        definitions.insert(name.clone(), defined);
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn object(shape: &'static Shape, tag: Tag, part: Part, definitions: &mut Definitions) -> Value {
    let mut properties = Map::new();
    for field in shape.fields {
        if part == Part::Overlay
            && shape.noun == Manifest::SHAPE.noun
            && matches!(field.name(), "environments" | "name")
        {
            continue;
        }
        properties.insert(field.name().to_owned(), property(field, part, definitions));
    }
    let fields = shape.fields.iter().filter(|field| matches!(field.need, Need::Required)).map(Field::name);
    let mut required: Vec<&str> = fields.collect();
    if let Some((field, word)) = tag {
        let chosen = json!({ "description": field.about(), "const": word });
        properties.insert(field.name().to_owned(), chosen);
        required.push(field.name());
    }
    let mut object = json!({
        "description": shape.about(),
        "type": "object",
        "properties": properties,
        "patternProperties": { "^x-": true },
        "additionalProperties": false,
    });
    if part == Part::Whole
        && !required.is_empty()
        && let Some(object) = object.as_object_mut()
    {
        object.insert("required".to_owned(), json!(required));
    }
    object
}

fn property(field: &'static Field, part: Part, definitions: &mut Definitions) -> Value {
    let mut schema = nullable(value(field.kind, part, definitions), part);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!(field.about()));
        if let Need::Default(text) = field.need
            && !matches!(text, "{}" | "[]")
        {
            schema.insert("default".to_owned(), literal(text));
        }
    }
    schema
}

/// A default as JSON holds it.
fn literal(text: &str) -> Value {
    match text {
        "true" => json!(true),
        "false" => json!(false),
        _ => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
    }
}

/// In an environment `null` removes.
fn nullable(schema: Value, part: Part) -> Value {
    match part {
        Part::Whole => schema,
        Part::Overlay => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}

fn value(kind: &'static Kind, part: Part, definitions: &mut Definitions) -> Value {
    match kind {
        Kind::Flag => interpolated(json!({ "type": "boolean" })),
        Kind::Integer { min, max } => {
            interpolated(json!({ "type": "integer", "minimum": min, "maximum": max }))
        }
        Kind::Number => interpolated(json!({ "type": "number", "minimum": 0 })),
        Kind::Duration { .. } => interpolated(json!({
            "type": "string",
            "pattern": "^(0|([0-9]+(w|d|h|ms|m|s))+)$",
        })),
        Kind::Text(syntax) => text(syntax),
        Kind::Words(words) => {
            let one_of: Vec<&str> = words.iter().map(|word| word.text).collect();
            interpolated(json!({ "enum": one_of }))
        }
        Kind::List(item) => json!({ "type": "array", "items": value(item, Part::Whole, definitions) }),
        Kind::Map { key, value: inner } => {
            let inner = nullable(value(inner, part, definitions), part);
            let mut map = json!({ "type": "object", "additionalProperties": inner });
            if let (Some(map), Some(pattern)) = (map.as_object_mut(), key.pattern) {
                map.insert(
                    "propertyNames".to_owned(),
                    json!({ "anyOf": [{ "pattern": pattern }, { "pattern": "^x-" }] }),
                );
            }
            map
        }
        Kind::Shape(shape) => reference(shape, None, part, definitions),
        Kind::Union { tag, shapes } => union(tag, shapes, part, definitions),
        Kind::Either(kinds) => {
            let kinds: Vec<Value> = kinds.iter().map(|kind| value(kind, part, definitions)).collect();
            json!({ "anyOf": kinds })
        }
        Kind::Overlay => {
            nullable(reference(Manifest::SHAPE, None, Part::Overlay, definitions), Part::Overlay)
        }
    }
}

fn union(
    tag: &'static Field,
    shapes: &'static [(&'static str, &'static Shape)],
    part: Part,
    definitions: &mut Definitions,
) -> Value {
    let shapes = shapes.iter();
    let variants: Vec<Value> =
        shapes.map(|(text, shape)| reference(shape, Some((tag, text)), part, definitions)).collect();
    let key = if part == Part::Whole { "oneOf" } else { "anyOf" };
    json!({ key: variants })
}

fn text(syntax: &'static Syntax) -> Value {
    let kinds = if syntax.number_too { json!(["string", "number", "boolean"]) } else { json!("string") };
    match syntax.pattern {
        Some(pattern) => interpolated(json!({ "type": kinds, "pattern": pattern })),
        None => json!({ "type": kinds }),
    }
}

/// A variable may stand for any scalar.
fn interpolated(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "$ref": "#/$defs/interpolation" }] })
}
