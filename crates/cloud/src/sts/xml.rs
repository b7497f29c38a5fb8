//! Answers of the Query protocol.

use super::error::Error;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// An element with text or with elements in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Element {
    Text(&'static str, String),
    Group(&'static str, Vec<Element>),
    /// What is in the result of an operation.
    Result(Vec<Element>),
}

/// An element with text in it.
pub(super) fn text(name: &'static str, text: impl Into<String>) -> Element {
    Element::Text(name, text.into())
}

/// The document of an operation that was done.
pub(super) fn answer(operation: &str, result: &Element, request_id: &str) -> String {
    let mut written = String::new();
    write(result, &mut written);
    format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{written}</{operation}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    )
}

/// The document of a request that was refused.
pub(super) fn refusal(error: &Error, request_id: &str) -> String {
    let (whose, code) = (error.code.whose(), error.code.word());
    let message = escaped(&error.message);
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{whose}</Type><Code>{code}</Code><Message>{message}\
         </Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
}

fn write(element: &Element, out: &mut String) {
    match element {
        Element::Text(name, text) => {
            out.push_str(&format!("<{name}>{}</{name}>", escaped(text)));
        }
        Element::Group(name, inner) => {
            out.push_str(&format!("<{name}>"));
            inner.iter().for_each(|element| write(element, out));
            out.push_str(&format!("</{name}>"));
        }
        Element::Result(inner) => inner.iter().for_each(|element| write(element, out)),
    }
}

/// Control characters that XML 1.0 can't have become question marks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(letter),
            letter if letter.is_control() => out.push('?'),
            letter => out.push(letter),
        }
    }
    out
}
