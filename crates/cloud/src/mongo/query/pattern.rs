//! Regular expressions: PCRE's syntax on an engine whose time is linear in the text.
//!
//! What such an engine can't have (looking around, references back, atomic and possessive groups) is refused by name.

mod translate;

use bson::Bson;

use super::error::{QueryError, Result};

/// The longest pattern MongoDB takes, in bytes.
const LONGEST: usize = 32_764;

/// A compiled regular expression.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    regex: regex::Regex,
    source: String,
    options: String,
}

impl Pattern {
    /// Compiles a pattern with options out of `imsxu`.
    ///
    /// # Errors
    /// 51091 for a pattern that is wrong or needs what a linear engine does not have, 51108 for an unknown option.
    pub(crate) fn new(source: &str, options: &str) -> Result<Self> {
        if source.len() > LONGEST {
            return Err(invalid(&format!("the pattern is longer than {LONGEST} bytes")));
        }
        let has = |option| options.contains(option);
        if let Some(wrong) = options.chars().find(|option| !"imsxu".contains(*option)) {
            return Err(QueryError::new(51108, format!("invalid flag in regex options: {wrong}")));
        }
        let regex = regex::RegexBuilder::new(&translate::to_linear(source, has('x'))?)
            .case_insensitive(has('i'))
            .multi_line(has('m'))
            .dot_matches_new_line(has('s'))
            .ignore_whitespace(has('x'))
            .build()
            .map_err(|problem| invalid(&last_line(&problem)))?;
        Ok(Self { regex, source: source.to_owned(), options: options.to_owned() })
    }

    /// Compiles a BSON regular expression.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(crate) fn of(regex: &bson::Regex) -> Result<Self> {
        Self::new(regex.pattern.as_str(), regex.options.as_str())
    }

    /// Whether a value is a string the pattern is found in, or the same regular expression.
    pub(crate) fn matches(&self, value: &Bson) -> bool {
        match value {
            Bson::String(text) | Bson::Symbol(text) => self.regex.is_match(text),
            Bson::RegularExpression(regex) => {
                regex.pattern.as_str() == self.source && regex.options.as_str() == self.options
            }
            _ => false,
        }
    }

    /// The engine's own form.
    pub(crate) fn regex(&self) -> &regex::Regex {
        &self.regex
    }

    /// What every string that matches begins with: more than nothing for `^abc…` with no options.
    pub(crate) fn prefix(&self) -> Option<&str> {
        let rest = self.source.strip_prefix('^').filter(|_| self.options.is_empty())?;
        if rest.contains('|') {
            return None;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && !"_- @/:,;".contains(c)).unwrap_or(rest.len());
        let repeated = rest.get(end..).is_some_and(|tail| tail.starts_with(['*', '?', '{']));
        let prefix = rest.get(..end)?;
        let kept = if repeated { prefix.char_indices().last().map_or(0, |(at, _)| at) } else { prefix.len() };
        prefix.get(..kept).filter(|prefix| !prefix.is_empty())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.source, &self.options) == (&other.source, &other.options)
    }
}

fn invalid(why: &str) -> QueryError {
    QueryError::new(51091, format!("Regular expression is invalid: {why}"))
}

/// The sentence of the engine's message, which is drawn over several lines.
fn last_line(problem: &regex::Error) -> String {
    let text = problem.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests;
