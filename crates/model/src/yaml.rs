//! Text to a tree that remembers where everything stood. Knows YAML, no manifest.

use crate::problem::TextRange;

mod build;
mod interpolate;
mod merge;
mod syntax;

pub(crate) use build::{parse, shorten};
pub(crate) use merge::overlay;

/// A value and where it was written. A mapping's or list's place is the key that owns it.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) range: TextRange,
    pub(crate) value: Value,
}

/// What was written.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// Text, with its variables filled in.
#[derive(Debug, Clone)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// Written without quotes, so that `8000` may be a number.
    pub(crate) plain: bool,
    /// The text before its variables were filled in, where it had any.
    pub(crate) template: Option<String>,
    /// Why its variables could not be filled in.
    pub(crate) trouble: Option<Box<Trouble>>,
}

/// Why a scalar's variables could not be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) kind: TroubleKind,
    /// What the field does wrong; the field's name goes before it.
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// What sort of trouble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TroubleKind {
    /// A variable that this manifest needs is not set: another machine may have it.
    Unset,
    /// The text is not an interpolation anywhere.
    Malformed,
}

/// One line of a mapping.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Node,
}

/// A key and where it was written.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) range: TextRange,
}

impl Node {
    /// A scalar that nobody wrote: a default.
    pub(crate) fn unwritten(text: &str, range: TextRange) -> Self {
        let value = match text {
            "{}" => Value::Map(Vec::new()),
            "[]" => Value::List(Vec::new()),
            text => Value::Scalar(Scalar::new(text.to_owned(), true)),
        };
        Self { range, value }
    }

    /// The value of a key, where this is a mapping that has it.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key.name == name).map(|entry| &entry.value)
    }

    /// The lines of a mapping; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }
}

impl Scalar {
    pub(crate) fn new(text: String, plain: bool) -> Self {
        Self { text, plain, template: None, trouble: None }
    }
}
