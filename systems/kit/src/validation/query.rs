//! The part of the address behind `?`, as Starlette takes it apart and pydantic 2 reads it.

use std::ops::RangeInclusive;

use super::{Kind, Problem};
use crate::json::{Text, Value};

/// Digits of an integer, as in Python since 3.11.
const MAX_DIGITS: usize = 4300;

/// Names and values; a name may come again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Takes `a=1&b=2` apart. What is no UTF-8 after the percent signs becomes U+FFFD.
    #[must_use]
    pub fn of(written: Option<&str>) -> Self {
        Self(form_urlencoded::parse(written.unwrap_or_default().as_bytes()).into_owned().collect())
    }

    /// The last value of this name, which may be empty.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A whole number with a default; inside `range`, ends included.
    pub fn integer(
        &self,
        name: &'static str,
        default: i64,
        range: RangeInclusive<i64>,
        problems: &mut Vec<Problem>,
    ) -> i64 {
        let Some(written) = self.find(name) else { return default };
        let kind = match integer(written) {
            Ok(number) if number < i128::from(*range.start()) => Kind::AtLeast(*range.start()),
            Ok(number) if number > i128::from(*range.end()) => Kind::AtMost(*range.end()),
            Ok(number) => return i64::try_from(number).unwrap_or(default),
            Err(kind) => kind,
        };
        problems.push(Problem::new(kind, &["query", name], Value::Text(Text::from(written))));
        default
    }
}

/// A whole number as pydantic reads it from text: blanks around it, a plus sign, single underscores between digits and
/// a fraction of zeros are all taken. One beyond `i128` stands for its sign: no range reaches there.
fn integer(written: &str) -> Result<i128, Kind> {
    let trimmed = written.trim();
    let (is_negative, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let digits = digits.split_once('.').map_or(Some(digits), |(whole, fraction)| {
        (!whole.is_empty() && !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0'))
            .then_some(whole)
    });
    let groups: Vec<&str> = digits.ok_or(Kind::NoIntegerInText)?.split('_').collect();
    let is_group = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    if !groups.iter().all(is_group) {
        return Err(Kind::NoIntegerInText);
    }
    let digits = groups.concat();
    let digits = digits.trim_start_matches('0');
    if digits.len() > MAX_DIGITS {
        return Err(Kind::IntegerTooLong);
    }
    let number = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(i128::MAX) };
    Ok(if is_negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_name_counts_and_may_be_empty() {
        let query = Query::of(Some("a=1&b&a=%C3%A9+%ff"));
        assert_eq!(query.find("a"), Some("é \u{fffd}"));
        assert_eq!(query.find("b"), Some(""));
        assert_eq!(query.find("c"), None);
    }

    #[test]
    fn numbers_are_pydantics() {
        for (written, number) in [
            ("7", 7),
            (" +7 ", 7),
            ("-0", 0),
            ("007", 7),
            ("1_000", 1000),
            ("7.00", 7),
            ("-12", -12),
            ("0_0", 0),
        ] {
            assert_eq!(integer(written), Ok(number), "{written}");
        }
        for written in
            ["", " ", "abc", "7.5", "7.", ".0", "1e3", "_1", "1_", "1__0", "+-7", "--7", "0x1f", "true"]
        {
            assert_eq!(integer(written), Err(Kind::NoIntegerInText), "{written}");
        }
        assert_eq!(integer(&"9".repeat(4301)), Err(Kind::IntegerTooLong));
        assert_eq!(integer(&"9".repeat(4300)), Ok(i128::MAX));
    }

    #[test]
    fn a_number_out_of_range_is_told_by_the_end_it_passed() {
        let mut problems = Vec::new();
        let query = Query::of(Some("skip=-1&limit=1001&page=3"));
        assert_eq!(query.integer("skip", 0, 0..=i64::MAX, &mut problems), 0);
        assert_eq!(query.integer("limit", 100, 0..=1000, &mut problems), 100);
        assert_eq!(query.integer("page", 1, 1..=9, &mut problems), 3);
        assert_eq!(query.integer("absent", 5, 1..=9, &mut problems), 5);
        let kinds: Vec<_> = problems.into_iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [Kind::AtLeast(0), Kind::AtMost(1000)]);
    }
}
