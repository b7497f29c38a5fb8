//! How the JSON and the Query services tell that a request is denied ("Common error types" of each service's API
//! reference). S3 has a form of its own.

use http::{Response, StatusCode};
use time::OffsetDateTime;

use super::denied::Denied;
use crate::answer::{self, Body};

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
    Secret Access Key and signing method. Consult the service documentation for details.";

/// The codes of the two protocols, and the sentence they share.
struct Told {
    json: &'static str,
    query: &'static str,
    message: String,
}

/// The answer in the JSON protocols.
pub(crate) fn json(denied: &Denied) -> Response<Body> {
    let Told { json, message, .. } = told(denied);
    let body = serde_json::json!({ "__type": json, "message": message });
    answer::answer(StatusCode::BAD_REQUEST, "application/x-amz-json-1.0", body.to_string())
}

/// The answer in the Query protocol.
pub(crate) fn query(denied: &Denied) -> Response<Body> {
    let Told { query, message, .. } = told(denied);
    let id = answer::request_id();
    let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let text = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{query}</Code><Message>{message}</Message></Error>\
         <RequestId>{id}</RequestId></ErrorResponse>"
    );
    answer::answer(StatusCode::FORBIDDEN, "text/xml", text)
}

fn told(denied: &Denied) -> Told {
    let signature =
        |message: String| Told { json: "InvalidSignatureException", query: "SignatureDoesNotMatch", message };
    match denied {
        Denied::Unsigned => Told {
            json: "MissingAuthenticationTokenException",
            query: "MissingAuthenticationToken",
            message: "Request is missing Authentication Token".to_owned(),
        },
        Denied::UnknownKey { .. } => Told {
            json: "UnrecognizedClientException",
            query: "InvalidClientTokenId",
            message: "The security token included in the request is invalid.".to_owned(),
        },
        Denied::Mismatch(_) => signature(MISMATCH.to_owned()),
        Denied::Skewed { request_ms, server_ms } => signature(skewed(*request_ms, *server_ms)),
        Denied::Expired { expires_ms, server_ms, .. } => signature(skewed(*expires_ms, *server_ms)),
        Denied::Header { .. } | Denied::Parameters { .. } | Denied::MissingHeader { .. } => Told {
            json: "IncompleteSignatureException",
            query: "IncompleteSignature",
            message: denied.to_string(),
        },
    }
}

fn skewed(request_ms: i64, server_ms: i64) -> String {
    let (request, server) = (compact(request_ms), compact(server_ms));
    let limit = |offset: i64| compact(server_ms + offset);
    if request_ms < server_ms {
        let limit = limit(-super::SKEW_MAX_MS);
        format!("Signature expired: {request} is now earlier than {limit} ({server} - 15 min.)")
    } else {
        let limit = limit(super::SKEW_MAX_MS);
        format!("Signature not yet current: {request} is still later than {limit} ({server} + 15 min.)")
    }
}

/// `20130524T000000Z`.
fn compact(milliseconds: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(milliseconds / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    let month = u8::from(month);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}
