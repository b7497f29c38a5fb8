//! One connection to a target. The task that serves the client drives it: there is no second task to wake, and what is
//! dropped is closed at once.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::body::RequestBody;
use crate::claim::Claim;
use crate::watch::Watch;

/// A target's response head may be this large.
const HEAD_BYTES: usize = 64 * 1024;

/// A connection to a target.
pub(crate) struct Upstream {
    sender: http1::SendRequest<RequestBody>,
    driver: Pin<Box<dyn Future<Output = hyper::Result<()>>>>,
    over: bool,
}

/// Why an exchange ended without a response head.
pub(crate) enum Unanswered {
    /// Not a byte of the request was written; here it is.
    Unsent(Box<Request<RequestBody>>),
    /// The connection ended before the response's head was complete.
    Died,
    /// What came back is not HTTP.
    Garbled,
    /// The request's body failed.
    BodyFailed,
    /// The watch expired.
    TimedOut,
    /// The target was cut off.
    CutOff,
}

impl Upstream {
    /// Connects within `patience`.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub(crate) async fn connect(address: SocketAddr, patience: Duration) -> Result<Self, String> {
        let stream = match tokio::time::timeout(patience, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(format!("{address} does not accept connections: {error}")),
            Err(_) => return Err(format!("{address} did not accept a connection within {patience:?}")),
        };
        stream.set_nodelay(true).map_err(|error| format!("{address} closed the connection: {error}"))?;
        let mut builder = http1::Builder::new();
        builder.max_buf_size(HEAD_BYTES);
        let (sender, connection) = builder
            .handshake::<_, RequestBody>(TokioIo::new(stream))
            .await
            .map_err(|error| format!("{address} closed the connection: {error}"))?;
        Ok(Self { sender, driver: Box::pin(connection.with_upgrades()), over: false })
    }

    /// Whether it could take a request when it was last driven.
    pub(crate) fn seems_ready(&self) -> bool {
        !self.over && self.sender.is_ready()
    }

    /// Whether it can take a request now. Looks at the socket, without waiting.
    pub(crate) fn is_ready(&mut self) -> bool {
        self.drive(&mut Context::from_waker(Waker::noop()));
        self.seems_ready()
    }

    /// Sends a request and waits for the response's head.
    pub(crate) async fn exchange(
        &mut self,
        request: Request<RequestBody>,
        claim: &Claim,
        watch: &Watch,
    ) -> Result<Response<Incoming>, Unanswered> {
        let mut answer = pin!(self.sender.try_send_request(request));
        poll_fn(|cx| {
            // The driver wakes this task; the channel behind `answer` is only ever filled by the driver.
            if !self.over {
                self.over = self.driver.as_mut().poll(cx).is_ready();
            }
            if let Poll::Ready(answer) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return Poll::Ready(answer.map_err(Unanswered::from));
            }
            match (watch.is_expired(), claim.target().is_cut()) {
                (true, _) => Poll::Ready(Err(Unanswered::TimedOut)),
                (_, true) => Poll::Ready(Err(Unanswered::CutOff)),
                _ if self.over => Poll::Ready(Err(Unanswered::Died)),
                _ => Poll::Pending,
            }
        })
        .await
    }

    /// Lets the connection do what it can; its end is remembered.
    pub(crate) fn drive(&mut self, cx: &mut Context<'_>) {
        if !self.over {
            self.over = self.driver.as_mut().poll(cx).is_ready();
        }
    }
}

impl From<TrySendError<Request<RequestBody>>> for Unanswered {
    fn from(mut error: TrySendError<Request<RequestBody>>) -> Self {
        match error.take_message() {
            Some(request) => Self::Unsent(Box::new(request)),
            None if error.error().is_parse() => Self::Garbled,
            None if error.error().is_user() => Self::BodyFailed,
            None => Self::Died,
        }
    }
}
