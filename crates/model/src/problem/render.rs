//! Draws problems: message, place, the line, carets, hint.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar as _;

use super::{Problem, Problems, Severity, TextRange};

/// Columns a tab takes up when drawn.
const TAB: usize = 4;
/// Widest part of a source line that is drawn.
const WIDE: usize = 100;
/// What is kept to the left of the caret when a long line is cut.
const LEFT: usize = 30;

/// Where the lines of a text begin.
pub(super) struct Lines<'a> {
    source: &'a str,
    starts: Vec<usize>,
}

/// One character cell of a drawn line.
struct Cell {
    text: char,
    width: usize,
    marked: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let breaks = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { source, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// Line and column (in characters), both from 1, of a byte.
    pub(super) fn position(&self, byte: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.source.get(start..byte.min(self.source.len())).unwrap_or_default();
        (line, before.trim_start_matches('\u{feff}').chars().count() + 1)
    }

    /// Text of a line without its end, and where it begins.
    fn line(&self, line: usize) -> (usize, &'a str) {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let rest = self.source.get(start..).unwrap_or_default();
        let end = rest.find('\n').unwrap_or(rest.len());
        (start, rest.get(..end).unwrap_or_default().trim_end_matches('\r'))
    }
}

/// Draws all of them, with a closing line that counts them.
pub(super) fn problems(all: &Problems, concealed: &[TextRange], source: &str, color: bool) -> String {
    let lines = Lines::new(source);
    let mut out = String::new();
    for problem in &all.problems {
        draw(&mut out, problem, &lines, concealed, color);
        out.push('\n');
    }
    if all.more > 0 {
        let _ = writeln!(out, "… and {} more", all.more);
    }
    out
}

fn draw(out: &mut String, problem: &Problem, lines: &Lines<'_>, concealed: &[TextRange], color: bool) {
    let (word, tint) = match problem.severity {
        Severity::Error => ("error", AnsiColor::Red),
        Severity::Warning => ("warning", AnsiColor::Yellow),
    };
    let strong = |style: Style| if color { style.bold() } else { Style::new() };
    let (loud, bold) = (strong(tint.on_default()), strong(Style::new()));
    let blue = strong(AnsiColor::Blue.on_default());
    let number = problem.line.to_string();
    let gutter = " ".repeat(number.len());
    let (text, carets) = excerpt(problem, lines, concealed);
    let label = environments(&problem.environments);
    let message = printable(&problem.message);
    let _ = writeln!(out, "{loud}{word}{loud:#}{bold}: {message}{bold:#}");
    let file = printable(&problem.file);
    let _ = writeln!(out, "{gutter}{blue}-->{blue:#} {file}:{}:{}{label}", problem.line, problem.column);
    let _ = writeln!(out, "{gutter} {blue}|{blue:#}");
    let _ = writeln!(out, "{blue}{number} |{blue:#} {text}");
    let _ = writeln!(out, "{gutter} {blue}|{blue:#} {loud}{carets}{loud:#}");
    if let Some(hint) = &problem.hint {
        let _ = writeln!(out, "{gutter} {blue}={blue:#} {bold}hint{bold:#}: {}", printable(hint));
    }
}

fn environments(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] if one.is_empty() => " (without an environment)".to_owned(),
        [one] => format!(" (environment {one})"),
        many => {
            let shown: Vec<&str> =
                many.iter().map(|name| if name.is_empty() { "none" } else { name.as_str() }).collect();
            format!(" (environments {})", shown.join(", "))
        }
    }
}

/// The line as it is drawn and the carets below it.
fn excerpt(problem: &Problem, lines: &Lines<'_>, concealed: &[TextRange]) -> (String, String) {
    let (start, text) = lines.line(problem.line);
    let cells = cells(start, text, problem.span, concealed);
    let first = cells.iter().position(|cell| cell.marked).unwrap_or(cells.len());
    let whole: usize = cells.iter().map(|cell| cell.width).sum();
    let skip = if whole <= WIDE { 0 } else { first.saturating_sub(LEFT) };
    let (mut drawn, mut carets) = (String::new(), String::new());
    if skip > 0 {
        drawn.push('…');
        carets.push(' ');
    }
    let mut width = 0;
    for cell in cells.iter().skip(skip) {
        if width + cell.width > WIDE {
            drawn.push('…');
            break;
        }
        width += cell.width;
        push_cell(&mut drawn, cell);
        carets.push_str(&(if cell.marked { "^" } else { " " }).repeat(cell.width));
    }
    let carets = carets.trim_end();
    let carets = if carets.is_empty() { format!("{}^", " ".repeat(width)) } else { carets.to_owned() };
    (drawn.trim_end().to_owned(), carets)
}

fn push_cell(drawn: &mut String, cell: &Cell) {
    if cell.text == '\t' {
        drawn.push_str(&" ".repeat(cell.width));
    } else {
        drawn.push(cell.text);
    }
}

fn cells(start: usize, text: &str, span: TextRange, concealed: &[TextRange]) -> Vec<Cell> {
    let hidden: Vec<&TextRange> =
        concealed.iter().filter(|range| range.end > start && range.start < start + text.len()).collect();
    let end = span.end.max(span.start + 1);
    text.char_indices()
        .filter(|(_, character)| *character != '\u{feff}')
        .map(|(offset, character)| {
            let at = start + offset;
            let secret = hidden.iter().any(|range| range.start <= at && at < range.end);
            let text = if secret { '*' } else { visible(character) };
            let width = if text == '\t' { TAB } else { text.width().unwrap_or(1) };
            Cell { text, width, marked: span.start <= at && at < end }
        })
        .collect()
}

/// A sign instead of a character that would move the cursor or hide text on a terminal.
fn visible(character: char) -> char {
    match character {
        '\t' => '\t',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}

fn printable(text: &str) -> String {
    text.chars().map(|character| if character == '\t' { ' ' } else { visible(character) }).collect()
}

#[cfg(test)]
mod tests;
