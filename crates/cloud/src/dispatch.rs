//! Which service a request is for. One port serves them all, so the request itself has to say.
//!
//! In order: `X-Amz-Target` (the JSON protocols), the service in the signature's credential scope, `Action=` in
//! the query or a form body (the Query protocol), else S3. Any signature is accepted.

use http::request::Parts;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use crate::{coverage, own};

/// The longest name of a region there may be.
const REGION_LENGTH: usize = 32;

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Taxiway itself.
    Own(own::Endpoint),
    /// One of the JSON protocols, with the operation's name.
    Json {
        /// Whose operation.
        service: Service,
        /// `SendMessage`, `GetParameter`, …
        operation: String,
    },
    /// The Query protocol: the operation is `Action` in the query or the form.
    Query(Service),
    /// The Query protocol where only the form's `Action` can tell whose operation it is.
    UnsignedForm,
    /// S3, with the request as it came.
    S3,
    /// An `X-Amz-Target` nobody here answers.
    Unknown(String),
}

/// A service that is not S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// The queue.
    Sqs,
    /// The parameter store.
    Ssm,
    /// The secrets.
    Secrets,
    /// The keys.
    Kms,
    /// Who is asking.
    Sts,
}

impl Service {
    /// Its name in a signature's scope.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Sqs => "sqs",
            Self::Ssm => "ssm",
            Self::Secrets => "secretsmanager",
            Self::Kms => "kms",
            Self::Sts => "sts",
        }
    }
}

/// Says where a request goes, from its head alone.
pub(crate) fn destination(parts: &Parts) -> Destination {
    if let Some(endpoint) = own::find(&parts.method, parts.uri.path()) {
        return Destination::Own(endpoint);
    }
    if let Some(target) = header(&parts.headers, "x-amz-target") {
        return by_target(target);
    }
    match credential_scope(parts).as_deref().and_then(scope_service) {
        Some("sqs") => return Destination::Query(Service::Sqs),
        Some("sts") => return Destination::Query(Service::Sts),
        Some("s3") => return Destination::S3,
        Some(service @ ("ssm" | "secretsmanager" | "kms")) => {
            return Destination::Unknown(service.to_owned());
        }
        _ => {}
    }
    match action(parts.uri.query().unwrap_or_default().as_bytes()) {
        Some(action) => by_action(&action),
        None if is_form(parts) => Destination::UnsignedForm,
        None => Destination::S3,
    }
}

/// Says whose operation an `Action` is.
pub(crate) fn by_action(action: &str) -> Destination {
    let of_sts = coverage::has("sts", action);
    Destination::Query(if of_sts { Service::Sts } else { Service::Sqs })
}

/// The `Action` of a query string or form, decoded.
pub(crate) fn action(form: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(form).ok()?;
    let value = text.split('&').find_map(|pair| pair.strip_prefix("Action="))?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

/// Says whose operation an `X-Amz-Target` is.
pub(crate) fn by_target(target: &str) -> Destination {
    let (prefix, operation) = target.split_once('.').unwrap_or((target, ""));
    let service = match prefix {
        "AmazonSQS" => Service::Sqs,
        "AmazonSSM" => Service::Ssm,
        "secretsmanager" => Service::Secrets,
        "TrentService" => Service::Kms,
        _ => return Destination::Unknown(target.to_owned()),
    };
    Destination::Json { service, operation: operation.to_owned() }
}

/// The region a request is signed for, where it is one that can be: it becomes part of names.
pub(crate) fn region(parts: &Parts) -> Option<String> {
    let is_region = |text: &&str| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=REGION_LENGTH).contains(&text.len()) && text.bytes().all(allowed)
    };
    let credential = credential_scope(parts)?;
    credential.rsplit('/').nth(2).filter(is_region).map(str::to_owned)
}

/// `KEY/DATE/REGION/SERVICE/aws4_request`, from the header or a presigned URL.
fn credential_scope(parts: &Parts) -> Option<String> {
    let from_header =
        header(&parts.headers, "authorization").and_then(|value| value.split_once("Credential="));
    if let Some((_, credential)) = from_header {
        let end = credential.find([',', ' ']).unwrap_or(credential.len());
        return credential.get(..end).map(str::to_owned);
    }
    let credential = parts.uri.query()?.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Credential="))?;
    Some(percent_decode_str(credential).decode_utf8_lossy().into_owned())
}

/// The key itself may contain slashes, so the scope is counted from the end.
fn scope_service(credential: &str) -> Option<&str> {
    credential.rsplit('/').nth(1)
}

/// A form to the root or to a queue's path. An unsigned upload to S3 may carry the same content type, because
/// that is what curl sends unless told otherwise, but it goes to a bucket.
fn is_form(parts: &Parts) -> bool {
    let form = header(&parts.headers, "content-type")
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    form && parts.method == Method::POST && (parts.uri.path() == "/" || is_queue_path(parts.uri.path()))
}

fn is_queue_path(path: &str) -> bool {
    let account = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests;
