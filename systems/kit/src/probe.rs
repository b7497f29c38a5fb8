//! A service that asks itself whether it is well, for a container that has no shell and no curl.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use crate::program::say;
use crate::server;

/// How long connecting, asking and answering may each take.
const LIMIT: Duration = Duration::from_secs(3);

/// How much of the answer is read, in bytes: its first line is enough.
const MAX_ANSWER: u64 = 1024;

/// Sends `GET path` to the service that runs with these settings; success where the answer is a 2xx.
pub fn check(settings: &server::Settings, path: &str) -> ExitCode {
    let address = reachable(settings.address);
    match ask(address, path) {
        Ok(status) if status.starts_with('2') => ExitCode::SUCCESS,
        Ok(status) => say(&format!("{path} of {address} answered {status}"), ExitCode::FAILURE),
        Err(error) => say(&format!("{path} of {address} did not answer: {error}"), ExitCode::FAILURE),
    }
}

/// Who listens everywhere is asked on the loopback.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// The status of the answer: RFC 9112, section 4.
fn ask(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    stream.write_all(
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    let status = text.split([' ', '\r']).nth(1).unwrap_or_default();
    if text.starts_with("HTTP/1.") { Ok(status.to_owned()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn answering(text: &'static str) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 512];
            let _read = stream.read(&mut request).unwrap();
            stream.write_all(text.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn the_status_is_read() {
        assert_eq!(ask(answering("HTTP/1.1 204 No Content\r\n\r\n"), "/").unwrap(), "204");
        assert_eq!(ask(answering("HTTP/1.1 503\r\n\r\n"), "/").unwrap(), "503");
        assert!(ask(answering("SSH-2.0-x\r\n"), "/").is_err());
    }

    #[test]
    fn who_listens_everywhere_is_asked_here() {
        let here = reachable(SocketAddr::from(([0, 0, 0, 0], 8000)));
        assert_eq!(here, SocketAddr::from(([127, 0, 0, 1], 8000)));
    }
}
