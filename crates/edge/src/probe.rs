//! Health checks on the wire: one task per target, all on the control thread.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::config::HealthCheck;
use crate::health::{self, Health, Judgement, Probe};
use crate::target::Target;

/// How much of an answer is read for its head.
const HEAD_BYTES: usize = 16 * 1024;
/// How long a target without a health check, once suspected, may take to accept a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(1);

/// Probes a target until the task is dropped: quickly while nothing is known of it or a connection failed, then at its
/// interval.
pub(crate) async fn run(target: Arc<Target>, check: HealthCheck) {
    let mut tries = 0;
    loop {
        let probe = request(target.address, &check).await;
        let suspected = target.is_suspected();
        target.judge(probe, |now, probe, age| {
            // The extra probes of a suspected target may clear it; they do not count against it.
            if suspected && *probe != Probe::Passed { now } else { health::decide(now, probe, &check, age) }
        });
        tries = if target.is_suspected() || target.health() == Health::Initial { tries + 1 } else { 0 };
        let pause = health::pause(target.health(), target.is_suspected(), tries, check.interval);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = target.suspicion.notified() => tries = 0,
        }
    }
}

/// Watches a target that has no health check, and so is healthy whatever a check said before: only when a connection
/// failed, and only until one succeeds.
pub(crate) async fn run_unchecked(target: Arc<Target>) {
    target.judge(Probe::Passed, |_, _, _| Judgement { health: Health::Healthy, against: 0 });
    loop {
        target.suspicion.notified().await;
        let mut tries = 0;
        while target.is_suspected() {
            tokio::time::sleep(health::pause(target.health(), true, tries, health::QUICK_PAUSE_MOST)).await;
            tries += 1;
            let connected = tokio::time::timeout(CONNECT_PATIENCE, TcpStream::connect(target.address)).await;
            if matches!(connected, Ok(Ok(_))) {
                target.judge(Probe::Passed, |now, _, _| now);
            }
        }
    }
}

async fn request(address: SocketAddr, check: &HealthCheck) -> Probe {
    let path = &check.path;
    match tokio::time::timeout(check.timeout, status(address, path)).await {
        Ok(Ok(Some(code))) if is_success(code, &check.success_codes) => Probe::Passed,
        Ok(Ok(Some(code))) => {
            let expected = list(&check.success_codes);
            Probe::Failed(format!("GET {path} on {address} answered {code}, not {expected}"))
        }
        Ok(Ok(None)) => Probe::Failed(format!("GET {path} on {address} was not answered with HTTP")),
        Ok(Err(error)) => Probe::Failed(format!("GET {path} on {address} failed: {error}")),
        Err(_) => Probe::Failed(format!("GET {path} on {address} had no answer within {:?}", check.timeout)),
    }
}

async fn status(address: SocketAddr, path: &str) -> io::Result<Option<u16>> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nuser-agent: ELB-HealthChecker/2.0 (taxiway)\r\n\
         accept: */*\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::with_capacity(512);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < HEAD_BYTES {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(parse_status(&head))
}

/// The code of an HTTP/1 status line (RFC 9112 §4).
fn parse_status(head: &[u8]) -> Option<u16> {
    let line = head.strip_prefix(b"HTTP/1.")?;
    let code = std::str::from_utf8(line.get(2..5)?).ok()?;
    let ends = line.get(5).is_some_and(|byte| b" \r\n".contains(byte));
    code.parse().ok().filter(|code| ends && (100..=599).contains(code))
}

fn is_success(code: u16, ranges: &[(u16, u16)]) -> bool {
    ranges.iter().any(|(from, to)| (*from..=*to).contains(&code))
}

fn list(ranges: &[(u16, u16)]) -> String {
    let range = |(from, to): &(u16, u16)| if from == to { from.to_string() } else { format!("{from}-{to}") };
    ranges.iter().map(range).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_lines() {
        for (head, expected) in [
            ("HTTP/1.1 200 OK\r\n\r\n", Some(200)),
            ("HTTP/1.0 503 \r\n", Some(503)),
            ("HTTP/1.1 204\r\n", Some(204)),
            ("HTTP/1.1 2000 OK\r\n", None),
            ("HTTP/1.1 abc\r\n", None),
            ("SSH-2.0-OpenSSH\r\n", None),
            ("", None),
        ] {
            assert_eq!(parse_status(head.as_bytes()), expected, "{head:?}");
        }
    }

    #[test]
    fn codes() {
        let ranges = [(200, 204), (301, 301)];
        assert!(is_success(204, &ranges) && is_success(301, &ranges) && !is_success(302, &ranges));
        assert_eq!(list(&ranges), "200-204,301");
    }
}
