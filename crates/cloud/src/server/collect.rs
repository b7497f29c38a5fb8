//! Reading a request's body whole, within bounds of length and time.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The longest body of a JSON or Query request, in bytes. SQS takes 1 MiB of message, which JSON's `\u` escapes
/// can make three times as long on the wire.
pub(crate) const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// A body has to arrive within this.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// Bodies up to this long need no room of their own: there are never more than there are connections.
const SHORT: usize = 64 * 1024;

/// Room for all long bodies together, in bytes. Who finds none left waits.
pub(crate) const ROOM: usize = 64 * 1024 * 1024;

/// A body read whole, and the room it takes.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) bytes: Bytes,
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    TooLong,
    TooSlow,
    Broken,
}

/// The room that [`collect`] shares out, in bytes.
pub(super) fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(ROOM))
}

/// Reads a body whole.
pub(super) async fn collect(body: Incoming, room: &Arc<Semaphore>) -> Result<Collected, Unread> {
    // A chunked body does not say how long it will be.
    let length =
        body.size_hint().exact().map_or(BODY_LIMIT, |length| usize::try_from(length).unwrap_or(usize::MAX));
    if length > BODY_LIMIT {
        return Err(Unread::TooLong);
    }
    let whole = async {
        let room = if length > SHORT { take(room, length).await } else { None };
        match Limited::new(body, BODY_LIMIT).collect().await {
            Ok(collected) => Ok(Collected { bytes: collected.to_bytes(), room }),
            Err(error) if error.is::<LengthLimitError>() => Err(Unread::TooLong),
            Err(_) => Err(Unread::Broken),
        }
    };
    tokio::time::timeout(BODY_TIMEOUT, whole).await.unwrap_or(Err(Unread::TooSlow))
}

async fn take(room: &Arc<Semaphore>, length: usize) -> Option<OwnedSemaphorePermit> {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    Arc::clone(room).acquire_many_owned(length).await.ok()
}
