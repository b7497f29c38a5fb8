//! The tree as text, two blanks a level.

use std::fmt;

use super::scalar::inline;
use super::{Document, Entry, Map, Yaml};

/// How wide a comment may be.
const WIDTH: usize = 118;

impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        comment(formatter, &self.heading, 0)?;
        map(formatter, &self.root, 0)
    }
}

fn map(out: &mut fmt::Formatter<'_>, of: &Map, level: usize) -> fmt::Result {
    for (index, of) in of.entries.iter().enumerate() {
        if level == 0 && index > 0 && has_body(&of.value) {
            out.write_str("\n")?;
        }
        entry(out, of, level, true)?;
    }
    Ok(())
}

fn has_body(value: &Yaml) -> bool {
    matches!(value, Yaml::Map(map) if !map.is_empty())
}

fn entry(out: &mut fmt::Formatter<'_>, of: &Entry, level: usize, is_indented: bool) -> fmt::Result {
    if let (Some(above), true) = (&of.above, is_indented) {
        comment(out, above, level)?;
    }
    if is_indented {
        indent(out, level)?;
    }
    write!(out, "{}:", inline(&of.key))?;
    value(out, &of.value, level, of.behind.as_deref())
}

/// What stands behind a key or, without the blank, a dash.
fn value(out: &mut fmt::Formatter<'_>, of: &Yaml, level: usize, behind: Option<&str>) -> fmt::Result {
    match of {
        Yaml::Map(of) if !of.is_empty() => {
            out.write_str("\n")?;
            map(out, of, level + 1)
        }
        Yaml::List(items) if !items.is_empty() => {
            out.write_str("\n")?;
            items.iter().try_for_each(|of| item(out, of, level + 1))
        }
        Yaml::Lines(text) if is_literal(text) => lines(out, text, level + 1),
        other => {
            write!(out, " {}", scalar(other))?;
            match behind {
                Some(behind) => writeln!(out, " # {behind}"),
                None => out.write_str("\n"),
            }
        }
    }
}

fn item(out: &mut fmt::Formatter<'_>, of: &Yaml, level: usize) -> fmt::Result {
    if let Yaml::Noted(above, of) = of {
        comment(out, above, level)?;
        return item(out, of, level);
    }
    if let Yaml::Map(Map { entries }) = of
        && let Some(above) = entries.first().and_then(|first| first.above.as_ref())
    {
        comment(out, above, level)?;
    }
    indent(out, level)?;
    out.write_str("-")?;
    match of {
        Yaml::Map(Map { entries }) if !entries.is_empty() => {
            out.write_str(" ")?;
            entries.iter().enumerate().try_for_each(|(index, of)| entry(out, of, level + 1, index > 0))
        }
        other => value(out, other, level, None),
    }
}

fn scalar(of: &Yaml) -> String {
    match of {
        Yaml::Text(text) | Yaml::Lines(text) => inline(text),
        Yaml::Number(number) => number.to_string(),
        Yaml::Flag(flag) => flag.to_string(),
        Yaml::List(_) => "[]".to_owned(),
        Yaml::Map(_) => "{}".to_owned(),
        Yaml::Noted(_, of) => scalar(of),
    }
}

/// Whether a literal block holds it as it is: its first line must not begin with a blank (YAML 1.2.2, 8.1.1.1), and what
/// ends in several line ends would lose them.
fn is_literal(text: &str) -> bool {
    let is_plain = |letter: char| letter == '\n' || letter == '\t' || !letter.is_control();
    !text.is_empty()
        && !text.starts_with([' ', '\n', '\t'])
        && !text.ends_with("\n\n")
        && text.chars().all(is_plain)
}

fn lines(out: &mut fmt::Formatter<'_>, text: &str, level: usize) -> fmt::Result {
    out.write_str(if text.ends_with('\n') { " |\n" } else { " |-\n" })?;
    for line in text.lines() {
        if !line.is_empty() {
            indent(out, level)?;
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A comment of several lines, broken between words.
fn comment(out: &mut fmt::Formatter<'_>, text: &str, level: usize) -> fmt::Result {
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + word.chars().count() + level * 2 + 3 > WIDTH {
                indent(out, level)?;
                writeln!(out, "#{line}")?;
                line.clear();
            }
            line.push(' ');
            line.push_str(word);
        }
        indent(out, level)?;
        writeln!(out, "#{line}")?;
    }
    Ok(())
}

fn indent(out: &mut fmt::Formatter<'_>, level: usize) -> fmt::Result {
    (0..level).try_for_each(|_| out.write_str("  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_printed_in_its_order() {
        let mut step = Map::new();
        step.set("uses", "a/b@0123").behind("v1").above("Why.");
        step.set("with", Map::from([("on", true)]));
        let mut root = Map::from([("name", "x")]);
        root.set("on", Map::from([("push", Yaml::list(["main", "v*", "*"]))]));
        root.set("steps", Yaml::List(vec![step.into(), "a".into(), Map::new().into(), Yaml::list(["b"])]));
        root.set("run", Yaml::Lines("a\n\n  b\n".to_owned())).set("last", Yaml::Lines("c".to_owned()));
        root.set("noted", Yaml::List(vec![Yaml::noted("Because.", "d")]));
        root.set("count", 3_u32).set("none", Yaml::list(Vec::<&str>::new()));
        let document = Document { heading: "Top.".to_owned(), root };
        let expect = "# Top.\nname: x\n\n\"on\":\n  push:\n    - main\n    - v*\n    - \"*\"\nsteps:\n  # Why.\n  - uses: a/b@0123 # v1\n    with:\n      \
                      \"on\": true\n  - a\n  - {}\n  -\n    - b\nrun: |\n  a\n\n    b\nlast: |-\n  c\nnoted:\n  # Because.\n  - d\ncount: 3\nnone: []\n";
        assert_eq!(document.to_string(), expect);
    }

    #[test]
    fn lines_that_a_block_would_change_are_quoted() {
        for text in ["", " a\n", "a\n\n", "\na"] {
            assert!(!is_literal(text), "{text:?}");
        }
    }
}
