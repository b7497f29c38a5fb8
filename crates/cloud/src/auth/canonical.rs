//! The canonical request: the one text both sides make of a request before they sign it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Head;
use super::head::parameters;

/// What is written as `%XX`: everything but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// As [`ENCODED`], for paths.
const ENCODED_PATH: &AsciiSet = &ENCODED.remove(b'/');

/// The canonical request. S3 encodes a path once, every other service twice.
pub(super) fn request(head: Head<'_>, service: &str, signed: &[String], payload: &str) -> String {
    let (method, query) = (head.method.as_str(), query(head.uri.query().unwrap_or_default()));
    let path = path(head.uri.path(), service);
    let headers = headers(head, signed);
    format!("{method}\n{path}\n{query}\n{headers}\n{}\n{payload}", signed.join(";"))
}

fn path(path: &str, service: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    // Bytes that are no text can't be in a key either; they only must not match by accident.
    let once = String::from_utf8(decoded)
        .map_or_else(|_| path.to_owned(), |text| utf8_percent_encode(&text, ENCODED_PATH).to_string());
    if service == "s3" { once } else { utf8_percent_encode(&once, ENCODED_PATH).to_string() }
}

fn query(query: &str) -> String {
    let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let mut pairs: Vec<_> = parameters(query)
        .into_iter()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| (encode(&name), encode(&value)))
        .collect();
    pairs.sort();
    pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn headers(head: Head<'_>, signed: &[String]) -> String {
    signed.iter().map(|name| format!("{name}:{}\n", value(head, name))).collect()
}

/// A header's values, joined, with each run of spaces made one.
fn value(head: Head<'_>, name: &str) -> String {
    let squeeze = |text: &str| text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let values: Vec<_> = head
        .headers
        .get_all(name)
        .iter()
        .map(|value| squeeze(&String::from_utf8_lossy(value.as_bytes())))
        .collect();
    if values.is_empty() && name == "host" {
        return head.uri.authority().map(|host| host.as_str().to_owned()).unwrap_or_default();
    }
    values.join(",")
}
