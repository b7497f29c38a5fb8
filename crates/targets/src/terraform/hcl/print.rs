//! Writes the tree as `terraform fmt` leaves it: two spaces a level, the equals signs of neighbouring one-line attributes
//! in one column, a comma after every item of a list that takes several lines.

use std::fmt::Write as _;

use super::{Block, Body, Expression, Item, Part};

/// Columns up to which a list or an object stands on one line.
const WIDTH: usize = 100;

/// Columns of a comment.
const COMMENT_WIDTH: usize = 116;

/// A file's text, with a newline at its end.
pub(super) fn file(body: &Body) -> String {
    let mut text = String::new();
    items(&mut text, body, 0);
    text
}

/// One line, or several, of which the later ones are indented already.
struct Attribute<'a> {
    name: &'a str,
    value: String,
}

impl Attribute<'_> {
    fn is_one_line(&self) -> bool {
        !self.value.contains('\n')
    }
}

fn items(out: &mut String, body: &Body, level: usize) {
    let mut run: Vec<Attribute<'_>> = Vec::new();
    let mut before: Option<&Item> = None;
    for item in &body.items {
        if let Item::Attribute(name, value) = item {
            // A block and what follows it are parted.
            if matches!(before, Some(Item::Block(_))) {
                out.push('\n');
            }
            run.push(Attribute { name, value: expression(value, level) });
        } else {
            attributes(out, &mut run, level);
            part(out, before, item);
            other(out, item, level);
        }
        before = Some(item);
    }
    attributes(out, &mut run, level);
}

/// An empty line where two things do not belong together.
fn part(out: &mut String, before: Option<&Item>, item: &Item) {
    let parted = match (before, item) {
        (None | Some(Item::Comment(_) | Item::Gap), _) | (Some(_), Item::Gap) => false,
        (Some(Item::Block(_)), _) | (Some(Item::Attribute(..)), Item::Block(_)) => true,
        (Some(Item::Attribute(..)), _) => false,
    };
    if parted {
        out.push('\n');
    }
}

fn other(out: &mut String, item: &Item, level: usize) {
    match item {
        Item::Attribute(..) => {}
        Item::Block(of) => block(out, of, level),
        Item::Comment(text) => comment(out, text, level),
        Item::Gap => out.push('\n'),
    }
}

fn attributes(out: &mut String, run: &mut Vec<Attribute<'_>>, level: usize) {
    for line in run.chunk_by(|one, next| one.is_one_line() && next.is_one_line()) {
        let width = line.iter().map(|attribute| width(attribute.name)).max().unwrap_or(0);
        for Attribute { name, value } in line {
            indent(out, level);
            out.push_str(name);
            out.extend(std::iter::repeat_n(' ', width - self::width(name)));
            out.push_str(" = ");
            out.push_str(value);
            out.push('\n');
        }
    }
    run.clear();
}

fn block(out: &mut String, block: &Block, level: usize) {
    indent(out, level);
    out.push_str(block.kind);
    for label in &block.labels {
        out.push(' ');
        out.push_str(&quoted(label));
    }
    if block.body.is_empty() {
        out.push_str(" {}\n");
        return;
    }
    out.push_str(" {\n");
    items(out, &block.body, level + 1);
    indent(out, level);
    out.push_str("}\n");
}

fn comment(out: &mut String, text: &str, level: usize) {
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && width(&line) + width(word) + 1 > COMMENT_WIDTH - 2 * level {
                comment_line(out, &line, level);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        comment_line(out, &line, level);
    }
}

fn comment_line(out: &mut String, line: &str, level: usize) {
    indent(out, level);
    out.push_str(format!("# {line}").trim_end());
    out.push('\n');
}

fn expression(expression: &Expression, level: usize) -> String {
    match expression {
        Expression::Null => "null".to_owned(),
        Expression::Bool(value) => value.to_string(),
        Expression::Number(value) => value.to_string(),
        Expression::Text(text) => quoted(text),
        Expression::Template(parts) => template(parts),
        Expression::Reference(path) => path.clone(),
        Expression::List(values) => list(values, level),
        Expression::Object(entries) => object(entries, level),
        Expression::Call(name, arguments) => call(name, arguments, level),
    }
}

fn list(values: &[Expression], level: usize) -> String {
    let short: Vec<String> = values.iter().map(|value| self::expression(value, level)).collect();
    let line = format!("[{}]", short.join(", "));
    if !line.contains('\n') && width(&line) + 2 * level <= WIDTH {
        return line;
    }
    let mut text = "[\n".to_owned();
    for value in values {
        indent(&mut text, level + 1);
        text.push_str(&self::expression(value, level + 1));
        text.push_str(",\n");
    }
    indent(&mut text, level);
    text.push(']');
    text
}

fn call(name: &str, arguments: &[Expression], level: usize) -> String {
    let arguments: Vec<String> = arguments.iter().map(|argument| expression(argument, level)).collect();
    format!("{name}({})", arguments.join(", "))
}

/// Always on several lines: one changed key is one changed line.
fn object(entries: &[(String, Expression)], level: usize) -> String {
    if entries.is_empty() {
        return "{}".to_owned();
    }
    let keys: Vec<String> = entries.iter().map(|(name, _)| key(name)).collect();
    let mut run = keys
        .iter()
        .zip(entries)
        .map(|(name, (_, value))| Attribute { name, value: expression(value, level + 1) })
        .collect();
    let mut text = "{\n".to_owned();
    attributes(&mut text, &mut run, level + 1);
    indent(&mut text, level);
    text.push('}');
    text
}

/// A key is written bare where it can be (HCL native syntax, "Identifiers").
fn key(name: &str) -> String {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    let goes_on = letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
    let is_word = matches!(name, "null" | "true" | "false" | "for");
    if begins && goes_on && !is_word { name.to_owned() } else { quoted(name) }
}

fn template(parts: &[Part]) -> String {
    let mut text = "\"".to_owned();
    for part in parts {
        match part {
            Part::Text(of) => escape(&mut text, of),
            Part::Reference(path) => {
                write!(text, "${{{path}}}").ok();
            }
        }
    }
    text.push('"');
    text
}

fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    escape(&mut out, text);
    out.push('"');
    out
}

/// HCL native syntax, "Template Expressions": what begins a sequence is doubled.
fn escape(out: &mut String, text: &str) {
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

fn indent(out: &mut String, level: usize) {
    out.extend(std::iter::repeat_n("  ", level));
}

/// Columns as `terraform fmt` counts them: characters, for what names and keys are made of.
fn width(text: &str) -> usize {
    text.chars().count()
}
