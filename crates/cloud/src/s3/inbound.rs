//! The body of a request while it arrives: frame by frame with a limit on waiting, or thrown away.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::error::{Code, Result};

/// The longest wait for the next bytes.
pub(crate) const IDLE: Duration = Duration::from_secs(60);

/// How much of a refused request's body is still read. A client that is cut off while it sends often loses the
/// answer, and then it can't tell its user why.
const DRAINED_BYTES: u64 = 128 * 1024 * 1024;
const DRAINED_WITHIN: Duration = Duration::from_secs(10);

/// The longest wait for bytes nobody wants.
const DRAINED_IDLE: Duration = Duration::from_secs(1);

/// A body that has not been read to its end yet.
#[derive(Debug)]
pub(super) struct Inbound {
    body: Incoming,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The client waits for `100 Continue`, which the first read sends.
    Held,
    /// Bytes are on their way.
    Flowing,
}

/// Whether the connection can be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drained {
    /// All of the body was read.
    Whole,
    /// Some of it is still to come, or nobody asked for it.
    InPart,
}

impl Inbound {
    /// Wraps the body of a request with these headers.
    pub(super) fn new(body: Incoming, headers: &HeaderMap) -> Self {
        let phase = if headers.contains_key(header::EXPECT) { Phase::Held } else { Phase::Flowing };
        Self { body, phase }
    }

    /// The next bytes; nothing at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>> {
        self.next_within(IDLE).await
    }

    async fn next_within(&mut self, patience: Duration) -> Result<Option<Bytes>> {
        self.phase = Phase::Flowing;
        loop {
            let frame = tokio::time::timeout(patience, self.body.frame()).await;
            let Some(frame) = frame.map_err(|_| Code::RequestTimeout)? else { return Ok(None) };
            if let Ok(data) = frame.map_err(|_| Code::IncompleteBody)?.into_data() {
                return Ok(Some(data));
            }
        }
    }

    /// Reads what is left of a refused request's body, within bounds.
    pub(super) async fn drain(&mut self) -> Drained {
        if self.body.is_end_stream() {
            return Drained::Whole;
        }
        if self.phase == Phase::Held || self.body.size_hint().lower() > DRAINED_BYTES {
            return Drained::InPart;
        }
        let reading = async {
            let mut read = 0;
            while read <= DRAINED_BYTES {
                match self.next_within(DRAINED_IDLE).await {
                    Ok(Some(data)) => read += data.len() as u64,
                    Ok(None) => return Drained::Whole,
                    Err(_) => return Drained::InPart,
                }
            }
            Drained::InPart
        };
        tokio::time::timeout(DRAINED_WITHIN, reading).await.unwrap_or(Drained::InPart)
    }
}
