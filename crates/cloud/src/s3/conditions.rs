//! Conditional requests: whether a read, a write or a copy goes ahead (RFC 9110 §13, with S3's choices).

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use super::error::{Error, Result};

/// The four conditions a request may carry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Conditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
    if_modified_since: Option<SystemTime>,
    if_unmodified_since: Option<SystemTime>,
}

/// The parts of an object conditions look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// Its entity tag, without quotes.
    pub(super) etag: &'a str,
    /// When it was last written, milliseconds since 1970.
    pub(super) modified: i64,
}

/// Whether a read goes ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    /// Send it.
    Proceed,
    /// 304: the client has it.
    NotModified,
}

impl Conditions {
    /// The conditions of a read or a write, from `If-Match` and its siblings.
    pub(super) fn of_request(headers: &HeaderMap) -> Self {
        Self::named(headers, "")
    }

    /// The conditions on the source of a copy, from `x-amz-copy-source-if-match` and its siblings.
    pub(super) fn of_copy_source(headers: &HeaderMap) -> Self {
        let mut conditions = Self::named(headers, "x-amz-copy-source-");
        // One in the future says nothing (RFC 9110 §13.1.3). For reads S3 takes it at its word.
        conditions.if_modified_since = conditions.if_modified_since.filter(|date| *date <= SystemTime::now());
        conditions
    }

    fn named(headers: &HeaderMap, prefix: &str) -> Self {
        let text = |name: &str| Some(headers.get(format!("{prefix}{name}"))?.to_str().ok()?.to_owned());
        let date = |name: &str| httpdate::parse_http_date(&text(name)?).ok();
        Self {
            if_match: text("if-match"),
            if_none_match: text("if-none-match"),
            if_modified_since: date("if-modified-since"),
            if_unmodified_since: date("if-unmodified-since"),
        }
    }

    /// Whether anything is asked at all.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Judges a read; `PreconditionFailed` names the condition that does not hold.
    pub(super) fn for_read(&self, seen: Seen<'_>) -> Result<Read> {
        self.required(seen)?;
        Ok(if self.holds_new(seen) { Read::Proceed } else { Read::NotModified })
    }

    /// Judges the source of a copy, where "not modified" is a refusal too.
    pub(super) fn for_copy(&self, seen: Seen<'_>) -> Result<()> {
        self.required(seen).map_err(as_copy_condition)?;
        if self.holds_new(seen) {
            return Ok(());
        }
        let none_match = self.if_none_match.is_some();
        let (tag, time) = ("x-amz-copy-source-If-None-Match", "x-amz-copy-source-If-Modified-Since");
        Err(Error::precondition(if none_match { tag } else { time }))
    }

    /// Judges a write against what is there now, if anything.
    ///
    /// S3 knows `If-None-Match: *` (only when absent) or `If-Match` (only over this entity tag) for writes.
    pub(super) fn for_write(&self, key: &str, seen: Option<Seen<'_>>) -> Result<()> {
        let refused = |header| {
            let message = format!("We don't accept the provided value of {header} header for this API");
            Err(Error::unsupported_header(header, &message))
        };
        match (self.if_match.as_deref(), self.if_none_match.as_deref()) {
            (Some(_), Some(_)) => Err(Error::unsupported_header(
                "If-Match,If-None-Match",
                "Multiple conditional request headers present in the request",
            )),
            (Some("*"), _) => refused("If-Match"),
            (None, Some("*")) if seen.is_some() => Err(Error::precondition("If-None-Match")),
            (None, None | Some("*")) => Ok(()),
            (None, Some(_)) => refused("If-None-Match"),
            (Some(_), None) => self.for_delete(key, seen),
        }
    }

    /// Judges a delete against what is there now, if anything.
    pub(super) fn for_delete(&self, key: &str, seen: Option<Seen<'_>>) -> Result<()> {
        match (&self.if_match, seen) {
            (Some(_), None) => Err(Error::no_such_key(key)),
            (Some(wanted), Some(seen)) if !matches(wanted, seen.etag) => Err(Error::precondition("If-Match")),
            _ => Ok(()),
        }
    }

    /// Whether a write depends on what it replaces.
    pub(super) fn needs_match(&self) -> bool {
        self.if_match.is_some()
    }

    fn required(&self, seen: Seen<'_>) -> Result<()> {
        match (&self.if_match, self.if_unmodified_since) {
            (Some(wanted), _) if matches(wanted, seen.etag) => Ok(()),
            (Some(_), _) => Err(Error::precondition("If-Match")),
            (None, Some(limit)) if whole_seconds(seen.modified) > limit => {
                Err(Error::precondition("If-Unmodified-Since"))
            }
            _ => Ok(()),
        }
    }

    fn holds_new(&self, seen: Seen<'_>) -> bool {
        match (&self.if_none_match, self.if_modified_since) {
            (Some(held), _) => !matches(held, seen.etag),
            (None, Some(since)) => whole_seconds(seen.modified) > since,
            (None, None) => true,
        }
    }
}

fn as_copy_condition(error: Error) -> Error {
    let condition = match error.details.first() {
        Some((_, name)) if name == "If-Match" => "x-amz-copy-source-If-Match",
        _ => "x-amz-copy-source-If-Unmodified-Since",
    };
    Error::precondition(condition)
}

/// HTTP dates have whole seconds: an object written in the same second counts as written at it.
fn whole_seconds(milliseconds: i64) -> SystemTime {
    let seconds = u64::try_from(milliseconds / 1000).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn matches(list: &str, etag: &str) -> bool {
    list.split(',').map(str::trim).any(|one| one == "*" || bare(one) == etag)
}

fn bare(tag: &str) -> &str {
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.trim_matches('"')
}

#[cfg(test)]
mod tests;
