//! Attributes that follow one another, their equals signs in columns.

use std::borrow::Cow;
use std::iter;
use std::ops::Range;

use super::super::Expression;
use super::expression::expression;
use super::{indent, since, width};

/// Their values stand in one text, so that printing allocates by the block and not by the value.
#[derive(Default)]
pub(super) struct Run<'a> {
    attributes: Vec<Attribute<'a>>,
    values: String,
}

struct Attribute<'a> {
    name: Cow<'a, str>,
    /// Where its value is among the run's: one line, or several, of which the later ones are indented already.
    value: Range<usize>,
    is_one_line: bool,
}

impl<'a> Run<'a> {
    pub(super) fn add(&mut self, name: Cow<'a, str>, value: &Expression, level: usize) {
        let begin = self.values.len();
        expression(&mut self.values, value, level);
        let is_one_line = !since(&self.values, begin).contains('\n');
        self.attributes.push(Attribute { name, value: begin..self.values.len(), is_one_line });
    }

    /// Writes them, and is empty.
    pub(super) fn write(&mut self, out: &mut String, level: usize) {
        for line in self.attributes.chunk_by(|one, next| one.is_one_line && next.is_one_line) {
            let width = line.iter().map(|attribute| width(&attribute.name)).max().unwrap_or(0);
            for Attribute { name, value, .. } in line {
                indent(out, level);
                out.push_str(name);
                out.extend(iter::repeat_n(' ', width - self::width(name)));
                out.push_str(" = ");
                out.push_str(self.values.get(value.clone()).unwrap_or_default());
                out.push('\n');
            }
        }
        self.attributes.clear();
        self.values.clear();
    }
}
