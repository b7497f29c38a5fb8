//! What a document may contain, element by element, and the tree a document that keeps to it becomes.

use crate::s3::dates;
use crate::s3::error::{Code, Result};
use crate::s3::xml::{Element, Writer};

/// What an element contains.
#[derive(Debug, Clone, Copy)]
pub(in crate::s3) enum Shape {
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    Integer,
    /// `true` or `false`.
    Flag,
    /// A moment in ISO 8601.
    Moment,
    /// Other elements.
    Group(&'static [Field]),
    /// Who an access control list speaks of: its kind is in the attribute `xsi:type`.
    Grantee,
}

/// An element that may stand in a group.
#[derive(Debug, Clone, Copy)]
pub(in crate::s3) struct Field {
    pub(in crate::s3) name: &'static str,
    pub(in crate::s3) times: Times,
    pub(in crate::s3) shape: Shape,
}

/// How often an element stands in its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::s3) enum Times {
    Once,
    AtMostOnce,
    AtLeastOnce,
    Any,
}

/// An element that has been checked, in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::s3) struct Node {
    pub(in crate::s3) name: &'static str,
    /// `xsi:type`, which only a grantee has.
    pub(in crate::s3) kind: Option<String>,
    pub(in crate::s3) text: String,
    pub(in crate::s3) children: Vec<Node>,
}

/// Exactly one.
pub(super) const fn one(name: &'static str, shape: Shape) -> Field {
    Field { name, times: Times::Once, shape }
}

/// One or none.
pub(super) const fn maybe(name: &'static str, shape: Shape) -> Field {
    Field { name, times: Times::AtMostOnce, shape }
}

/// One or more.
pub(super) const fn some(name: &'static str, shape: Shape) -> Field {
    Field { name, times: Times::AtLeastOnce, shape }
}

/// Any number.
pub(super) const fn any(name: &'static str, shape: Shape) -> Field {
    Field { name, times: Times::Any, shape }
}

const GRANTEE: &[Field] = &[
    maybe("ID", Shape::Text),
    maybe("DisplayName", Shape::Text),
    maybe("EmailAddress", Shape::Text),
    maybe("URI", Shape::Text),
];

/// Checks the elements of a document's root.
pub(in crate::s3) fn check(root: Element<'_, '_>, name: &'static str, fields: &[Field]) -> Result<Node> {
    Ok(Node { name, kind: None, text: String::new(), children: group(root, fields)? })
}

impl Node {
    /// An element with text.
    pub(in crate::s3) fn with_text(name: &'static str, text: &str) -> Self {
        Self { name, text: text.to_owned(), ..Self::default() }
    }

    /// Its element called `name`.
    pub(in crate::s3) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Its elements called `name`.
    pub(in crate::s3) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of its element called `name`.
    pub(in crate::s3) fn get(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The number in its element called `name`.
    pub(in crate::s3) fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// Whether its element called `name` says `true`.
    pub(in crate::s3) fn says(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// Writes it and what is in it.
    pub(in crate::s3) fn write(&self, xml: &mut Writer) {
        match &self.kind {
            Some(kind) => xml.grantee(kind, |xml| self.write_children(xml)),
            None if self.children.is_empty() => xml.text(self.name, &self.text),
            None => xml.group(self.name, |xml| self.write_children(xml)),
        }
    }

    /// Writes what is in it.
    pub(in crate::s3) fn write_children(&self, xml: &mut Writer) {
        self.children.iter().for_each(|child| child.write(xml));
    }
}

fn group(element: Element<'_, '_>, fields: &[Field]) -> Result<Vec<Node>> {
    let mut nodes = Vec::new();
    for child in element.children() {
        let field = fields.iter().find(|field| field.name == child.name()).ok_or(Code::MalformedXML)?;
        nodes.push(node(child, field)?);
    }
    for field in fields {
        let count = nodes.iter().filter(|node: &&Node| node.name == field.name).count();
        let fits = match field.times {
            Times::Once => count == 1,
            Times::AtMostOnce => count <= 1,
            Times::AtLeastOnce => count >= 1,
            Times::Any => true,
        };
        if !fits {
            return Err(Code::MalformedXML.into());
        }
    }
    Ok(nodes)
}

fn node(element: Element<'_, '_>, field: &Field) -> Result<Node> {
    let mut node = Node { name: field.name, ..Node::default() };
    match field.shape {
        Shape::Group(fields) => node.children = group(element, fields)?,
        Shape::Grantee => {
            node.kind = Some(element.kind().ok_or(Code::MalformedXML)?);
            node.children = group(element, GRANTEE)?;
        }
        shape => node.text = value(&element.content(), shape).ok_or(Code::MalformedXML)?,
    }
    Ok(node)
}

/// The text of a value in its one form, if it is of that shape.
fn value(text: &str, shape: Shape) -> Option<String> {
    let trimmed = text.trim();
    match shape {
        Shape::Word(words) => words.contains(&trimmed).then(|| trimmed.to_owned()),
        Shape::Integer => trimmed.parse::<i64>().ok().map(|number| number.to_string()),
        Shape::Flag => match trimmed.to_ascii_lowercase().as_str() {
            "true" | "1" => Some("true".to_owned()),
            "false" | "0" => Some("false".to_owned()),
            _ => None,
        },
        Shape::Moment => dates::parse_iso(trimmed).map(dates::iso),
        Shape::Text | Shape::Group(_) | Shape::Grantee => Some(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::xml;

    const FIELDS: &[Field] = &[
        one("Status", Shape::Word(&["On", "Off"])),
        maybe("Days", Shape::Integer),
        any("Rule", Shape::Group(&[some("Name", Shape::Text), maybe("Flag", Shape::Flag)])),
        maybe("At", Shape::Moment),
    ];

    fn read(content: &str) -> Result<String> {
        let text = format!("<Root>{content}</Root>");
        let node = xml::read(text.as_bytes(), "Root", |root| check(root, "Root", FIELDS))?;
        let written = Writer::plain_document("Root", |xml| node.write_children(xml));
        Ok(written.split_once("<Root>").unwrap().1.trim_end_matches("</Root>").to_owned())
    }

    #[test]
    fn what_fits_comes_back_in_its_one_form() {
        let given = "<Rule><Name>a&amp;b</Name><Flag>TRUE</Flag></Rule><Status> On </Status><Days>07</Days>\
                     <At>2030-01-02T00:00:00Z</At>";
        let kept = "<Rule><Name>a&amp;b</Name><Flag>true</Flag></Rule><Status>On</Status><Days>7</Days>\
                    <At>2030-01-02T00:00:00.000Z</At>";
        assert_eq!(read(given).unwrap(), kept);
    }

    #[test]
    fn what_does_not_fit_is_malformed() {
        for content in [
            "",
            "<Status>on</Status>",
            "<Status>On</Status><Status>On</Status>",
            "<Status>On</Status><Other/>",
            "<Status>On</Status><Days>x</Days>",
            "<Status>On</Status><Rule/>",
            "<Status>On</Status><At>yesterday</At>",
        ] {
            assert_eq!(read(content).unwrap_err().code, Code::MalformedXML, "{content}");
        }
    }
}
