//! One client connection from its first byte to its last. TLS would stand at the top of [`serve`].

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::Client;
use crate::config::Limits;
use crate::pipeline;
use crate::stream::ClientStream;
use crate::watch::{Phase, Watch};

/// How long and how much is read from a client that still sends what nobody wants, so that it can take its answer.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 1024 * 1024;
const LINGER_STEP: usize = 8 * 1024;

const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How a connection's part in HTTP ended.
enum End {
    /// It was closed, or handed over to an upgrade.
    Done,
    /// Nothing happened for too long.
    Expired(Phase),
}

/// Serves requests until the connection ends.
pub(crate) async fn serve(stream: ClientStream, client: Rc<Client>, limits: &Limits) {
    let watch = Arc::clone(&client.watch);
    let service = service_fn(move |request| pipeline::handle(Rc::clone(&client), request));
    let mut connection = builder(limits).serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut told_to_close = false;
    // A task keeps its waker, so one look at it is enough.
    let mut attended = false;
    let end = poll_fn(|cx| {
        if !attended {
            attended = true;
            watch.attend(cx.waker());
        }
        if watch.is_closing() && !told_to_close {
            told_to_close = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        if let Some(phase) = gave_up(&watch) {
            return Poll::Ready(End::Expired(phase));
        }
        Pin::new(&mut connection).poll(cx).map(|outcome| {
            if let Err(error) = outcome {
                tracing::trace!(%error, "client connection ended");
            }
            End::Done
        })
    })
    .await;
    if let Some(parts) = connection.into_parts() {
        take_leave(parts.io.into_inner(), end, &watch).await;
    }
}

fn builder(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    // The worker's sweeper watches all waits; hyper's own timer costs every request an allocation.
    builder.header_read_timeout(None).max_buf_size(limits.header_bytes).max_header_size(limits.header_bytes);
    if limits.header_count != DEFAULT_HEADER_COUNT {
        builder.max_headers(limits.header_count);
    }
    builder
}

/// hyper's own limit, for which it needs no allocation.
const DEFAULT_HEADER_COUNT: usize = 100;

/// The phase that expired, if the connection has to end for it. While the target is waited for, the request's own
/// future answers.
fn gave_up(watch: &Watch) -> Option<Phase> {
    let phase = watch.phase();
    match phase {
        Phase::Exchange | Phase::Waiting | Phase::Upgraded => None,
        Phase::Head | Phase::Idle | Phase::Responding => watch.is_expired().then_some(phase),
    }
}

async fn take_leave(mut stream: ClientStream, end: End, watch: &Watch) {
    let outcome = match end {
        End::Expired(Phase::Head) if watch.is_within_head() => stream.write_all(TOO_SLOW).await,
        End::Done if watch.has_unread() => linger(&mut stream).await,
        End::Expired(_) | End::Done => Ok(()),
    };
    if let Err(error) = outcome {
        tracing::trace!(%error, "client was gone already");
    }
}

/// Reads on for a moment after the answer: closing a socket with unread bytes makes the kernel reset it, and a reset can
/// overtake the answer.
async fn linger(stream: &mut ClientStream) -> io::Result<()> {
    let drain = async {
        let mut buffer = vec![0; LINGER_STEP];
        let mut left = LINGER_BYTES;
        while left > 0 {
            match stream.stream.read(&mut buffer).await? {
                0 => break,
                read => left = left.saturating_sub(read),
            }
        }
        Ok(())
    };
    tokio::time::timeout(LINGER, drain).await.unwrap_or(Ok(()))
}
