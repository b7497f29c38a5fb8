//! Unix timestamps, and what counts as one.
//!
//! The original declared the field as "an integer, else a string": a value that Python's `int()` takes became an
//! integer (`"1693561101"`, `1693561101.7`, `true`), any other string or number stayed a string and failed later, after the token
//! was checked, with 400; `null`, arrays and objects were neither and failed at once with 422. The same stages are kept
//! here. A timestamp must also be a date that can be written (1970 to 9999), because its year is part of an object's key.
//!
//! Python also reads digits of other scripts; those count as no timestamp here.

use kit::json::Value;

/// The last second of the year 9999.
pub(crate) const LAST: i64 = 253_402_300_799;

/// Digits Python's `int()` reads from text.
const MAX_DIGITS: usize = 4300;

/// Seconds since 1970-01-01T00:00:00Z, up to the end of the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timestamp(i64);

impl Timestamp {
    /// The timestamp a JSON value stands for, if it does.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(bit) => Some(Self(i64::from(*bit))),
            Value::Integer(digits) => Self::within(digits.parse().ok()?),
            Value::Float(number) => Self::truncated(*number),
            Value::Text(text) => Self::written(&text.to_unicode()?),
            Value::Null | Value::List(_) | Value::Object(_) => None,
        }
    }

    /// Seconds since the epoch.
    pub(crate) fn seconds(self) -> i64 {
        self.0
    }

    fn within(seconds: i64) -> Option<Self> {
        (0..=LAST).contains(&seconds).then_some(Self(seconds))
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "dropping the fraction is the rule, and the range is checked"
    )]
    fn truncated(number: f64) -> Option<Self> {
        (number > -1.0 && number < 1e12).then_some(number as i64).and_then(Self::within)
    }

    /// As Python's `int()` reads text: space around, a sign, single underscores between digits.
    fn written(text: &str) -> Option<Self> {
        let space: fn(char) -> bool =
            if text.is_ascii() { |c| matches!(c, ' ' | '\t'..='\r') } else { char::is_whitespace };
        let trimmed = text.trim_matches(space);
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let grouped =
            digits.split('_').all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
        let digits = digits.replace('_', "");
        if !grouped || digits.len() > MAX_DIGITS {
            return None;
        }
        let seconds = significant(&digits)?;
        Self::within(if negative { -seconds } else { seconds })
    }
}

fn significant(digits: &str) -> Option<i64> {
    match digits.trim_start_matches('0') {
        "" => Some(0),
        digits => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Option<i64> {
        Timestamp::of(&kit::json::read(json.as_bytes()).unwrap()).map(Timestamp::seconds)
    }

    #[test]
    fn what_is_one() {
        for (json, seconds) in [
            ("1693561101", 1_693_561_101),
            (r#""1693561101""#, 1_693_561_101),
            ("1693561101.7", 1_693_561_101),
            ("1e3", 1000),
            ("-0.5", 0),
            ("true", 1),
            (r#"" +1_000\n""#, 1000),
            (r#""\u00a000012\u2003""#, 12),
            (r#""-0""#, 0),
            ("253402300799", LAST),
        ] {
            assert_eq!(of(json), Some(seconds), "{json}");
        }
    }

    #[test]
    fn what_is_none() {
        let ones = format!("\"{}\"", "1".repeat(4301));
        for json in [
            "-1",
            "253402300800",
            "1e20",
            "NaN",
            "Infinity",
            "-Infinity",
            "1e400",
            "99999999999999999999999",
            "null",
            "[]",
            "{}",
            r#""""#,
            r#""abc""#,
            r#""1.5""#,
            r#""1e3""#,
            r#""0x10""#,
            r#""_1""#,
            r#""1__0""#,
            r#""1_""#,
            r#""- 5""#,
            r#""+_5""#,
            r#""-5""#,
            r#""1 2""#,
            r#""\u200b12""#,
            r#""\ud800""#,
            &ones,
        ] {
            assert_eq!(of(json), None, "{json}");
        }
    }
}
