//! What travels from the API to the worker, and the key it is stored under.

use std::fmt::Write;

use kit::json::{self, Text, Value};
use time::format_description::FormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use crate::timestamp::Timestamp;

/// RFC 3339 with microseconds, always in UTC and with that offset in digits.
const RECEIVED_AT: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]+00:00");

/// The four fields of an e-mail, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Email {
    /// Subject line.
    pub(crate) subject: Text,
    /// Who sent it.
    pub(crate) sender: Text,
    /// When it was sent.
    pub(crate) timestamp: Timestamp,
    /// What it says.
    pub(crate) content: Text,
}

/// A message that can't be given a key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// Not JSON.
    #[error("the message is not JSON")]
    NotJson,
    /// JSON, but no object.
    #[error("the message is JSON but not an object")]
    NotAnObject,
    /// No timestamp, or one that is no date.
    #[error("the message's email_timestream is missing or not a unix timestamp")]
    BadTimestamp,
}

/// `at` as clients and messages have it.
pub(crate) fn received_at(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC).format(RECEIVED_AT).unwrap_or_default()
}

/// The message for the queue: the four fields in order, then the moment of arrival. The token is not in it.
pub(crate) fn compose(email: &Email, received_at: &str) -> String {
    let mut out = String::from(r#"{"email_subject":"#);
    email.subject.write_ascii(&mut out);
    out.push_str(r#","email_sender":"#);
    email.sender.write_ascii(&mut out);
    let _ = write!(out, r#","email_timestream":{},"email_content":"#, email.timestamp.seconds());
    email.content.write_ascii(&mut out);
    let _ = write!(out, r#","received_at":"{received_at}"}}"#);
    out
}

/// The key a message is stored under: `emails/v1/<environment>/<YYYY>/<MM>/<DD>/<timestamp>_msgid=<id>.json`.
///
/// The day is the one on which the API received the message, in UTC: someone who lists a day's prefix finds what came in
/// on that day, as with the original, whatever an e-mail claims about its own date. It is read from the message and not
/// from the clock, so every delivery of a message has the same key. A message of another producer may lack
/// `received_at`; then its own timestamp gives the day, which is as steady.
///
/// # Errors
/// When the message is no object with a timestamp.
pub(crate) fn object_key(environment: &str, message_id: &str, body: &str) -> Result<String, Unusable> {
    let Value::Object(fields) = json::read(body.as_bytes()).map_err(|_| Unusable::NotJson)? else {
        return Err(Unusable::NotAnObject);
    };
    let field = |name: &str| fields.iter().rev().find(|(key, _)| key.is(name)).map(|(_, value)| value);
    let timestamp =
        field("email_timestream").and_then(Timestamp::of).ok_or(Unusable::BadTimestamp)?.seconds();
    let day = match field("received_at").and_then(moment) {
        Some(received) => received,
        None => OffsetDateTime::from_unix_timestamp(timestamp).map_err(|_| Unusable::BadTimestamp)?,
    };
    let (year, month, date) = (day.year(), u8::from(day.month()), day.day());
    Ok(format!("emails/v1/{environment}/{year:04}/{month:02}/{date:02}/{timestamp}_msgid={message_id}.json"))
}

fn moment(value: &Value) -> Option<OffsetDateTime> {
    let Value::Text(text) = value else { return None };
    Some(OffsetDateTime::parse(&text.to_unicode()?, &Rfc3339).ok()?.to_offset(UtcOffset::UTC))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const RECEIVED: &str = "2026-11-21T23:59:59.999999+00:00";

    fn key(body: &str) -> Result<String, Unusable> {
        object_key("local", "m-1", body)
    }

    #[test]
    fn a_message_has_the_fields_in_order() {
        let email = Email {
            subject: "Hé".into(),
            sender: "J\"D".into(),
            timestamp: Timestamp::of(&Value::Integer("1693561101".into())).unwrap(),
            content: "\n".into(),
        };
        assert_eq!(
            compose(&email, RECEIVED),
            r#"{"email_subject":"H\u00e9","email_sender":"J\"D","email_timestream":1693561101,"email_content":"\n","received_at":"2026-11-21T23:59:59.999999+00:00"}"#
        );
    }

    #[test]
    fn arrival_has_microseconds_and_an_offset_in_digits() {
        assert_eq!(
            received_at(datetime!(2026-01-02 03:04:05.000006 UTC)),
            "2026-01-02T03:04:05.000006+00:00"
        );
        assert_eq!(received_at(datetime!(2026-01-02 00:30 +01:00)), "2026-01-01T23:30:00.000000+00:00");
    }

    #[test]
    fn the_day_is_that_of_arrival_else_that_of_the_timestamp() {
        let with = format!(r#"{{"email_timestream":"1693561101","received_at":"{RECEIVED}"}}"#);
        assert_eq!(key(&with).unwrap(), "emails/v1/local/2026/11/21/1693561101_msgid=m-1.json");
        for without in
            [r#"{"email_timestream":1693561101}"#, r#"{"email_timestream":1693561101,"received_at":"today"}"#]
        {
            assert_eq!(key(without).unwrap(), "emails/v1/local/2023/09/01/1693561101_msgid=m-1.json");
        }
    }

    #[test]
    fn what_cannot_be_stored_says_why() {
        assert_eq!(key("{"), Err(Unusable::NotJson));
        assert_eq!(key("[1]"), Err(Unusable::NotAnObject));
        for body in ["{}", r#"{"email_timestream":"soon"}"#, r#"{"email_timestream":-1}"#] {
            assert_eq!(key(body), Err(Unusable::BadTimestamp));
        }
    }
}
