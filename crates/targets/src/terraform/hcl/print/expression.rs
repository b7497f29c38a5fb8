//! The right side of an equals sign as text: values, templates, lists and objects.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::super::{Expression, Part};
use super::run::Run;
use super::{indent, since, width};

/// Columns up to which a list stands on one line.
const WIDTH: usize = 100;

pub(super) fn expression(out: &mut String, expression: &Expression, level: usize) {
    match expression {
        Expression::Null => out.push_str("null"),
        Expression::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Expression::Number(value) => {
            write!(out, "{value}").ok();
        }
        Expression::Text(text) => quoted(out, text),
        Expression::Template(parts) => template(out, parts),
        Expression::Reference(path) => out.push_str(path),
        Expression::List(values) => list(out, values, level),
        Expression::Object(entries) => object(out, entries, level),
        Expression::Call(name, arguments) => {
            out.push_str(name);
            separated(out, ['(', ')'], arguments, level);
        }
    }
}

/// On one line where it has room and every value takes one.
fn list(out: &mut String, values: &[Expression], level: usize) {
    let begin = out.len();
    separated(out, ['[', ']'], values, level);
    let line = since(out, begin);
    if !line.contains('\n') && width(line) + 2 * level <= WIDTH {
        return;
    }
    out.truncate(begin);
    out.push_str("[\n");
    for value in values {
        indent(out, level + 1);
        expression(out, value, level + 1);
        out.push_str(",\n");
    }
    indent(out, level);
    out.push(']');
}

fn separated(out: &mut String, [open, close]: [char; 2], values: &[Expression], level: usize) {
    out.push(open);
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        expression(out, value, level);
    }
    out.push(close);
}

/// Always on several lines: one changed key is one changed line.
fn object(out: &mut String, entries: &[(String, Expression)], level: usize) {
    if entries.is_empty() {
        out.push_str("{}");
        return;
    }
    let mut run = Run::default();
    for (name, value) in entries {
        run.add(key(name), value, level + 1);
    }
    out.push_str("{\n");
    run.write(out, level + 1);
    indent(out, level);
    out.push('}');
}

/// A key is written bare where it can be (HCL native syntax, "Identifiers").
fn key(name: &str) -> Cow<'_, str> {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    let goes_on = letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
    let is_word = matches!(name, "null" | "true" | "false" | "for");
    if begins && goes_on && !is_word {
        return name.into();
    }
    let mut text = String::new();
    quoted(&mut text, name);
    text.into()
}

fn template(out: &mut String, parts: &[Part]) {
    out.push('"');
    for part in parts {
        match part {
            Part::Text(of) => escape(out, of),
            Part::Reference(path) => {
                write!(out, "${{{path}}}").ok();
            }
        }
    }
    out.push('"');
}

pub(super) fn quoted(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

/// HCL native syntax, "Template Expressions": what begins a sequence is doubled.
fn escape(out: &mut String, text: &str) {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'$' | b'%');
    if text.bytes().all(is_plain) {
        out.push_str(text);
        return;
    }
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => out.extend([letter, letter]),
            control if control.is_control() => {
                write!(out, "\\u{:04x}", u32::from(control)).ok();
            }
            other => out.push(other),
        }
    }
}
