//! What is taken off and put on a message on its way through.

use bytes::{BufMut, BytesMut};
use http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, Entry, HOST, HeaderName, TE, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Uri};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Takes off what concerns one connection only: the fields RFC 9110 §7.6.1 names and those `connection` lists.
/// `host` and the framing stay whatever `connection` says.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    if !headers.keys().any(is_hop_by_hop) {
        return;
    }
    if headers.get_all(CONNECTION).iter().any(lists_fields) {
        for name in listed(headers) {
            if name != HOST && name != CONTENT_LENGTH {
                headers.remove(name);
            }
        }
    }
    headers.remove(CONNECTION);
    for name in [KEEP_ALIVE, PROXY_CONNECTION, TE, UPGRADE] {
        headers.remove(name);
    }
    if headers.remove(TRANSFER_ENCODING).is_some() {
        // A length beside a transfer coding is a lie or an attack (RFC 9112 §6.3).
        headers.remove(CONTENT_LENGTH);
    }
}

/// Whether the message asks to go on as a websocket (RFC 6455 §4.1). No other protocol is let through: over `h2c` a
/// client could talk past every check.
pub(crate) fn wants_websocket(headers: &HeaderMap) -> bool {
    let is_websocket = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"websocket");
    headers.get(UPGRADE).is_some_and(is_websocket) && listed(headers).any(|name| name == UPGRADE)
}

/// Puts back what [`strip_hop_by_hop`] took from an upgrade.
pub(crate) fn set_websocket(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
}

/// The edge answers `100-continue` itself, so the target must not be asked for it.
pub(crate) fn strip_expectation(headers: &mut HeaderMap) {
    if headers.get(EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue")) {
        headers.remove(EXPECT);
    }
}

/// Appends the client to `x-forwarded-for` and says how it came, as an ALB does (Elastic Load Balancing user guide,
/// "HTTP headers and Application Load Balancers").
pub(crate) fn set_forwarded(headers: &mut HeaderMap, peer: &HeaderValue, port: &HeaderValue) {
    match headers.entry(X_FORWARDED_FOR) {
        Entry::Vacant(slot) => {
            slot.insert(peer.clone());
        }
        Entry::Occupied(mut slot) => {
            let mut all = BytesMut::new();
            for value in slot.iter().chain([peer]) {
                if !all.is_empty() {
                    all.put_slice(b", ");
                }
                all.put_slice(value.as_bytes());
            }
            let all = HeaderValue::from_maybe_shared(all.freeze()).unwrap_or_else(|_| peer.clone());
            slot.insert(all);
        }
    }
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static("http"));
    headers.insert(X_FORWARDED_PORT, port.clone());
}

/// Gives a request the host that its absolute-form named, or the listener's for an HTTP/1.0 client that named none.
pub(crate) fn ensure_host(headers: &mut HeaderMap, uri: &Uri, fallback: &HeaderValue) {
    if headers.contains_key(HOST) {
        return;
    }
    let named = uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    headers.insert(HOST, named.unwrap_or_else(|| fallback.clone()));
}

/// Whether `connection` says more than how long it lasts.
fn lists_fields(connection: &HeaderValue) -> bool {
    let value = connection.as_bytes();
    !value.eq_ignore_ascii_case(b"keep-alive") && !value.eq_ignore_ascii_case(b"close")
}

fn is_hop_by_hop(name: &HeaderName) -> bool {
    [CONNECTION, TRANSFER_ENCODING, UPGRADE, TE, KEEP_ALIVE, PROXY_CONNECTION].contains(name)
}

/// The names that `connection` lists.
fn listed(headers: &HeaderMap) -> impl Iterator<Item = HeaderName> + use<> {
    let tokens = |value: &HeaderValue| -> Vec<HeaderName> {
        let tokens = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        tokens.filter_map(|token| HeaderName::from_bytes(token).ok()).collect()
    };
    headers.get_all(CONNECTION).iter().flat_map(tokens).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let field = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        fields.iter().map(field).collect()
    }

    #[test]
    fn hop_by_hop_fields_go() {
        let mut map = headers(&[
            ("connection", "close, X-Secret"),
            ("connection", "host"),
            ("x-secret", "1"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("proxy-connection", "close"),
            ("upgrade", "h2c"),
            ("host", "a"),
            ("x_under_score", "stays"),
        ]);
        strip_hop_by_hop(&mut map);
        let left: Vec<_> = map.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["host", "x_under_score"]);
    }

    #[test]
    fn a_length_beside_a_coding_goes() {
        let mut map = headers(&[("transfer-encoding", "chunked"), ("content-length", "5")]);
        strip_hop_by_hop(&mut map);
        assert!(map.is_empty());
    }

    #[test]
    fn only_websockets_are_upgrades() {
        for (upgrade, connection, expected) in [
            ("websocket", "Upgrade", true),
            ("WebSocket", "keep-alive, upgrade", true),
            ("h2c", "upgrade", false),
            ("websocket", "close", false),
        ] {
            let map = headers(&[("upgrade", upgrade), ("connection", connection)]);
            assert_eq!(wants_websocket(&map), expected, "{upgrade} {connection}");
        }
    }

    #[test]
    fn the_client_is_appended() {
        let (peer, port) = (HeaderValue::from_static("10.0.0.9"), HeaderValue::from_static("8000"));
        let mut map = headers(&[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "2.2.2.2")]);
        set_forwarded(&mut map, &peer, &port);
        assert_eq!(map["x-forwarded-for"], "1.1.1.1, 2.2.2.2, 10.0.0.9");
        assert_eq!(map["x-forwarded-port"], "8000");
        let mut map = headers(&[("x-forwarded-proto", "https")]);
        set_forwarded(&mut map, &peer, &port);
        assert_eq!((&map["x-forwarded-for"], &map["x-forwarded-proto"]), (&peer, &"http".parse().unwrap()));
    }
}
