//! Reading whole messages off a connection, within bounds of length, time and memory.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{HEADER, Header, Malformed, Message};

/// A message has to arrive within this, once its first byte has. Between messages a client may be quiet for ever.
pub(crate) const MESSAGE_TIMEOUT: Duration = Duration::from_secs(60);

/// Messages up to this long need no room of their own.
const SHORT: usize = 64 * 1024;

/// Room for all long messages together, in bytes. Who finds none left waits.
pub(crate) const ROOM: usize = 96 * 1024 * 1024;

/// Why there is no further message.
#[derive(Debug, thiserror::Error)]
pub(in crate::mongo) enum Ended {
    /// The client has gone, or never finished what it began.
    #[error("the connection ended: {0}")]
    Gone(#[from] io::Error),
    /// What came is not understood.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// It came too slowly.
    #[error("a message did not arrive within {} s", MESSAGE_TIMEOUT.as_secs())]
    Slow,
}

/// The room that long messages share.
pub(in crate::mongo) fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(ROOM))
}

/// The next message, and the room it takes.
pub(in crate::mongo) async fn next(
    stream: &mut (impl AsyncRead + Unpin),
    room: &Arc<Semaphore>,
) -> Result<(Message, Option<OwnedSemaphorePermit>), Ended> {
    let first = stream.read_u8().await?;
    let whole = async {
        let mut header = [first; HEADER];
        stream.read_exact(header.get_mut(1..).unwrap_or_default()).await?;
        let length = Header::read(&header)?.length - HEADER;
        let permit = if length > SHORT { take(room, length).await } else { None };
        let mut payload = Vec::with_capacity(length.min(SHORT));
        let wanted = u64::try_from(length).unwrap_or(u64::MAX);
        if stream.take(wanted).read_to_end(&mut payload).await? < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok((Message::read(&header, &payload)?, permit))
    };
    tokio::time::timeout(MESSAGE_TIMEOUT, whole).await.unwrap_or(Err(Ended::Slow))
}

async fn take(room: &Arc<Semaphore>, length: usize) -> Option<OwnedSemaphorePermit> {
    Arc::clone(room).acquire_many_owned(u32::try_from(length).unwrap_or(u32::MAX)).await.ok()
}
