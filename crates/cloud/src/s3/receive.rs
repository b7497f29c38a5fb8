//! A body on its way in: unframed, hashed, and written down, with constant memory.

use std::fs::File;
use std::io::Write as _;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::blobs::{Blobs, Staged};
use super::checksum::{Algorithm, Checksum, Digests, Expected, Hashing};
use super::chunked::Decoder;
use super::error::{Code, Error, Result};
use super::form::Tail;
use super::inbound::Inbound;

/// The largest object or part of one request: 5 GiB ("Amazon S3 multipart upload limits").
pub(crate) const MAX_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// Up to here the bytes live in the database, which is quicker than a file of their own.
pub(super) const INLINE_BYTES: u64 = 16 * 1024;

/// Bytes gathered before they are hashed and written.
const GATHERED_BYTES: usize = 256 * 1024;

/// Where received bytes are.
#[derive(Debug)]
pub(super) enum Stored {
    /// In memory, to be kept in the database.
    Inline(Bytes),
    /// In a file that still has to be kept.
    File(Staged),
}

/// A body that was received whole and is what its headers said.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) size: u64,
    /// The MD5 in hexadecimal.
    pub(super) etag: String,
    pub(super) checksum: Checksum,
    pub(super) stored: Stored,
}

/// Which bodies go to a file whatever their size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// Small ones may live in the database.
    Smallest,
    /// Always a file.
    File,
}

/// Receives a body and checks it against what was expected of it.
pub(super) async fn receive(
    blobs: &Blobs,
    body: &mut Inbound,
    expected: &Expected,
    placement: Placement,
) -> Result<Received> {
    let length = expected.length.ok_or(Code::MissingContentLength)?;
    if length > MAX_BYTES {
        return Err(Error::from(Code::EntityTooLarge)
            .with("ProposedSize", length.to_string())
            .with("MaxSizeAllowed", MAX_BYTES.to_string()));
    }
    let inline = placement == Placement::Smallest && length <= INLINE_BYTES;
    let mut source = Source { body, framing: Framing::of(expected), left: length };
    let hashing = expected.hashing(Algorithm::Crc64Nvme);
    let (digests, stored) = if inline {
        into_memory(&mut source, hashing).await?
    } else {
        into_file(&mut source, blobs, hashing).await?
    };
    let trailers = source.finish()?;
    expected.verify(&digests, &trailers)?;
    Ok(Received { size: length, etag: hex::encode(digests.md5), checksum: digests.checksum, stored })
}

/// Receives the file of a form, which is as long as it is and ends where `tail` says. The rest of the body follows.
pub(super) async fn file_of_form(
    blobs: &Blobs,
    body: &mut Inbound,
    tail: Tail,
    expected: &Expected,
) -> Result<Received> {
    // The body is longer than the file in it.
    let inline = expected.length.is_some_and(|length| length <= INLINE_BYTES);
    let mut source = Source { body, framing: Framing::Form(tail), left: MAX_BYTES };
    let hashing = expected.hashing(Algorithm::Crc64Nvme);
    let (digests, stored) = if inline {
        into_memory(&mut source, hashing).await?
    } else {
        into_file(&mut source, blobs, hashing).await?
    };
    let size = MAX_BYTES - source.left;
    source.left = 0;
    source.finish()?;
    expected.verify(&digests, &[])?;
    Ok(Received { size, etag: hex::encode(digests.md5), checksum: digests.checksum, stored })
}

/// Reads a small document whole.
pub(super) async fn document(body: &mut Inbound, expected: &Expected, limit: usize) -> Result<Bytes> {
    if expected.length.is_some_and(|length| length > limit as u64) {
        return Err(Code::MaxMessageLengthExceeded.into());
    }
    let length = expected.length.unwrap_or(limit as u64);
    let mut source = Source { body, framing: Framing::of(expected), left: length };
    let mut content = Vec::new();
    while source.more(&mut content).await? {}
    let trailers = if expected.length.is_some() { source.finish()? } else { Vec::new() };
    let mut hashing = expected.hashing(Algorithm::Crc64Nvme);
    hashing.update(&content);
    expected.verify(&hashing.finish(), &trailers)?;
    Ok(content.into())
}

async fn into_memory(source: &mut Source<'_>, mut hashing: Hashing) -> Result<(Digests, Stored)> {
    let mut content = Vec::new();
    while source.more(&mut content).await? {}
    hashing.update(&content);
    Ok((hashing.finish(), Stored::Inline(content.into())))
}

/// Reads the next bytes while one blocking thread writes the last ones and another hashes them.
async fn into_file(source: &mut Source<'_>, blobs: &Blobs, hashing: Hashing) -> Result<(Digests, Stored)> {
    let blobs = blobs.clone();
    let mut sink = Sink { writing: blocking(move || blobs.stage()), hashing: blocking(move || Ok(hashing)) };
    let mut content = Vec::with_capacity(GATHERED_BYTES);
    while source.more(&mut content).await? {
        if content.len() >= GATHERED_BYTES {
            let gathered = std::mem::replace(&mut content, Vec::with_capacity(GATHERED_BYTES));
            sink = sink.take(gathered.into()).await?;
        }
    }
    sink.take(content.into()).await?.finish().await
}

/// A file and the hashes of what is in it, each with a piece under way.
struct Sink {
    writing: JoinHandle<std::io::Result<(Staged, File)>>,
    hashing: JoinHandle<std::io::Result<Hashing>>,
}

impl Sink {
    /// Waits for the last piece and begins with this one.
    async fn take(self, bytes: Bytes) -> Result<Self> {
        let (staged, mut file) = joined(self.writing).await?;
        let mut hashing = joined(self.hashing).await?;
        let hashed = bytes.clone();
        let writing = blocking(move || file.write_all(&bytes).map(|()| (staged, file)));
        let hashing = blocking(move || {
            hashing.update(&hashed);
            Ok(hashing)
        });
        Ok(Self { writing, hashing })
    }

    async fn finish(self) -> Result<(Digests, Stored)> {
        let (staged, file) = joined(self.writing).await?;
        let staged = joined(blocking(move || staged.finish(&file).map(|()| staged))).await?;
        Ok((joined(self.hashing).await?.finish(), Stored::File(staged)))
    }
}

/// How content stands in a body.
enum Framing {
    Plain,
    Chunked(Box<Decoder>),
    /// Up to the boundary of a form.
    Form(Tail),
}

impl Framing {
    fn of(expected: &Expected) -> Self {
        if expected.framed {
            Self::Chunked(Box::new(Decoder::new(expected.chain.clone())))
        } else {
            Self::Plain
        }
    }
}

/// A body, its framing and how much content is still to come.
struct Source<'a> {
    body: &'a mut Inbound,
    framing: Framing,
    left: u64,
}

impl Source<'_> {
    /// Appends the content of the next bytes; `false` at the end.
    async fn more(&mut self, content: &mut Vec<u8>) -> Result<bool> {
        let before = content.len();
        if let Framing::Form(tail) = &mut self.framing
            && tail.begin(content)
        {
            return self.count(content.len() - before);
        }
        let Some(data) = self.body.next().await? else { return Ok(false) };
        match &mut self.framing {
            Framing::Plain => content.extend_from_slice(&data),
            Framing::Chunked(decoder) => decoder.feed(&data, content)?,
            Framing::Form(tail) => tail.feed(&data, content),
        }
        self.count(content.len() - before)
    }

    fn count(&mut self, gained: usize) -> Result<bool> {
        self.left = self.left.checked_sub(gained as u64).ok_or(match self.framing {
            Framing::Form(_) => Code::EntityTooLarge,
            Framing::Plain | Framing::Chunked(_) => Code::IncompleteBody,
        })?;
        Ok(true)
    }

    fn finish(&mut self) -> Result<Vec<(String, String)>> {
        if self.left > 0 {
            return Err(Code::IncompleteBody.into());
        }
        match std::mem::replace(&mut self.framing, Framing::Plain) {
            Framing::Plain => Ok(Vec::new()),
            Framing::Chunked(decoder) => decoder.finish(),
            Framing::Form(tail) => tail.finish().map(|()| Vec::new()),
        }
    }
}

fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> JoinHandle<std::io::Result<T>> {
    tokio::task::spawn_blocking(work)
}

async fn joined<T>(work: JoinHandle<std::io::Result<T>>) -> Result<T> {
    Ok(work.await.map_err(|_| Code::InternalError)??)
}
