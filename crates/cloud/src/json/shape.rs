//! What the members of a request have to be: the constraints of a published API model, and AWS's words for breaking
//! them.
//!
//! The tables are in `ssm/model.rs`, `secrets/model.rs` and `kms/model.rs`; a test holds them against the models
//! that botocore publishes.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

mod bounds;
mod pattern;

use self::bounds::Bound;

/// An operation and the members of its request.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) members: &'static [Member],
}

/// A member of a structure.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
    pub(crate) presence: Presence,
}

/// Whether a member has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// What a member is. Lengths are of characters, bytes or entries, both ends included.
#[derive(Debug)]
pub(crate) enum Shape {
    Text {
        least: usize,
        most: usize,
        pattern: Option<&'static str>,
        secrecy: Secrecy,
    },
    Choice(&'static [&'static str]),
    Whole {
        least: i64,
        most: i64,
    },
    Flag,
    Blob {
        least: usize,
        most: usize,
    },
    List {
        least: usize,
        most: usize,
        of: &'static Shape,
    },
    /// Text to text.
    Map,
    Structure(&'static [Member]),
}

/// Whether a value may be quoted in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy {
    Open,
    Secret,
}

/// How a request breaks its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Broken {
    /// A member is not of its kind; the sentence.
    Kind(String),
    /// Members are outside of their bounds; the sentence.
    Bounds(String),
}

/// No bound.
pub(crate) const ANY: usize = usize::MAX;

/// A yes or no.
pub(crate) const FLAG: Shape = Shape::Flag;

/// Text of so many characters.
pub(crate) const fn text(least: usize, most: usize) -> Shape {
    Shape::Text { least, most, pattern: None, secrecy: Secrecy::Open }
}

/// Text of so many characters that matches a pattern.
pub(crate) const fn pattern(least: usize, most: usize, pattern: &'static str) -> Shape {
    Shape::Text { least, most, pattern: Some(pattern), secrecy: Secrecy::Open }
}

/// Text of so many characters that no error quotes.
pub(crate) const fn secret(least: usize, most: usize) -> Shape {
    Shape::Text { least, most, pattern: None, secrecy: Secrecy::Secret }
}

/// A whole number.
pub(crate) const fn whole(least: i64, most: i64) -> Shape {
    Shape::Whole { least, most }
}

/// So many entries.
pub(crate) const fn list(least: usize, most: usize, of: &'static Shape) -> Shape {
    Shape::List { least, most, of }
}

/// A member that has to be there.
pub(crate) const fn must(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, presence: Presence::Required }
}

/// A member that may be left out.
pub(crate) const fn may(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, presence: Presence::Optional }
}

/// An operation.
pub(crate) const fn operation(name: &'static str, members: &'static [Member]) -> Operation {
    Operation { name, members }
}

/// Holds a request against the table of its operation; all that is out of bounds is said at once.
pub(crate) fn check(operation: &Operation, input: &Value) -> Result<(), Broken> {
    let mut found = Vec::new();
    structure(operation.members, input, "", &mut found)?;
    match found.len() {
        0 => Ok(()),
        1 => Err(Broken::Bounds(format!("1 validation error detected: {}", found.concat()))),
        count => Err(Broken::Bounds(format!("{count} validation errors detected: {}", found.join("; ")))),
    }
}

fn structure(members: &[Member], value: &Value, place: &str, found: &mut Vec<String>) -> Result<(), Broken> {
    let Value::Object(given) = value else { return Err(wrong_kind(place, "a structure")) };
    for member in members {
        let place = within(place, member.name);
        match (given.get(member.name).filter(|value| !value.is_null()), member.presence) {
            (Some(value), _) => each(member.shape, value, &place, found)?,
            (None, Presence::Required) => found.push(failed("Value null", &place, "Member must not be null")),
            (None, Presence::Optional) => {}
        }
    }
    Ok(())
}

fn each(shape: &Shape, value: &Value, place: &str, found: &mut Vec<String>) -> Result<(), Broken> {
    let broken = bounds_of(shape, value, place)?;
    found.extend(broken.iter().map(|bound| failed(&quoted(shape, value), place, &bound.to_string())));
    match (shape, value) {
        (Shape::Structure(members), _) => structure(members, value, place, found),
        (Shape::List { of, .. }, Value::Array(entries)) => entries_of(of, value, entries, place, found),
        (Shape::Map, Value::Object(entries)) if !entries.values().all(Value::is_string) => {
            Err(wrong_kind(place, "a map of text"))
        }
        _ => Ok(()),
    }
}

/// Structures in a list are looked into one by one; of plain entries it is said once, with all their bounds.
fn entries_of(
    of: &Shape,
    list: &Value,
    entries: &[Value],
    place: &str,
    found: &mut Vec<String>,
) -> Result<(), Broken> {
    for (number, entry) in (1..).zip(entries) {
        let place_of_entry = format!("{place}.{number}.member");
        if matches!(of, Shape::Structure(_)) {
            each(of, entry, &place_of_entry, found)?;
        } else if !bounds_of(of, entry, &place_of_entry)?.is_empty() {
            let bounds: Vec<String> = Bound::all(of).iter().map(ToString::to_string).collect();
            let all = format!("Member must satisfy constraint: [{}]", bounds.join(", "));
            found.push(failed(&quoted(of, list), place, &all));
            return Ok(());
        }
    }
    Ok(())
}

/// The bounds a value breaks; an error where it is not of its kind.
fn bounds_of(shape: &Shape, value: &Value, place: &str) -> Result<Vec<Bound>, Broken> {
    let bounds = Bound::all(shape);
    let broken = |holds: &dyn Fn(&Bound) -> bool| -> Vec<Bound> {
        bounds.iter().filter(|bound| !holds(bound)).cloned().collect()
    };
    match (shape, value) {
        (Shape::Text { .. } | Shape::Choice(_), Value::String(text)) => {
            Ok(broken(&|bound| bound.holds_for_text(text)))
        }
        (Shape::Whole { .. }, Value::Number(number)) => {
            let number = number.as_i64().ok_or_else(|| wrong_kind(place, "a whole number"))?;
            Ok(broken(&|bound| bound.holds_for_number(number)))
        }
        (Shape::Blob { .. }, Value::String(text)) => {
            let bytes = BASE64_STANDARD.decode(text).map_err(|_| wrong_kind(place, "base64"))?;
            Ok(broken(&|bound| bound.holds_for_length(bytes.len())))
        }
        (Shape::List { .. }, Value::Array(entries)) => {
            Ok(broken(&|bound| bound.holds_for_length(entries.len())))
        }
        (Shape::Flag, Value::Bool(_)) | (Shape::Structure(_) | Shape::Map, Value::Object(_)) => {
            Ok(Vec::new())
        }
        _ => Err(wrong_kind(place, kind(shape))),
    }
}

const fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text { .. } | Shape::Choice(_) => "text",
        Shape::Whole { .. } => "a whole number",
        Shape::Flag => "true or false",
        Shape::Blob { .. } => "base64",
        Shape::List { .. } => "a list",
        Shape::Map => "a map",
        Shape::Structure(_) => "a structure",
    }
}

fn wrong_kind(place: &str, kind: &str) -> Broken {
    let what = if place.is_empty() { "The request".to_owned() } else { format!("The member '{place}'") };
    Broken::Kind(format!("{what} is not {kind}."))
}

fn failed(value: &str, place: &str, constraint: &str) -> String {
    format!("{value} at '{place}' failed to satisfy constraint: {constraint}")
}

/// `Value 'x'`, or `Value` alone where it is secret. Nothing is no secret.
fn quoted(shape: &Shape, value: &Value) -> String {
    match (shape, value) {
        (Shape::Text { secrecy: Secrecy::Secret, .. } | Shape::Blob { .. }, Value::String(text))
            if !text.is_empty() =>
        {
            "Value".to_owned()
        }
        (_, value) => format!("Value '{}'", plain(value)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(entries) => format!("[{}]", entries.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => "{...}".to_owned(),
        other => other.to_string(),
    }
}

/// `parameterFilters.1.member.key`: AWS begins every name small.
fn within(place: &str, name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    let name: String = first.into_iter().chain(letters).collect();
    if place.is_empty() { name } else { format!("{place}.{name}") }
}

#[cfg(test)]
mod tests;
