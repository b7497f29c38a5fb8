//! The head of a request, read a second time from the bytes it came in: cheaper than a copy of every head that is sent.

use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Request, Uri};

/// More fields than this are not read again; such a request is sent once only.
const FIELDS_MOST: usize = 128;

/// The first head on `tape`, or `None` if it is not whole.
pub(crate) fn read(tape: &[u8]) -> Option<Parts> {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS_MOST];
    let mut parsed = httparse::Request::new(&mut fields);
    if parsed.parse(tape).ok()?.is_partial() {
        return None;
    }
    let mut request = Request::new(());
    *request.method_mut() = Method::from_bytes(parsed.method?.as_bytes()).ok()?;
    *request.uri_mut() = Uri::try_from(parsed.path?).ok()?;
    for field in parsed.headers.iter() {
        let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
        request.headers_mut().append(name, HeaderValue::from_bytes(field.value).ok()?);
    }
    Some(request.into_parts().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_head_is_read() {
        let tape = b"\r\nGET /a?b HTTP/1.1\r\nHost: x\r\nA: 1\r\na: 2\r\n\r\nGET /next HTTP/1.1\r\n\r\n";
        let head = read(tape).unwrap();
        assert_eq!((head.method, head.uri.to_string()), (Method::GET, "/a?b".to_owned()));
        assert_eq!(head.headers["host"], "x");
        assert_eq!(head.headers.get_all("a").iter().count(), 2);
    }

    #[test]
    fn half_a_head_is_none() {
        assert!(read(b"GET / HTTP/1.1\r\nHost: x\r\n").is_none());
        assert!(read(b"").is_none());
    }
}
