//! When a rule's time has come: S3 counts whole days and rounds up to the next midnight.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Expiration, Rule};
use crate::s3::dates;
use crate::s3::objects::Object;

/// What of a rule's id is not written as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// How long a day is, so that a test need not wait for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::s3) struct Clock {
    day_ms: i64,
}

impl Clock {
    /// A clock with days of this length, of a millisecond at least.
    pub(in crate::s3) fn new(day: Duration) -> Self {
        Self { day_ms: i64::try_from(day.as_millis()).unwrap_or(i64::MAX).max(1) }
    }

    /// A day.
    pub(super) fn day(self) -> Duration {
        Duration::from_millis(u64::try_from(self.day_ms).unwrap_or_default())
    }

    /// The midnight after so many days: "rounded to the next day midnight UTC".
    pub(super) fn after(self, from: i64, days: i64) -> i64 {
        let exact = from.saturating_add(days.saturating_mul(self.day_ms));
        exact.saturating_add(self.day_ms - 1) / self.day_ms * self.day_ms
    }
}

impl Rule {
    /// When the rule removes a current object, in milliseconds since 1970.
    pub(super) fn expires(&self, clock: Clock, key: &str, object: &Object) -> Option<i64> {
        if !self.filter.matches(key, object.size, &object.tags) {
            return None;
        }
        match self.expiration? {
            Expiration::Days(days) => Some(clock.after(object.modified, days)),
            Expiration::Date(date) => Some(date),
            Expiration::LoneMarkers => None,
        }
    }

    /// When the rule removes an older version with `newer` others above it that are not current either.
    pub(super) fn expires_older(
        &self,
        clock: Clock,
        key: &str,
        object: &Object,
        superseded: i64,
        newer: i64,
    ) -> Option<i64> {
        let noncurrent = self.noncurrent?;
        let chosen = self.filter.matches(key, object.size, &object.tags) && newer >= noncurrent.keep;
        chosen.then(|| clock.after(superseded, noncurrent.days))
    }

    /// When the rule removes a delete marker below which nothing is left.
    pub(super) fn expires_marker(&self, clock: Clock, key: &str, modified: i64) -> Option<i64> {
        // A marker has neither tags nor a size.
        if !key.starts_with(&self.filter.prefix) || !self.filter.tags.is_empty() {
            return None;
        }
        match self.expiration? {
            Expiration::LoneMarkers => Some(modified),
            Expiration::Days(days) => Some(clock.after(modified, days)),
            Expiration::Date(date) => Some(date),
        }
    }

    /// When the rule aborts an upload.
    pub(super) fn aborts(&self, clock: Clock, key: &str, begun: i64) -> Option<i64> {
        let days = self.abort_days.filter(|_| key.starts_with(&self.filter.prefix))?;
        Some(clock.after(begun, days))
    }
}

/// `x-amz-expiration`: the first rule to remove an object, and when.
pub(in crate::s3) fn header(rules: &[Rule], clock: Clock, key: &str, object: &Object) -> Option<String> {
    let due = |rule: &Rule| rule.expires(clock, key, object);
    let (when, rule) =
        rules.iter().filter_map(|rule| Some((due(rule)?, rule))).min_by_key(|(when, _)| *when)?;
    Some(format!(
        "expiry-date=\"{}\", rule-id=\"{}\"",
        dates::http(when),
        utf8_percent_encode(&rule.id, ENCODED)
    ))
}
