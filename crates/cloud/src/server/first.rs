//! Which protocol a connection speaks, told by its first bytes, which are left where they are.

use std::time::Duration;

use tokio::net::TcpStream;

/// Bytes that tell: an HTTP method is ASCII, a MongoDB message begins with its length, whose upper byte is small.
const ENOUGH: usize = 4;

/// The longest MongoDB message has 48,000,000 bytes, so the upper byte of its length is 2 at most.
const UPPER: u8 = 2;

/// The pause before looking again when a client has sent less than [`ENOUGH`].
const PAUSE: Duration = Duration::from_millis(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http,
    /// MongoDB's wire protocol.
    Documents,
}

/// The protocol; nothing when the client leaves or is silent for longer than `patience`.
pub(super) async fn protocol(stream: &TcpStream, patience: Duration) -> Option<Protocol> {
    tokio::time::timeout(patience, look(stream)).await.ok()?
}

async fn look(stream: &TcpStream) -> Option<Protocol> {
    let mut first = [0; ENOUGH];
    loop {
        match stream.peek(&mut first).await {
            Ok(0) | Err(_) => return None,
            Ok(ENOUGH) => return Some(told_by(first)),
            Ok(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

fn told_by(first: [u8; ENOUGH]) -> Protocol {
    let [.., upper] = first;
    if upper <= UPPER { Protocol::Documents } else { Protocol::Http }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_lengths() {
        for method in [b"GET ", b"POST", b"PUT ", b"HEAD", b"DELE", b"OPTI", b"\r\nGE"] {
            assert_eq!(told_by(*method), Protocol::Http);
        }
        for length in [16_i32, 0x0054_4547, 48_000_000] {
            assert_eq!(told_by(length.to_le_bytes()), Protocol::Documents);
        }
    }
}
