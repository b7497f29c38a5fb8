//! Tests of a single value: what `$gt`, `$in`, `$regex` and the others ask.

use std::cmp::Ordering;

use bson::{Bson, Document};

use super::super::compare::{Rank, compare, equal};
use super::super::number::Number;
use super::super::pattern::Pattern;
use super::super::types::Types;
use super::bits::Bits;
use super::node::{Condition, Evaluation, Node};

/// A test of one value.
#[derive(Debug, Clone)]
pub(in super::super) enum Test {
    Compare(Comparison, Bson),
    In(List),
    Regex(Pattern),
    Exists,
    Type(Types),
    Mod {
        divisor: i64,
        remainder: i64,
    },
    Size(usize),
    /// An element of the array is a document that passes.
    ElementDocument(Box<Node>),
    /// An element of the array passes.
    Element(Box<Condition>),
    Bits(Bits),
}

/// Which comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The operand of `$in`.
#[derive(Debug, Clone)]
pub(in super::super) struct List {
    /// In order, each once.
    pub(super) values: Vec<Bson>,
    pub(super) patterns: Vec<Pattern>,
}

impl Test {
    /// Whether the test is of an array itself and never of its elements.
    pub(super) fn takes_arrays_whole(&self) -> bool {
        matches!(self, Self::Exists | Self::Size(_) | Self::ElementDocument(_) | Self::Element(_))
    }

    pub(super) fn matches(&self, value: Option<&Bson>, evaluation: &mut Evaluation<'_>) -> bool {
        match self {
            Self::Compare(comparison, operand) => comparison.holds(value, operand),
            Self::In(list) => list.contains(value),
            Self::Exists => value.is_some(),
            _ => value.is_some_and(|value| self.matches_present(value, evaluation)),
        }
    }

    fn matches_present(&self, value: &Bson, evaluation: &mut Evaluation<'_>) -> bool {
        match self {
            Self::Regex(pattern) => pattern.matches(value),
            Self::Type(types) => types.contain(value),
            Self::Mod { divisor, remainder } => {
                let dividend = Number::of(value).and_then(|number| number.truncated());
                dividend.is_some_and(|dividend| dividend.wrapping_rem(*divisor) == *remainder)
            }
            Self::Size(size) => value.as_array().is_some_and(|array| array.len() == *size),
            Self::Bits(bits) => bits.match_value(value),
            Self::ElementDocument(node) => any_element(value, evaluation, |element, evaluation| {
                as_document(element)
                    .is_some_and(|element| node.matches(&element, evaluation).unwrap_or(false))
            }),
            Self::Element(condition) => any_element(value, evaluation, |element, evaluation| {
                condition.holds(&mut |test| test.matches(Some(element), evaluation))
            }),
            Self::Compare(..) | Self::In(_) | Self::Exists => false,
        }
    }
}

impl Comparison {
    /// Whether it holds between the value and the operand. Values of another type are never less or greater, but for
    /// the two ends of the order.
    pub(super) fn holds(self, value: Option<&Bson>, operand: &Bson) -> bool {
        let rank = value.map(Rank::of);
        let of_operand = Rank::of(operand);
        if rank == Some(of_operand) {
            return value.is_some_and(|value| self.holds_in_rank(value, operand));
        }
        let nothing = |rank| matches!(rank, None | Some(Rank::Null | Rank::Undefined));
        match of_operand {
            Rank::Null | Rank::Undefined if nothing(rank) => self.admits(Ordering::Equal),
            Rank::MinKey => matches!(self, Self::Greater | Self::GreaterOrEqual),
            Rank::MaxKey => matches!(self, Self::Less | Self::LessOrEqual),
            _ => false,
        }
    }

    fn holds_in_rank(self, value: &Bson, operand: &Bson) -> bool {
        let nan = |value| Number::of(value).is_some_and(|number| number.is_nan());
        match (nan(value), nan(operand)) {
            (true, true) => self.admits(Ordering::Equal),
            (false, false) => self.admits(compare(value, operand)),
            _ => false,
        }
    }

    fn admits(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl List {
    pub(super) fn new(mut values: Vec<Bson>, patterns: Vec<Pattern>) -> Self {
        values.sort_by(compare);
        values.dedup_by(|left, right| equal(left, right));
        Self { values, patterns }
    }

    /// Its value, if it has just one.
    pub(super) fn single(&self) -> Option<&Bson> {
        match (self.values.as_slice(), self.patterns.as_slice()) {
            ([value], []) => Some(value),
            _ => None,
        }
    }

    fn contains(&self, value: Option<&Bson>) -> bool {
        let value = value.unwrap_or(&Bson::Null);
        let listed = |value: &Bson| self.values.binary_search_by(|one| compare(one, value)).is_ok();
        listed(value)
            || matches!(value, Bson::Undefined) && listed(&Bson::Null)
            || self.patterns.iter().any(|pattern| pattern.matches(value))
    }
}

/// Whether an element passes; the place of the first one that does is kept.
fn any_element<'e>(
    array: &Bson,
    evaluation: &mut Evaluation<'e>,
    mut passes: impl FnMut(&Bson, &mut Evaluation<'e>) -> bool,
) -> bool {
    let Bson::Array(array) = array else { return false };
    let place = array.iter().position(|element| passes(element, evaluation));
    if place.is_some() {
        evaluation.place = place;
    }
    place.is_some()
}

/// A document, or an array as one with its places as names.
fn as_document(value: &Bson) -> Option<std::borrow::Cow<'_, Document>> {
    match value {
        Bson::Document(document) => Some(std::borrow::Cow::Borrowed(document)),
        Bson::Array(array) => {
            let fields = array.iter().enumerate().map(|(place, value)| (place.to_string(), value.clone()));
            Some(std::borrow::Cow::Owned(fields.collect()))
        }
        _ => None,
    }
}
