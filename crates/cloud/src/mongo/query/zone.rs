//! Time zones: offsets such as `+05:30`, and names such as `Europe/Berlin` out of a table that is built in.

use bson::Bson;

use super::error::{QueryError, Result};
use super::types::name;

/// A time zone.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// Milliseconds to add to UTC.
    Offset(i64),
    Named(jiff::tz::TimeZone),
}

impl Zone {
    /// Reads an operand that may be missing: UTC then. Null is no zone.
    ///
    /// # Errors
    /// 40517 for a value that is no string, 40485 for an unknown zone.
    pub(super) fn read(operand: Option<&Bson>) -> Result<Option<Self>> {
        match operand {
            None => Ok(Some(Self::Offset(0))),
            Some(Bson::Null | Bson::Undefined) => Ok(None),
            Some(Bson::String(text)) => Self::parse(text).map(Some),
            Some(other) => {
                let found = name(other);
                Err(QueryError::new(40517, format!("timezone must evaluate to a string, found {found}")))
            }
        }
    }

    /// Reads an offset or a name of the IANA database.
    ///
    /// # Errors
    /// 40485 for an unknown zone.
    pub(super) fn parse(text: &str) -> Result<Self> {
        if matches!(text, "UTC" | "GMT" | "Z" | "z") {
            return Ok(Self::Offset(0));
        }
        if let Some(offset) = offset(text) {
            return Ok(Self::Offset(offset));
        }
        jiff::tz::TimeZone::get(text)
            .map(Self::Named)
            .map_err(|_| QueryError::new(40485, format!("unrecognized time zone identifier: \"{text}\"")))
    }

    /// What has to be added to UTC at this time.
    pub(super) fn offset(&self, utc: i64) -> i64 {
        match self {
            Self::Offset(offset) => *offset,
            Self::Named(zone) => jiff::Timestamp::from_millisecond(utc)
                .map_or(0, |time| i64::from(zone.to_offset(time).seconds()).saturating_mul(1000)),
        }
    }

    /// The time on the wall.
    pub(super) fn to_local(&self, utc: i64) -> i64 {
        utc.saturating_add(self.offset(utc))
    }

    /// The time from that on the wall; of two, the earlier one, and across a gap, as far behind it.
    pub(super) fn to_utc(&self, local: i64) -> i64 {
        let before = self.offset(local.saturating_sub(86_400_000));
        let after = self.offset(local.saturating_add(86_400_000));
        let utc = local.saturating_sub(before);
        if self.offset(utc) == before || self.offset(local.saturating_sub(after)) != after {
            return utc;
        }
        local.saturating_sub(after)
    }
}

/// `+HH`, `+HHMM` or `+HH:MM` in milliseconds.
fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (rest, "0"),
        4 => rest.split_at_checked(2)?,
        5 => rest.split_once(':')?,
        _ => return None,
    };
    let number = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten()
    };
    Some(sign * (number(hours)? * 60 + number(minutes)?) * 60_000)
}
