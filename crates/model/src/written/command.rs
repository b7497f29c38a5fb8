//! Commands: a text split into words as a shell would, or a list of words. No shell runs them.

use crate::language::{At, Fault, FromText, Kind, List, Read, Reader, Syntax};
use crate::problem::TextRange;
use crate::yaml::{Node, Value};

/// Most words of a command.
const MOST: usize = 1000;

/// Program, then arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command(pub(crate) Vec<String>);

/// A command written in one line.
struct Line(Vec<String>);

/// A word and whether quotes stood in it.
struct Word {
    text: String,
    quoted: bool,
}

impl Read for Command {
    const KIND: &'static Kind =
        &Kind::Either(&[&Kind::Text(Line::SYNTAX), &Kind::List(&Kind::Text(<String as FromText>::SYNTAX))]);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::List(_) = node.value else {
            let Line(words) = Line::read(node, reader)?;
            return Some(Self(words));
        };
        let List(items): List<String> = List::read(node, reader)?;
        let words: Vec<String> = items.into_iter().map(|At { value, .. }| value).collect();
        if words.first().is_none_or(String::is_empty) {
            empty(node.range, reader);
            return None;
        }
        Some(Self(words))
    }
}

impl FromText for Line {
    const SYNTAX: &'static Syntax = &Syntax {
        name: "command",
        says: "a command, or a list of its words",
        pattern: None,
        number_too: false,
    };

    fn from_text(text: &str) -> Result<Self, Fault> {
        let words = split(text)?;
        if words.first().is_none_or(|first| first.text.is_empty()) {
            return Err(Fault::hint("write the program and its arguments: `python -m app`"));
        }
        if words.len() > MOST {
            return Err(Fault::says("at most 1000 words", "put long arguments into a file"));
        }
        shellish(&words, text)?;
        Ok(Self(words.into_iter().map(|word| word.text).collect()))
    }
}

fn empty(range: TextRange, reader: &mut Reader<'_>) {
    let message = format!("{} names no program", reader.subject());
    reader.misfit(range, message, Some("the first word is the program".to_owned()));
}

/// Words as a POSIX shell splits them (POSIX 2.2 "Quoting"): blanks separate, quotes and backslashes join.
fn split(text: &str) -> Result<Vec<Word>, Fault> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '\'' | '"' => {
                let word = word.get_or_insert_with(Word::empty);
                word.quoted = true;
                quoted(character, &mut rest, &mut word.text)?;
            }
            '\\' => {
                let word = word.get_or_insert_with(Word::empty);
                word.quoted = true;
                let next = rest.next().ok_or_else(|| {
                    Fault::says("a complete command", "a backslash at the end escapes nothing; double it")
                })?;
                if next != '\n' {
                    word.text.push(next);
                }
            }
            other => word.get_or_insert_with(Word::empty).text.push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Reads to the closing quote.
fn quoted(quote: char, rest: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), Fault> {
    while let Some(character) = rest.next() {
        match character {
            close if close == quote => return Ok(()),
            '\\' if quote == '"' => match rest.next() {
                Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                Some('\n') => {}
                Some(next) => word.extend(['\\', next]),
                None => break,
            },
            other => word.push(other),
        }
    }
    Err(Fault::says(
        format!("a command whose {quote} is closed"),
        format!("add the closing {quote}, or escape it: \\{quote}"),
    ))
}

/// Finds what only a shell would understand.
fn shellish(words: &[Word], text: &str) -> Result<(), Fault> {
    let sign = words.iter().find(|word| !word.quoted && OPERATORS.contains(&word.text.as_str()));
    let Some(sign) = sign else { return Ok(()) };
    let line = text.trim().replace('\'', r"'\''");
    let shown = if line.len() <= 60 { line } else { "…".to_owned() };
    Err(Fault::says(
        format!("one program and its arguments (`{}` needs a shell)", sign.text),
        format!("no shell runs it; ask for one: `sh -c '{shown}'`"),
    ))
}

/// Words that only a shell gives a meaning.
const OPERATORS: &[&str] = &["|", "||", "&&", "&", ";", ">", ">>", "<", "<<", "2>&1", "2>", "|&"];

impl Word {
    fn empty() -> Self {
        Self { text: String::new(), quoted: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<Vec<String>> {
        Line::from_text(text).ok().map(|Line(words)| words)
    }

    #[test]
    fn a_line_is_split_as_a_shell_splits_it() {
        for (text, expected) in [
            ("a b", &["a", "b"][..]),
            ("  a \t b\n", &["a", "b"]),
            ("a 'b c' \"d e\"", &["a", "b c", "d e"]),
            (r"a b\ c", &["a", "b c"]),
            (r#"a "b \" \n c""#, &["a", r#"b " \n c"#]),
            ("a ''", &["a", ""]),
            ("sh -c 'a | b && c > d'", &["sh", "-c", "a | b && c > d"]),
            ("a \"|\" \\&\\&", &["a", "|", "&&"]),
            ("a=b'c'd", &["a=bcd"]),
        ] {
            assert_eq!(words(text).unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_command() {
        for text in ["", "  ", "'", "a 'b", "a \"b", "a \\", "''", "a | b", "a && b", "a > b", "a; ; b"] {
            assert_eq!(words(text), None, "{text}");
        }
    }
}
