//! Times as S3 writes them. Inside, a time is milliseconds since 1970.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// `Sun, 09 Sep 2001 01:46:40 GMT`, for headers (RFC 9110 §5.6.7).
pub(super) fn http(milliseconds: i64) -> String {
    let since = Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default());
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since)
}

/// `2001-09-09T01:46:40.000Z`, for documents.
pub(super) fn iso(milliseconds: i64) -> String {
    let nanoseconds = i128::from(milliseconds) * 1_000_000;
    let at = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second, milli) = at.to_hms_milli();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Reads `2001-09-09T01:46:40Z`, with or without fractions of a second, or only the day.
pub(super) fn parse_iso(text: &str) -> Option<i64> {
    let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    let at = OffsetDateTime::parse(&whole, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        assert_eq!(http(1_000_000_000_500), "Sun, 09 Sep 2001 01:46:40 GMT");
        assert_eq!(iso(1_000_000_000_500), "2001-09-09T01:46:40.500Z");
        for text in ["2001-09-09T01:46:40.5Z", "2001-09-09T03:46:40.500+02:00"] {
            assert_eq!(parse_iso(text), Some(1_000_000_000_500), "{text}");
        }
        assert_eq!(parse_iso("2001-09-09"), Some(999_993_600_000));
        assert_eq!(parse_iso("yesterday"), None);
    }
}
