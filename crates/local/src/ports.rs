//! Ports for replicas and listeners on this machine.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range the kernel takes for outgoing connections (32768–60999, ip(7)): a connection of the edge can never
/// sit on a port that was found free for a replica a moment ago.
const FIRST: u16 = 20_000;
const COUNT: u16 = 10_000;

/// Hands out free ports, each once before any comes again.
#[derive(Debug)]
pub(crate) struct Ports {
    next: AtomicU16,
}

/// No port of the range is free.
#[derive(Debug, thiserror::Error)]
#[error("no port from {FIRST} to {} is free on 127.0.0.1; stop some of what listens there", FIRST + COUNT - 1)]
pub struct NoFreePort;

impl Ports {
    /// Begins at a place that `seed` picks, so that two projects rarely try the same port.
    pub(crate) fn new(seed: u64) -> Self {
        let offset = u16::try_from(seed % u64::from(COUNT)).unwrap_or_default();
        Self { next: AtomicU16::new(offset) }
    }

    /// A port that was free a moment ago.
    pub(crate) fn take(&self) -> Result<u16, NoFreePort> {
        let candidates = (0..COUNT).map(|_| FIRST + self.next.fetch_add(1, Ordering::Relaxed) % COUNT);
        candidates.into_iter().find(|port| is_free(*port)).ok_or(NoFreePort)
    }
}

/// Whether nothing listens on this port of 127.0.0.1.
pub(crate) fn is_free(port: u16) -> bool {
    bind(port).is_ok()
}

fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::{FIRST, Ports, is_free};
    use std::net::TcpListener;

    #[test]
    fn no_port_comes_twice_and_a_taken_one_is_passed_over() {
        let ports = Ports::new(42);
        let first = ports.take().unwrap();
        let again = Ports::new(u64::from(first - FIRST));
        let _held = TcpListener::bind(("127.0.0.1", first)).unwrap();
        assert!(!is_free(first));
        let (second, third) = (again.take().unwrap(), again.take().unwrap());
        assert!(first < second && second < third);
    }
}
