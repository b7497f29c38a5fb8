//! Writes the tree as `terraform fmt` leaves it: two spaces a level, the equals signs of neighbouring one-line attributes
//! in one column, a comma after every item of a list that takes several lines.

use std::iter;

use self::expression::quoted;
use self::run::Run;
use super::{Block, Body, Item};

mod expression;
mod run;

/// Columns of a comment.
const COMMENT_WIDTH: usize = 116;

/// A file's text, with a newline at its end.
pub(super) fn file(body: &Body) -> String {
    let mut text = String::new();
    items(&mut text, body, 0);
    text
}

fn items(out: &mut String, body: &Body, level: usize) {
    let mut run = Run::default();
    let mut before: Option<&Item> = None;
    for item in &body.items {
        if let Item::Attribute(name, value) = item {
            // A block and what follows it are parted.
            if matches!(before, Some(Item::Block(_))) {
                out.push('\n');
            }
            run.add(name.into(), value, level);
        } else {
            run.write(out, level);
            part(out, before, item);
            other(out, item, level);
        }
        before = Some(item);
    }
    run.write(out, level);
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

fn block(out: &mut String, block: &Block, level: usize) {
    indent(out, level);
    out.push_str(block.kind);
    for label in &block.labels {
        out.push(' ');
        quoted(out, label);
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

fn indent(out: &mut String, level: usize) {
    out.extend(iter::repeat_n("  ", level));
}

/// What was written from `begin` on.
fn since(out: &str, begin: usize) -> &str {
    out.get(begin..).unwrap_or_default()
}

/// Columns as `terraform fmt` counts them: characters, for what names and keys are made of.
fn width(text: &str) -> usize {
    text.chars().count()
}
