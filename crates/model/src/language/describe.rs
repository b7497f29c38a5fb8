//! Descriptions in a few words, for `explain` and the reference.

use super::{Field, Kind, Need, Shape, Word, duration_text};

impl Kind {
    /// What a value may be: `duration from 60s to 14d`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Integer { min, max } => format!("whole number from {min} to {max}"),
            Self::Number => "number".to_owned(),
            Self::Duration { min, max } => {
                format!("duration from {} to {}", duration_text(*min), duration_text(*max))
            }
            Self::Text(syntax) => syntax.name.to_owned(),
            Self::Words(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{}`", word.text)).collect();
                words.join(", ")
            }
            Self::List(item) => format!("list of {}", item.describe_short()),
            Self::Map { key, value } => format!("mapping of {} to {}", key.name, value.describe_short()),
            Self::Shape(_) | Self::Union { .. } => "mapping".to_owned(),
            Self::Either(kinds) => kinds.iter().map(|kind| kind.describe()).collect::<Vec<_>>().join(", or "),
            Self::Overlay => "mapping of what differs".to_owned(),
        }
    }

    /// The same inside another description, where words would be too many.
    fn describe_short(&self) -> String {
        match self {
            Self::Words(_) => "word".to_owned(),
            Self::Shape(shape) => shape.noun.to_owned(),
            Self::Union { .. } => "resource".to_owned(),
            other => other.describe(),
        }
    }

    /// The words it takes, each with what it means.
    pub(crate) fn words(&self) -> &'static [Word] {
        match self {
            Self::Words(words) => words,
            Self::List(item) => item.words(),
            Self::Map { value, .. } => value.words(),
            _ => &[],
        }
    }

    /// The field of a name in any shape below it, or the one that chooses the shape.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        let tag = match self {
            Self::Union { tag, .. } | Self::Map { value: Self::Union { tag, .. }, .. } => Some(*tag),
            _ => None,
        };
        let below = self.shapes().iter().find_map(|shape| shape.field(name));
        tag.filter(|tag| tag.name() == name).or(below)
    }

    /// The shapes below it: one, or one for each form or type.
    pub(crate) fn shapes(&self) -> Vec<&'static Shape> {
        match self {
            Self::Shape(shape) => vec![shape],
            Self::List(item) => item.shapes(),
            Self::Map { value, .. } => value.shapes(),
            Self::Union { shapes, .. } => shapes.iter().map(|(_, shape)| *shape).collect(),
            Self::Either(kinds) => kinds.iter().flat_map(|kind| kind.shapes()).collect(),
            _ => Vec::new(),
        }
    }
}

impl Field {
    /// What an absent one means: a default, words, or nothing.
    pub(crate) fn default(&self) -> Option<String> {
        match self.need {
            Need::Default("{}" | "[]") | Need::Required | Need::Optional => None,
            Need::Default(text) => Some(format!("`{text}`")),
            Need::Derived(words) => Some(words.to_owned()),
        }
    }
}
