//! Who may look into queues and empty the cloud: programs on this machine, and no web page.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, header};

/// Why somebody may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("this is only for programs on the machine the cloud runs on; ask 127.0.0.1 from there")]
    Elsewhere,
    #[error("this is not for web pages; ask with a program")]
    Page,
    #[error("this is only answered under the names localhost and 127.0.0.1; ask one of those")]
    Name,
}

/// A browser says where a page comes from, and a page that had its own name point to this machine has that name in
/// `Host` (DNS rebinding).
pub(super) fn check(peer: Option<SocketAddr>, headers: &HeaderMap) -> Result<(), Refused> {
    if !peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback()) {
        return Err(Refused::Elsewhere);
    }
    let site = headers.get("sec-fetch-site").is_some_and(|site| site != "none");
    if site || headers.contains_key(header::ORIGIN) {
        return Err(Refused::Page);
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if is_local(host) { Ok(()) } else { Err(Refused::Name) }
}

fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(peer: &str, headers: &[(&'static str, &'static str)]) -> Result<(), Refused> {
        let headers = headers.iter().map(|(name, value)| {
            (header::HeaderName::from_static(name), header::HeaderValue::from_static(value))
        });
        check(Some(peer.parse().unwrap()), &headers.collect())
    }

    #[test]
    fn programs_here_may() {
        for host in ["localhost:4566", "127.0.0.1:4566", "[::1]:4566", "[::1]", "a.localhost", "127.1.2.3"] {
            assert_eq!(told("127.0.0.1:1", &[("host", host)]), Ok(()), "{host}");
        }
        assert_eq!(told("[::ffff:127.0.0.1]:1", &[("host", "localhost")]), Ok(()));
        assert_eq!(told("[::1]:1", &[("host", "localhost"), ("sec-fetch-site", "none")]), Ok(()));
    }

    #[test]
    fn others_may_not() {
        assert_eq!(told("192.168.0.2:1", &[("host", "localhost")]), Err(Refused::Elsewhere));
        assert_eq!(check(None, &HeaderMap::new()), Err(Refused::Elsewhere));
        for header in [("origin", "http://localhost:3000"), ("sec-fetch-site", "cross-site")] {
            assert_eq!(told("127.0.0.1:1", &[("host", "localhost"), header]), Err(Refused::Page));
        }
        for host in ["evil.example:4566", "", "localhost.evil.example", "10.0.0.1"] {
            assert_eq!(told("127.0.0.1:1", &[("host", host)]), Err(Refused::Name), "{host}");
        }
    }
}
