//! `taxiway explain services.scale.queue_delay`: one field, from the same tables that read it.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::language::{Field, Kind, Need, Read as _, Shape, nearest};
use crate::written::Manifest;
use crate::yaml::shorten;

/// One field of the manifest, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Where it is: names of things in mappings are left out.
    pub path: String,
    /// What it is for.
    pub purpose: String,
    /// What it may be.
    pub kind: String,
    /// The words it takes, each with what it means; none where it takes other values.
    pub allowed: Vec<Child>,
    /// Whether it must be there.
    pub required: bool,
    /// What an absent one means.
    pub default: Option<String>,
    /// One way to write it.
    pub example: Option<String>,
    /// Fields below it.
    pub children: Vec<Child>,
}

/// A name and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Child {
    /// The name.
    pub name: String,
    /// What it means.
    pub purpose: String,
}

/// There is no such field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parent} has no field `{name}`{}", suggest(.near, .known))]
pub struct UnknownField {
    parent: String,
    name: String,
    near: Option<&'static str>,
    known: Vec<&'static str>,
}

/// Explains the field at a path such as `services.api.scale.min` or `services.scale.min`; an empty path is the
/// whole manifest. Names in mappings (`api`) may be left out; a resource's type may stand in their place.
///
/// # Errors
/// A part of the path is no field; the error names the nearest.
pub fn explain(path: &str) -> Result<Explanation, UnknownField> {
    let mut place = Place { trail: Vec::new(), field: None, kind: Manifest::KIND, named: false };
    for part in path.split('.').map(str::trim).filter(|part| !part.is_empty()) {
        place = place.down(part)?;
    }
    Ok(place.explanation())
}

/// How far a path has led.
struct Place {
    trail: Vec<&'static str>,
    field: Option<&'static Field>,
    kind: &'static Kind,
    /// A name in a mapping was passed.
    named: bool,
}

impl Place {
    fn down(mut self, part: &str) -> Result<Self, UnknownField> {
        if let Kind::Overlay = self.kind {
            self.kind = Manifest::KIND;
            self.trail.clear();
        }
        if let Some((text, shape)) = variant(self.kind, part) {
            self.trail.push(text);
            return Ok(Self { trail: self.trail, field: None, kind: shape, named: true });
        }
        if let Some(field) = self.kind.field(part) {
            self.trail.push(field.name());
            return Ok(Self { trail: self.trail, field: Some(field), kind: field.kind, named: false });
        }
        match self.kind {
            Kind::Map { value, .. } if !self.named => {
                let kind = if matches!(value, Kind::Overlay) { Manifest::KIND } else { value };
                Ok(Self { trail: self.trail, field: self.field, kind, named: true })
            }
            _ => Err(self.unknown(part)),
        }
    }

    fn unknown(&self, part: &str) -> UnknownField {
        let known: BTreeSet<&'static str> =
            self.kind.shapes().iter().flat_map(|shape| shape.fields).map(Field::name).collect();
        let parent = match self.trail.as_slice() {
            [] => "the manifest".to_owned(),
            trail => format!("`{}`", trail.join(".")),
        };
        let near = nearest(part, known.iter().copied());
        UnknownField { parent, name: shorten(part), near, known: known.into_iter().collect() }
    }

    fn explanation(&self) -> Explanation {
        let about =
            |field: &Field| Child { name: field.name().to_owned(), purpose: field.about().to_owned() };
        let mut children: Vec<Child> = Vec::new();
        match self.kind {
            Kind::Union { tag, shapes } | Kind::Map { value: Kind::Union { tag, shapes }, .. } => {
                let types = shapes.iter().map(|(text, shape)| (*text, shape.about()));
                children.push(about(tag));
                children.extend(
                    types.map(|(name, about)| Child { name: name.to_owned(), purpose: about.to_owned() }),
                );
            }
            kind => children.extend(kind.shapes().iter().flat_map(|shape| shape.fields).map(about)),
        }
        let words = self.kind.words().iter();
        Explanation {
            path: self.trail.join("."),
            purpose: self.purpose(),
            kind: self.kind.describe(),
            allowed: words
                .map(|word| Child { name: word.text.to_owned(), purpose: word.meaning.trim().to_owned() })
                .collect(),
            required: self.field.is_some_and(|field| matches!(field.need, Need::Required)),
            default: self.field.and_then(Field::default),
            example: self.field.map(|field| format!("{}: {}", field.name(), field.example)),
            children,
        }
    }

    fn purpose(&self) -> String {
        match (self.field, self.kind) {
            (Some(field), _) => field.about().to_owned(),
            (None, Kind::Shape(shape)) => shape.about().to_owned(),
            _ => String::new(),
        }
    }
}

/// The kind of a resource's type.
fn variant(kind: &'static Kind, part: &str) -> Option<(&'static str, &'static Kind)> {
    let Kind::Map { value: Kind::Union { shapes, .. }, .. } = kind else { return None };
    let (text, shape) = shapes.iter().find(|(text, _)| *text == part)?;
    Some((text, kind_of(shape)))
}

/// The description of a resource's shape, as a kind.
fn kind_of(shape: &'static Shape) -> &'static Kind {
    use crate::written::resource::{Bucket, Mongodb, Parameter, Postgres, Queue, Redis, Secret};
    let all = [
        Queue::KIND,
        Bucket::KIND,
        Parameter::KIND,
        Secret::KIND,
        Postgres::KIND,
        Mongodb::KIND,
        Redis::KIND,
    ];
    let same = |kind: &&&'static Kind| matches!(kind, Kind::Shape(other) if other.noun == shape.noun);
    all.iter().find(same).copied().unwrap_or(Queue::KIND)
}

fn suggest(near: &Option<&'static str>, known: &[&'static str]) -> String {
    match near {
        Some(near) => format!("; did you mean `{near}`?"),
        None if known.is_empty() => "; it has no fields".to_owned(),
        None => format!("; it has {}", known.join(", ")),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "taxiway.yaml" } else { &self.path };
        writeln!(f, "{path}\n")?;
        writeln!(f, "  {}\n", self.purpose)?;
        writeln!(f, "  type      {}", self.kind)?;
        match (&self.default, self.required) {
            (Some(default), _) => writeln!(f, "  default   {default}")?,
            (None, true) => writeln!(f, "  required")?,
            (None, false) => {}
        }
        if let Some(example) = &self.example {
            writeln!(f, "  example   {example}")?;
        }
        table(f, "allowed", &self.allowed)?;
        table(f, "fields", &self.children)
    }
}

fn table(f: &mut fmt::Formatter<'_>, title: &str, rows: &[Child]) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    writeln!(f, "\n  {title}")?;
    for row in rows {
        writeln!(f, "    {:width$}  {}", row.name, row.purpose)?;
    }
    Ok(())
}
