//! Terraform's language as a tree: what the composer builds and [`print`](Body::to_string) writes as `terraform fmt`
//! would.
//!
//! The tree holds what generated files need and nothing more: expressions are values, references and templates, never
//! operators. Logic belongs in modules, which are written by hand.

use std::fmt;

mod print;

#[cfg(test)]
mod tests;

/// What stands between the braces of a block, or in a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Body {
    items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Attribute(String, Expression),
    Block(Block),
    /// Lines before what it is about.
    Comment(String),
    /// Parts what does not belong together.
    Gap,
}

/// `kind "label" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    kind: &'static str,
    labels: Vec<String>,
    body: Body,
}

/// The right side of an equals sign.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Null,
    Bool(bool),
    Number(f64),
    /// Text that means itself: what would be a template in it is escaped.
    Text(String),
    /// `"…${reference}…"`.
    Template(Vec<Part>),
    /// `module.network.vpc_id`: written as it is.
    Reference(String),
    List(Vec<Expression>),
    /// Keys in the order given.
    Object(Vec<(String, Expression)>),
    /// `optional(string)`: a function, or a type made of another.
    Call(String, Vec<Expression>),
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    Text(String),
    Reference(String),
}

impl Body {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds `name = value`.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Expression>) -> &mut Self {
        self.items.push(Item::Attribute(name.to_owned(), value.into()));
        self
    }

    /// Adds `name = value` where there is a value.
    pub(crate) fn set_some(&mut self, name: &str, value: Option<impl Into<Expression>>) -> &mut Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Adds a block.
    pub(crate) fn block(&mut self, block: Block) -> &mut Self {
        self.items.push(Item::Block(block));
        self
    }

    /// Adds a comment, wrapped.
    pub(crate) fn comment(&mut self, text: &str) -> &mut Self {
        self.items.push(Item::Comment(text.to_owned()));
        self
    }

    /// Adds an empty line.
    pub(crate) fn gap(&mut self) -> &mut Self {
        self.items.push(Item::Gap);
        self
    }

    /// Adds all that stands in another one.
    pub(crate) fn append(&mut self, other: Self) -> &mut Self {
        self.items.extend(other.items);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Block {
    pub(crate) fn new(kind: &'static str, labels: &[&str], body: Body) -> Self {
        Self { kind, labels: labels.iter().map(|label| (*label).to_owned()).collect(), body }
    }
}

impl Expression {
    /// Keys and values, in the order given.
    pub(crate) fn object<K: Into<String>, V: Into<Self>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    pub(crate) fn list<V: Into<Self>>(items: impl IntoIterator<Item = V>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    pub(crate) fn call<V: Into<Self>>(name: &str, arguments: impl IntoIterator<Item = V>) -> Self {
        Self::Call(name.to_owned(), arguments.into_iter().map(Into::into).collect())
    }

    /// `var.region`, `module.network.vpc_id`.
    pub(crate) fn reference(path: impl Into<String>) -> Self {
        Self::Reference(path.into())
    }

    /// A template from text in which `{path}` stands for a reference: `"{var.region}.amazonaws.com"`.
    pub(crate) fn template(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((reference, behind)) = after.split_once('}') else { break };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Reference(reference.to_owned()));
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        match parts.as_slice() {
            [] => Self::Text(String::new()),
            [Part::Text(text)] => Self::Text(text.clone()),
            [Part::Reference(path)] => Self::Reference(path.clone()),
            _ => Self::Template(parts),
        }
    }
}

impl fmt::Display for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&print::file(self))
    }
}

impl From<bool> for Expression {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Expression {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Expression {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Expression {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<f64> for Expression {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Expression {
            fn from(value: $kind) -> Self {
                Self::Number(f64::from(value))
            }
        }
    )*};
}

whole_numbers!(u8, u16, u32, i32);

impl<V: Into<Expression>> From<Option<V>> for Expression {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
