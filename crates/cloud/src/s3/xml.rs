//! XML out, element by element, and XML in, as a small tree with limits.

use std::fmt::Write as _;

use roxmltree::{Document, Node, ParsingOptions};

use super::error::{Code, Result};

/// The namespace of every answer (the S3 API's schema of 2006-03-01).
pub(super) const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The namespace of `xsi:type`, which says what kind of grantee is meant.
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Nodes a request document may have: a thousand keys or ten thousand parts with room to spare.
const MAX_NODES: u32 = 200_000;

/// A document being written.
#[derive(Debug)]
pub(super) struct Writer {
    text: String,
}

impl Writer {
    /// Writes a whole document whose root element is `root`.
    pub(super) fn document(root: &str, content: impl FnOnce(&mut Self)) -> String {
        let mut writer = Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned() };
        _ = write!(writer.text, "<{root} xmlns=\"{NAMESPACE}\">");
        content(&mut writer);
        _ = write!(writer.text, "</{root}>");
        writer.text
    }

    /// As [`Writer::document`] without a namespace, which is how error documents are.
    pub(super) fn plain_document(root: &str, content: impl FnOnce(&mut Self)) -> String {
        let mut writer = Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned() };
        writer.group(root, content);
        writer.text
    }

    /// Elements without a document around them: what is kept to be written into one later.
    pub(super) fn fragment(content: impl FnOnce(&mut Self)) -> String {
        let mut writer = Self { text: String::new() };
        content(&mut writer);
        writer.text
    }

    /// A kept fragment.
    pub(super) fn raw(&mut self, fragment: &str) {
        self.text.push_str(fragment);
    }

    /// A grantee of an access control list, whose kind is an attribute.
    pub(super) fn grantee(&mut self, kind: &str, content: impl FnOnce(&mut Self)) {
        _ = write!(self.text, "<Grantee xmlns:xsi=\"{INSTANCE}\" xsi:type=\"");
        escape(kind, &mut self.text);
        self.text.push_str("\">");
        content(self);
        self.text.push_str("</Grantee>");
    }

    /// An element with elements in it.
    pub(super) fn group(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        _ = write!(self.text, "<{name}>");
        content(self);
        _ = write!(self.text, "</{name}>");
    }

    /// An element with text in it.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        _ = write!(self.text, "<{name}>");
        escape(value, &mut self.text);
        _ = write!(self.text, "</{name}>");
    }

    /// An element with a number or a yes or no in it.
    pub(super) fn value(&mut self, name: &str, value: impl std::fmt::Display) {
        _ = write!(self.text, "<{name}>{value}</{name}>");
    }

    /// An element that is left out when there is nothing to say.
    pub(super) fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// Raw text of the root element: `GetBucketLocation` has nothing but text.
    pub(super) fn bare(&mut self, value: &str) {
        escape(value, &mut self.text);
    }
}

/// Reads a request document and hands its root to `read`; `MalformedXML` where it is not one.
pub(super) fn read<T>(body: &[u8], root: &str, read: impl FnOnce(Element<'_, '_>) -> Result<T>) -> Result<T> {
    let text = std::str::from_utf8(body).map_err(|_| Code::MalformedXML)?;
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|_| Code::MalformedXML)?;
    let element = Element(document.root_element());
    if element.name() != root {
        return Err(Code::MalformedXML.into());
    }
    read(element)
}

/// An element of a request document. Namespaces are not looked at, as S3 does not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a, 'i>(Node<'a, 'i>);

impl<'a, 'i> Element<'a, 'i> {
    /// Its name without a prefix.
    pub(super) fn name(self) -> &'a str {
        self.0.tag_name().name()
    }

    /// Its elements.
    pub(super) fn children(self) -> impl Iterator<Item = Element<'a, 'i>> {
        self.0.children().filter(Node::is_element).map(Element)
    }

    /// Its first element called `name`.
    pub(super) fn child(self, name: &str) -> Option<Element<'a, 'i>> {
        self.children().find(|child| child.name() == name)
    }

    /// The text of its element called `name`.
    pub(super) fn child_text(self, name: &str) -> Option<String> {
        self.child(name).map(Element::content)
    }

    /// The text of its element called `name`, which has to be there.
    pub(super) fn required(self, name: &str) -> Result<String> {
        self.child_text(name).ok_or_else(|| Code::MalformedXML.into())
    }

    /// Its `xsi:type`.
    pub(super) fn kind(self) -> Option<String> {
        self.0.attribute((INSTANCE, "type")).map(str::to_owned)
    }

    /// Its own text.
    pub(super) fn content(self) -> String {
        self.0.children().filter_map(|node| node.text()).collect()
    }
}

/// Escapes text; control characters become references, so that a key comes back as it was given.
fn escape(value: &str, out: &mut String) {
    for character in value.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            control if control.is_control() && control != '\n' && control != '\t' => {
                _ = write!(out, "&#x{:x};", u32::from(control));
            }
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        let text = Writer::plain_document("A", |xml| xml.text("B", "<&>\"\r\u{1}é"));
        assert!(text.ends_with("<A><B>&lt;&amp;&gt;&quot;&#xd;&#x1;é</B></A>"), "{text}");
    }

    #[test]
    fn documents_are_read_whatever_their_namespace() {
        let text = format!(
            "<Tagging xmlns=\"{NAMESPACE}\"><TagSet><Tag><Key>a&amp;b</Key></Tag></TagSet></Tagging>"
        );
        let key = read(text.as_bytes(), "Tagging", |root| {
            let tag = root.child("TagSet").and_then(|set| set.child("Tag"));
            tag.ok_or(Code::MalformedXML)?.required("Key")
        });
        assert_eq!(key.unwrap(), "a&b");
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"cc\">]><Delete>&b;</Delete>";
        for text in ["", "<Delete>", "<Other/>", "plain", bomb] {
            assert!(read(text.as_bytes(), "Delete", |_| Ok(())).is_err(), "{text}");
        }
    }
}
