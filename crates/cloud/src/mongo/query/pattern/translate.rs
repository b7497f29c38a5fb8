//! PCRE's syntax in that of the linear engine: `\w` is ASCII, `[` in a class is itself.

use super::super::error::Result;
use super::invalid;

/// The pattern in the engine's syntax.
///
/// # Errors
/// 51091 naming a construct that the engine does not have.
pub(super) fn to_linear(source: &str, extended: bool) -> Result<String> {
    let mut translation =
        Translation { rest: source, to: String::with_capacity(source.len() + 16), extended };
    while let Some(next) = translation.next() {
        translation.outside(next)?;
    }
    Ok(translation.to)
}

struct Translation<'a> {
    rest: &'a str,
    to: String,
    extended: bool,
}

impl Translation<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = self.rest.get(next.len_utf8()..).unwrap_or_default();
        Some(next)
    }

    fn outside(&mut self, next: char) -> Result<()> {
        match next {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.group(),
            '*' | '+' | '?' | '}' if self.rest.starts_with('+') => {
                Err(invalid("possessive quantifiers are not supported here"))
            }
            '#' if self.extended => {
                self.comment();
                Ok(())
            }
            other => {
                self.to.push(other);
                Ok(())
            }
        }
    }

    /// What a comment says is no pattern.
    fn comment(&mut self) {
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        self.rest = self.rest.get(end..).unwrap_or_default();
    }

    fn group(&mut self) -> Result<()> {
        const ABSENT: &[(&str, &str)] = &[
            ("?=", "lookahead (?=…)"),
            ("?!", "negative lookahead (?!…)"),
            ("?<=", "lookbehind (?<=…)"),
            ("?<!", "negative lookbehind (?<!…)"),
            ("?>", "atomic groups (?>…)"),
            ("?(", "conditional groups (?(…)…)"),
            ("?R", "recursion (?R)"),
            ("?&", "recursion (?&name)"),
            ("?P>", "recursion (?P>name)"),
            ("?P=", "back-references (?P=name)"),
            ("?|", "branch reset groups (?|…)"),
            ("*", "control verbs (*…)"),
        ];
        if let Some((_, name)) = ABSENT.iter().find(|(start, _)| self.rest.starts_with(start)) {
            return Err(invalid(&format!("{name} are not supported here, as their time has no bound")));
        }
        self.to.push('(');
        Ok(())
    }

    fn escape(&mut self) -> Result<()> {
        let Some(next) = self.next() else { return Err(invalid("\\ at end of pattern")) };
        match next {
            '1'..='9' => return Err(invalid(&format!("back-references (\\{next}) are not supported here"))),
            'k' | 'g' => return Err(invalid(&format!("back-references (\\{next}) are not supported here"))),
            'G' | 'K' | 'R' | 'X' | 'C' => return Err(invalid(&format!("\\{next} is not supported here"))),
            'b' => self.to.push_str("(?-u:\\b)"),
            'B' => self.to.push_str("\\B"),
            'Z' => self.to.push_str("(?:\\n?\\z)"),
            'h' => self.to.push_str("[\\t ]"),
            'Q' => self.quoted(),
            'E' => {}
            other => self.shorthand(other),
        }
        Ok(())
    }

    /// `\Q…\E`.
    fn quoted(&mut self) {
        let (text, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
        self.to.push_str(&regex::escape(text));
        self.rest = rest;
    }

    fn shorthand(&mut self, letter: char) {
        match letter {
            'd' => self.to.push_str("[0-9]"),
            'D' => self.to.push_str("[^0-9]"),
            'w' => self.to.push_str("[0-9A-Za-z_]"),
            'W' => self.to.push_str("[^0-9A-Za-z_]"),
            's' => self.to.push_str("[\\t\\n\\x0B\\x0C\\r\\x20]"),
            'S' => self.to.push_str("[^\\t\\n\\x0B\\x0C\\r\\x20]"),
            'e' => self.to.push_str("\\x1B"),
            '0' => self.to.push_str("\\x00"),
            letter if letter.is_ascii_alphanumeric() => self.to.extend(['\\', letter]),
            other => self.to.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }

    /// A class up to its bracket; `]` as the first one in it is itself.
    fn class(&mut self) -> Result<()> {
        self.to.push('[');
        if self.rest.starts_with('^') {
            self.next();
            self.to.push('^');
        }
        if self.rest.starts_with(']') {
            self.next();
            self.to.push_str("\\]");
        }
        while let Some(next) = self.next() {
            match next {
                ']' => {
                    self.to.push(']');
                    return Ok(());
                }
                '\\' => match self.next() {
                    Some('b') => self.to.push_str("\\x08"),
                    Some(letter) => self.shorthand(letter),
                    None => return Err(invalid("\\ at end of pattern")),
                },
                '[' if self.rest.starts_with(':') => self.posix(),
                '[' | '&' | '~' | '#' | ' ' => self.to.extend(['\\', next]),
                '-' if self.rest.starts_with('-') => self.to.push_str("\\-"),
                other => self.to.push(other),
            }
        }
        Err(invalid("missing terminating ] for character class"))
    }

    /// `[:alpha:]`, as it is.
    fn posix(&mut self) {
        self.to.push('[');
        while let Some(next) = self.next() {
            self.to.push(next);
            if next == ']' {
                return;
            }
        }
    }
}
