//! Receipt handles: what a receiver shows to say which message it is done with.
//!
//! A handle names the message and the receive. An earlier handle of the same message still works, as on AWS's
//! standard queues. A few bytes of digest tell a handle from something that only looks like one; they guard
//! against mistakes, not against forgery, as any signature is accepted here anyway.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use uuid::Uuid;

use super::error::SqsError;
use super::queue::Queue;

const VERSION: u8 = 1;
const LENGTH: usize = 33;
const DIGEST: usize = 4;

/// What a handle says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The message's id in the store.
    pub(crate) id: i64,
    /// The message's public id; after a message is gone, its place may be another's.
    pub(crate) uuid: Uuid,
    /// Which receive this was, from 1.
    pub(crate) receive: u32,
}

impl Receipt {
    pub(crate) fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(VERSION);
        bytes.extend(self.id.to_be_bytes());
        bytes.extend(self.uuid.as_bytes());
        bytes.extend(self.receive.to_be_bytes());
        let digest = digest(&bytes);
        bytes.extend(digest);
        STANDARD.encode(bytes)
    }

    /// Reads a handle that must be of a message of `queue`.
    pub(crate) fn decode(handle: &str, queue: &Queue) -> Result<Self, SqsError> {
        if handle.is_empty() {
            return Err(SqsError::MissingParameter("ReceiptHandle"));
        }
        let receipt = read(handle).filter(|receipt| queue.owns(receipt.id));
        receipt.ok_or_else(|| SqsError::ReceiptHandleIsInvalid(handle.to_owned()))
    }
}

fn read(handle: &str) -> Option<Receipt> {
    let bytes = STANDARD.decode(handle).ok().filter(|bytes| bytes.len() == LENGTH)?;
    let (content, check) = bytes.split_at_checked(LENGTH - DIGEST)?;
    let (version, rest) = content.split_first()?;
    let (id, rest) = rest.split_first_chunk::<8>()?;
    let (uuid, rest) = rest.split_first_chunk::<16>()?;
    let (receive, _) = rest.split_first_chunk::<4>()?;
    (*version == VERSION && check == digest(content)).then(|| Receipt {
        id: i64::from_be_bytes(*id),
        uuid: Uuid::from_bytes(*uuid),
        receive: u32::from_be_bytes(*receive),
    })
}

fn digest(bytes: &[u8]) -> [u8; DIGEST] {
    let digest: [u8; 16] = Md5::digest(bytes).into();
    digest.first_chunk::<DIGEST>().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_reads_back_and_garbage_does_not() {
        let receipt = Receipt { id: (7 << 40) + 3, uuid: Uuid::from_u128(9), receive: 2 };
        let handle = receipt.encode();
        assert_eq!(read(&handle), Some(receipt));
        assert_eq!(read(&handle.replace('A', "B")), None);
        assert_eq!(read("garbage"), None);
        assert_eq!(read(""), None);
        assert_eq!(read(&STANDARD.encode([1_u8; LENGTH])), None);
    }
}
