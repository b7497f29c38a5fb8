//! The bounds of a shape, and AWS's words for them.

use std::fmt;

use super::{ANY, Shape, pattern};

/// One constraint of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bound {
    LongestLength(usize),
    ShortestLength(usize),
    Pattern(&'static str),
    OneOf(&'static [&'static str]),
    Most(i64),
    Least(i64),
}

impl Bound {
    /// All bounds of a shape, in AWS's order.
    pub(super) fn all(shape: &Shape) -> Vec<Self> {
        match shape {
            Shape::Text { least, most, pattern, .. } => {
                lengths(*least, *most).chain(pattern.map(Self::Pattern)).collect()
            }
            Shape::Blob { least, most } | Shape::List { least, most, .. } => lengths(*least, *most).collect(),
            Shape::Choice(words) => vec![Self::OneOf(words)],
            Shape::Whole { least, most } => [
                (*most != i64::MAX).then_some(Self::Most(*most)),
                (*least != i64::MIN).then_some(Self::Least(*least)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Shape::Flag | Shape::Map | Shape::Structure(_) => Vec::new(),
        }
    }

    pub(super) fn holds_for_text(&self, text: &str) -> bool {
        match self {
            Self::Pattern(pattern) => pattern::matches(pattern, text),
            Self::OneOf(words) => words.contains(&text),
            other => other.holds_for_length(text.chars().count()),
        }
    }

    pub(super) fn holds_for_length(&self, length: usize) -> bool {
        match self {
            Self::LongestLength(most) => length <= *most,
            Self::ShortestLength(least) => length >= *least,
            _ => true,
        }
    }

    pub(super) fn holds_for_number(&self, number: i64) -> bool {
        match self {
            Self::Most(most) => number <= *most,
            Self::Least(least) => number >= *least,
            _ => true,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Member must ")?;
        match self {
            Self::LongestLength(most) => write!(formatter, "have length less than or equal to {most}"),
            Self::ShortestLength(least) => write!(formatter, "have length greater than or equal to {least}"),
            Self::Pattern(pattern) => write!(formatter, "satisfy regular expression pattern: {pattern}"),
            Self::OneOf(words) => write!(formatter, "satisfy enum value set: [{}]", words.join(", ")),
            Self::Most(most) => write!(formatter, "have value less than or equal to {most}"),
            Self::Least(least) => write!(formatter, "have value greater than or equal to {least}"),
        }
    }
}

fn lengths(least: usize, most: usize) -> impl Iterator<Item = Bound> {
    let longest = (most != ANY).then_some(Bound::LongestLength(most));
    let shortest = (least > 0).then_some(Bound::ShortestLength(least));
    longest.into_iter().chain(shortest)
}
