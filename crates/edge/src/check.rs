//! The first stage: what HTTP demands of a request and hyper leaves to its user.

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, Request, Version};

use crate::fault::Fault;

/// Refuses what must not reach a target. `tape` is the head as it came in, where it is still known: hyper drops
/// `content-length` when `transfer-encoding` is there too, so only the bytes show that both were sent.
///
/// # Errors
/// The rule that was broken: RFC 9112 §3.2 (host), §6.1 (framing), RFC 9110 §9.3.6 (CONNECT).
pub(crate) fn check<B>(request: &Request<B>, tape: impl FnOnce() -> bool) -> Result<(), Fault> {
    method(request.method())?;
    framing(request.headers(), tape)?;
    let host = host(request.headers(), request.version())?;
    target_form(request, host)
}

/// An ALB answers 405 to TRACE, and a reverse proxy has no tunnel to open for CONNECT.
fn method(method: &Method) -> Result<(), Fault> {
    if *method == Method::CONNECT || *method == Method::TRACE { Err(Fault::MethodNotAllowed) } else { Ok(()) }
}

fn framing(headers: &HeaderMap, both_sent: impl FnOnce() -> bool) -> Result<(), Fault> {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else { return Ok(()) };
    if headers.contains_key(CONTENT_LENGTH) || both_sent() {
        return Err(Fault::Malformed("Content-Length and Transfer-Encoding must not be sent together."));
    }
    if codings.next().is_some() || !coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
        return Err(Fault::CodingNotSupported);
    }
    Ok(())
}

fn host(headers: &HeaderMap, version: Version) -> Result<Option<&HeaderValue>, Fault> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(Fault::Malformed("More than one Host header was sent."));
    }
    match host {
        None if version == Version::HTTP_10 => Ok(None),
        None => Err(Fault::Malformed("The Host header is missing.")),
        Some(value) if is_authority(value.as_bytes()) => Ok(Some(value)),
        Some(_) => Err(Fault::Malformed("The Host header is not a host name.")),
    }
}

/// `host[:port]` (RFC 3986 §3.2.2) without user information.
fn is_authority(host: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%:[]".contains(byte);
    !host.is_empty() && host.first() != Some(&b':') && host.iter().all(allowed)
}

/// Absolute-form must name the same authority as Host; everything else must be a path, or `*` for OPTIONS.
fn target_form<B>(request: &Request<B>, host: Option<&HeaderValue>) -> Result<(), Fault> {
    let uri = request.uri();
    if let Some(authority) = uri.authority() {
        let same =
            host.is_none_or(|host| host.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes()));
        let plain = is_authority(authority.as_str().as_bytes()) && uri.scheme().is_some();
        return match (plain, same) {
            (true, true) => Ok(()),
            (true, false) => {
                Err(Fault::Malformed("The request line and the Host header name different hosts."))
            }
            (false, _) => Err(Fault::Malformed("The request target is not a path.")),
        };
    }
    if uri.path().starts_with('/') || (uri.path() == "*" && *request.method() == Method::OPTIONS) {
        return Ok(());
    }
    Err(Fault::Malformed("The request target is not a path."))
}

/// Whether the head on `tape` carries both framings.
pub(crate) fn sends_both_framings(tape: &[u8]) -> bool {
    let (mut length, mut coding) = (false, false);
    let lines = tape.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    for line in lines.skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty()) {
        length |= has_name(line, b"content-length:");
        coding |= has_name(line, b"transfer-encoding:");
    }
    length && coding
}

fn has_name(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(request: http::request::Builder) -> Result<(), Fault> {
        check(&request.body(()).unwrap(), || false)
    }

    #[test]
    fn hosts() {
        for (host, good) in [
            ("a.example", true),
            ("a.example:8000", true),
            ("[::1]:80", true),
            ("a b", false),
            ("a/b", false),
            ("u@a", false),
            ("", false),
            (":80", false),
        ] {
            let request = Request::get("/").header(HOST, host);
            assert_eq!(verdict(request).is_ok(), good, "{host:?}");
        }
        assert!(verdict(Request::get("/")).is_err());
        assert!(verdict(Request::get("/").version(Version::HTTP_10)).is_ok());
        assert!(verdict(Request::get("/").header(HOST, "a").header(HOST, "a")).is_err());
    }

    #[test]
    fn absolute_form_and_host_agree() {
        assert!(verdict(Request::get("http://a.example/x").header(HOST, "A.example")).is_ok());
        assert!(verdict(Request::get("http://a.example/x").header(HOST, "b.example")).is_err());
    }

    #[test]
    fn methods_and_codings() {
        let post = || Request::post("/").header(HOST, "a");
        assert_eq!(verdict(Request::trace("/").header(HOST, "a")), Err(Fault::MethodNotAllowed));
        assert_eq!(verdict(post().header(TRANSFER_ENCODING, "chunked")), Ok(()));
        assert_eq!(
            verdict(post().header(TRANSFER_ENCODING, "gzip, chunked")),
            Err(Fault::CodingNotSupported)
        );
        let both = post().header(TRANSFER_ENCODING, "chunked").body(()).unwrap();
        assert!(matches!(check(&both, || true), Err(Fault::Malformed(_))));
        assert!(verdict(Request::options("*").header(HOST, "a")).is_ok());
    }

    #[test]
    fn the_tape_is_read_to_the_end_of_the_head_only() {
        for (tape, both) in [
            ("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", true),
            ("POST / HTTP/1.1\r\ntransfer-ENCODING:chunked\r\ncontent-length:3\r\n\r\n", true),
            ("\r\nPOST / HTTP/1.1\nTransfer-Encoding: chunked\nContent-Length: 3\n\n", true),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nContent-Length: 3\r\n", false),
            ("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n", false),
            ("", false),
        ] {
            assert_eq!(sends_both_framings(tape.as_bytes()), both, "{tape}");
        }
    }
}
