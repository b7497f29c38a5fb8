//! How a field of the manifest is described, once. Reading, the JSON Schema, `explain` and the reference are
//! all made from these descriptions, so that they cannot disagree.

mod containers;
mod describe;
mod read;
mod scalars;
mod shape;
mod suggest;

pub(crate) use containers::{Item, List, Map};
pub(crate) use read::{At, Mode, Read, Reader, Shaped, Slot};
pub(crate) use scalars::{
    Fault, FromText, Int, Lasting, Name, Number, VariableName, duration, duration_text, millis,
};
pub(crate) use shape::{need, shape, union, words};
pub(crate) use suggest::nearest;

/// What a value may be.
#[derive(Debug)]
pub(crate) enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number between two bounds.
    Integer { min: i64, max: i64 },
    /// Any number that is not negative.
    Number,
    /// A duration between two bounds, milliseconds.
    Duration { min: u64, max: u64 },
    /// A text of some form.
    Text(&'static Syntax),
    /// One of some words.
    Words(&'static [Word]),
    /// Any number of the same.
    List(&'static Kind),
    /// Names and values.
    Map { key: &'static Syntax, value: &'static Kind },
    /// Fixed fields.
    Shape(&'static Shape),
    /// Fixed fields that depend on the word in one of them.
    Union { tag: &'static Field, shapes: &'static [(&'static str, &'static Shape)] },
    /// One form or the other.
    Either(&'static [&'static Kind]),
    /// The whole manifest again, every part optional, `null` to remove one.
    Overlay,
}

/// The form of a text.
#[derive(Debug)]
pub(crate) struct Syntax {
    /// What it is called: `name`, `size`.
    pub(crate) name: &'static str,
    /// Completes "must be …".
    pub(crate) says: &'static str,
    /// The form as a regular expression of ECMA-262, where one says it.
    pub(crate) pattern: Option<&'static str>,
    /// YAML numbers (and truth values) are taken too, as they are written.
    pub(crate) number_too: bool,
}

/// A word that a field takes.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) text: &'static str,
    pub(crate) meaning: &'static str,
}

/// A mapping with fixed fields.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What one of it is called: `service`, `health check`.
    pub(crate) noun: &'static str,
    pub(crate) about: &'static str,
    pub(crate) fields: &'static [Field],
}

/// One field.
#[derive(Debug)]
pub(crate) struct Field {
    identifier: &'static str,
    pub(crate) about: &'static str,
    pub(crate) kind: &'static Kind,
    pub(crate) need: Need,
    pub(crate) example: &'static str,
}

/// Whether a field must be there, and what holds where it is not.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Need {
    Required,
    /// Absent means that nothing of the sort happens.
    Optional,
    /// This text stands for an absent field.
    Default(&'static str),
    /// An absent field depends on other fields, in these words.
    Derived(&'static str),
}

impl Field {
    pub(crate) const fn new(
        identifier: &'static str,
        about: &'static str,
        kind: &'static Kind,
        need: Need,
        example: &'static str,
    ) -> Self {
        Self { identifier, about, kind, need, example }
    }

    /// Its name in the manifest.
    pub(crate) fn name(&self) -> &'static str {
        self.identifier.strip_prefix("r#").unwrap_or(self.identifier)
    }

    pub(crate) fn about(&self) -> &'static str {
        self.about.trim()
    }
}

impl Shape {
    pub(crate) fn about(&self) -> &'static str {
        self.about.trim()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name() == name)
    }
}
