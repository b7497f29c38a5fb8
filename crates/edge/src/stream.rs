//! A client's socket that tells its watch what happens on it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::gate::Seat;
use crate::watch::{Phase, Watch};

/// The socket, its watch and its seat among the connections allowed. Closing it gives all three back.
#[derive(Debug)]
pub(crate) struct ClientStream {
    pub(crate) stream: TcpStream,
    pub(crate) watch: Arc<Watch>,
    /// How much of a head is kept, in bytes.
    pub(crate) head_bytes: usize,
    /// Given back when the socket is closed.
    pub(crate) _seat: Seat,
}

impl ClientStream {
    /// A head begins with the first byte after a response; what comes during an exchange is a body.
    fn note_read(&self, bytes: &[u8]) {
        match self.watch.phase() {
            Phase::Idle => {
                self.watch.enter(Phase::Head);
                self.watch.record(bytes, self.head_bytes);
            }
            Phase::Head => self.watch.record(bytes, self.head_bytes),
            Phase::Exchange | Phase::Waiting | Phase::Responding | Phase::Upgraded => self.watch.progress(),
        }
    }

    fn note_write(&self, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(outcome, Poll::Ready(Ok(_))) {
            self.watch.progress();
        }
        outcome
    }
}

impl AsyncRead for ClientStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let read = buffer.filled().get(before..).unwrap_or_default();
        if !read.is_empty() {
            self.note_read(read);
        }
        outcome
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note_write(outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.note_write(outcome)
    }
}
