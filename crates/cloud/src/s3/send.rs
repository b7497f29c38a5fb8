//! Bytes on their way out: the files of an object, a span of them, read ahead by one piece.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt as _;
use tokio::task::JoinHandle;

use super::blobs::{Blobs, Lease};
use super::range::Span;
use crate::answer::{self, Body, BodyError};

/// Bytes read from a file at a time.
const PIECE_BYTES: u64 = 512 * 1024;

/// A file, and which of its bytes are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) file: String,
    /// Of the whole file, in bytes.
    pub(super) size: u64,
    pub(super) span: Span,
}

/// Cuts `span` out of files that follow one another: `(name, size in bytes)`.
pub(super) fn cut(files: impl IntoIterator<Item = (String, u64)>, span: Span) -> VecDeque<Segment> {
    let (mut offset, end) = (0, span.start + span.length);
    let mut segments = VecDeque::new();
    for (file, size) in files {
        let (first, last) = (span.start.max(offset), end.min(offset + size));
        if first < last {
            let span = Span { start: first - offset, length: last - first };
            segments.push_back(Segment { file, size, span });
        }
        offset += size;
    }
    segments
}

/// Opens the segments as a body. The first piece is read before this returns, so a missing file is an error in time.
pub(super) async fn body(blobs: &Blobs, lease: Lease, segments: VecDeque<Segment>) -> io::Result<Body> {
    let left = segments.iter().map(|segment| segment.span.length).sum();
    let reader = Reader { blobs: blobs.clone(), open: None, segments };
    let (reader, first) = read(reader).await.map_err(io::Error::other)??;
    if first.len() as u64 == left {
        return Ok(answer::full(first));
    }
    let stream = Stream { next: None, first: Some((reader, first)), left, _lease: lease };
    Ok(stream.boxed_unsync())
}

/// Where reading has got to. It moves to a blocking thread and back with each piece.
#[derive(Debug)]
struct Reader {
    blobs: Blobs,
    open: Option<(File, u64)>,
    segments: VecDeque<Segment>,
}

type Piece = io::Result<(Reader, Bytes)>;

impl Reader {
    fn piece(mut self) -> Piece {
        let Some((mut file, left)) =
            self.open.take().map_or_else(|| self.next_file(), |open| Ok(Some(open)))?
        else {
            return Ok((self, Bytes::new()));
        };
        let wanted = left.min(PIECE_BYTES);
        let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
        let read = file.by_ref().take(wanted).read_to_end(&mut bytes)? as u64;
        if read < wanted {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "an object's file is shorter than its row says",
            ));
        }
        self.open = (left > read).then_some((file, left - read));
        Ok((self, bytes.into()))
    }

    fn next_file(&mut self) -> io::Result<Option<(File, u64)>> {
        let Some(Segment { file, size, span }) = self.segments.pop_front() else { return Ok(None) };
        let mut file = self.blobs.open_file(&file, size)?;
        if span.start > 0 {
            file.seek(SeekFrom::Start(span.start))?;
        }
        Ok(Some((file, span.length)))
    }
}

fn read(reader: Reader) -> JoinHandle<Piece> {
    tokio::task::spawn_blocking(move || reader.piece())
}

struct Stream {
    next: Option<JoinHandle<Piece>>,
    first: Option<(Reader, Bytes)>,
    left: u64,
    _lease: Lease,
}

impl Stream {
    /// Hands `bytes` out and begins to read what follows them.
    fn hand_out(&mut self, reader: Reader, bytes: Bytes) -> Option<Result<Frame<Bytes>, BodyError>> {
        self.left = self.left.saturating_sub(bytes.len() as u64);
        self.next = (self.left > 0).then(|| read(reader));
        (!bytes.is_empty()).then(|| Ok(Frame::data(bytes)))
    }
}

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Some((reader, bytes)) = self.first.take() {
            return Poll::Ready(self.hand_out(reader, bytes));
        }
        let Some(next) = self.next.as_mut() else { return Poll::Ready(None) };
        let piece = ready!(Pin::new(next).poll(context));
        self.next = None;
        match piece.map_err(io::Error::other).flatten() {
            Ok((reader, bytes)) => Poll::Ready(self.hand_out(reader, bytes)),
            Err(problem) => {
                tracing::error!(%problem, "an object's bytes could not be read");
                Poll::Ready(Some(Err(problem.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(start: u64, length: u64, expected: &[(&str, u64, u64)]) {
        let files = [("a", 10), ("b", 0), ("c", 5), ("d", 7)].map(|(name, size)| (name.to_owned(), size));
        let found = cut(files, Span { start, length });
        let found: Vec<_> =
            found.iter().map(|one| (one.file.as_str(), one.span.start, one.span.length)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_span_is_cut_out_of_files() {
        check(0, 22, &[("a", 0, 10), ("c", 0, 5), ("d", 0, 7)]);
        check(3, 4, &[("a", 3, 4)]);
        check(9, 7, &[("a", 9, 1), ("c", 0, 5), ("d", 0, 1)]);
        check(21, 1, &[("d", 6, 1)]);
        check(0, 0, &[]);
    }
}
