//! Reading a request's body whole, within bounds of length and time.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};

/// The longest body of a JSON or Query request, in bytes. SQS takes 1 MiB of message, which JSON's `\u` escapes
/// can make three times as long on the wire.
pub(crate) const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// A body has to arrive within this.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    TooLong,
    TooSlow,
    Broken,
}

pub(super) async fn collect(body: Incoming) -> Result<Bytes, Unread> {
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(Unread::TooLong);
    }
    let whole = Limited::new(body, BODY_LIMIT).collect();
    match tokio::time::timeout(BODY_TIMEOUT, whole).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Unread::TooLong),
        Ok(Err(_)) => Err(Unread::Broken),
        Err(_) => Err(Unread::TooSlow),
    }
}
