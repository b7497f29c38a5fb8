//! A target's response body, with all that has to be given back at its end: the connection and the claim.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::body::BodyError;
use crate::claim::Claim;
use crate::pool::Pool;
use crate::upstream::Upstream;
use crate::watch::{Phase, Watch};

/// A body of at most so many bytes is taken whole before the client sees any of it, where the request could be sent
/// again if the target died half-way.
const SMALL_BYTES: u64 = 64 * 1024;

/// A body on its way from a target.
pub(crate) struct Answer {
    incoming: Incoming,
    upstream: Option<Upstream>,
    claim: Claim,
    pool: Rc<Pool>,
    /// What was taken whole.
    whole: Option<Bytes>,
    /// Whether the target has sent all of it.
    ended: bool,
    /// Why no more will come.
    broken: Option<BodyError>,
}

/// Why a small body was not taken whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The target broke off.
    Broken,
    /// The target stopped sending.
    TimedOut,
}

impl Answer {
    pub(crate) fn new(incoming: Incoming, upstream: Upstream, claim: Claim, pool: Rc<Pool>) -> Self {
        let ended = incoming.is_end_stream();
        Self { incoming, upstream: Some(upstream), claim, pool, whole: None, ended, broken: None }
    }

    pub(crate) fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Whether its length is known and small.
    pub(crate) fn is_small(&self) -> bool {
        self.incoming.size_hint().exact().is_some_and(|bytes| bytes <= SMALL_BYTES)
    }

    /// Takes the body whole and gives the connection back.
    pub(crate) async fn take_whole(&mut self, watch: &Watch) -> Result<(), Cut> {
        let mut parts = BytesMut::new();
        let mut first = None;
        while !self.ended {
            let frame = poll_fn(|cx| match self.poll_frame(cx) {
                Poll::Pending if watch.is_expired() => Poll::Ready(Err(Cut::TimedOut)),
                polled => polled.map(Ok),
            })
            .await?;
            watch.enter(Phase::Waiting);
            match frame.transpose().map_err(|_| Cut::Broken)?.and_then(|frame| frame.into_data().ok()) {
                Some(data) if first.is_none() && parts.is_empty() => first = Some(data),
                Some(data) => {
                    parts.extend_from_slice(&first.take().unwrap_or_default());
                    parts.extend_from_slice(&data);
                }
                None => {}
            }
        }
        self.release();
        self.whole = Some(first.unwrap_or_else(|| parts.freeze())).filter(|body| !body.is_empty());
        Ok(())
    }

    pub(crate) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Some(whole) = self.whole.take() {
            return Poll::Ready(Some(Ok(Frame::data(whole))));
        }
        if let Some(broken) = self.broken {
            return Poll::Ready(Some(Err(broken)));
        }
        if let Poll::Ready(frame) = self.poll_incoming() {
            return Poll::Ready(frame.map(Ok));
        }
        self.drive(cx);
        if let Poll::Ready(frame) = self.poll_incoming() {
            return Poll::Ready(frame.map(Ok));
        }
        if self.is_cut() {
            self.broken = Some(BodyError::CutOff);
        }
        if self.broken.is_some() {
            // The error comes with the next poll: what came before it can be flushed to the client in between.
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    /// Whether the client has taken all of it.
    pub(crate) fn is_end_stream(&self) -> bool {
        self.ended && self.whole.is_none()
    }

    pub(crate) fn size_hint(&self) -> SizeHint {
        match &self.whole {
            Some(whole) => SizeHint::with_exact(whole.len() as u64),
            None => self.incoming.size_hint(),
        }
    }

    /// Whether its target was cut off at the end of a drain.
    pub(crate) fn is_cut(&self) -> bool {
        self.claim.target().is_cut()
    }

    /// Lets the connection to the target do what it can.
    pub(crate) fn drive(&mut self, cx: &mut Context<'_>) {
        if let Some(upstream) = &mut self.upstream {
            upstream.drive(cx);
        }
    }

    /// Takes what the driver put there; only the driver, which has the real waker, ever adds more.
    fn poll_incoming(&mut self) -> Poll<Option<Frame<Bytes>>> {
        if self.broken.is_some() {
            return Poll::Pending;
        }
        let polled = Pin::new(&mut self.incoming).poll_frame(&mut Context::from_waker(Waker::noop()));
        match polled {
            Poll::Ready(Some(Ok(frame))) => {
                self.ended = self.incoming.is_end_stream();
                Poll::Ready(Some(frame))
            }
            Poll::Ready(None) => {
                self.ended = true;
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(_))) => {
                self.claim.failed();
                self.broken = Some(BodyError::ResponseBroken);
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        }
    }

    /// Keeps the connection for another request when this exchange is complete, else closes it.
    fn release(&mut self) {
        if let Some(upstream) = self.upstream.take().filter(|_| self.ended) {
            self.pool.put(self.claim.target(), upstream);
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.release();
    }
}
