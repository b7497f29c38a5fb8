//! Bodies on their way through: bounded, counted, and tied to what has to happen at their end.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::watch::{Phase, Watch};

/// Why a body stopped. The connection that carries it ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the request body is over the limit")]
    TooLarge,
    #[error("the request body broke off or is not valid")]
    RequestBroken,
    #[error("the target's response broke off")]
    ResponseBroken,
    #[error("the target was cut off at the end of its drain")]
    CutOff,
}

/// What a request body says about itself to the pipeline while the target's connection owns it.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// Whether any of it was taken: then the request cannot be sent again.
    pub(crate) begun: Cell<bool>,
    /// Whether the client is what everybody waits for.
    pub(crate) starved: Cell<bool>,
    /// What was wrong with it.
    pub(crate) fault: Cell<Option<Fault>>,
}

/// A client's body on its way to a target.
#[derive(Debug)]
pub(crate) struct RequestBody {
    /// `None` when there is no body, or when the request is sent again without one.
    incoming: Option<Incoming>,
    left: u64,
    watch: Arc<Watch>,
    upload: Option<Rc<Upload>>,
}

/// An answer's body on its way to the client. While it lives, the connection is responding.
pub(crate) struct ResponseBody {
    source: Source,
    watch: Arc<Watch>,
}

enum Source {
    Whole(Option<Bytes>),
    Target(Answer),
}

impl RequestBody {
    /// At most `limit` bytes of `incoming`.
    pub(crate) fn new(incoming: Incoming, limit: u64, watch: Arc<Watch>) -> Self {
        let incoming = Some(incoming).filter(|incoming| !incoming.is_end_stream());
        let upload = incoming.as_ref().map(|_| Rc::default());
        Self { incoming, left: limit, watch, upload }
    }

    /// No body at all.
    pub(crate) fn none(watch: Arc<Watch>) -> Self {
        Self { incoming: None, left: 0, watch, upload: None }
    }

    /// Where to read how the body fares; `None` when there is none.
    pub(crate) fn upload(&self) -> Option<Rc<Upload>> {
        self.upload.clone()
    }

    fn stop(&self, fault: Fault, error: BodyError) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Some(upload) = &self.upload {
            upload.fault.set(Some(fault));
        }
        Poll::Ready(Some(Err(error)))
    }

    fn take(&mut self, frame: Frame<Bytes>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let length = frame.data_ref().map_or(0, |data| data.len() as u64);
        let Some(left) = self.left.checked_sub(length) else {
            return self.stop(Fault::BodyTooLarge, BodyError::TooLarge);
        };
        self.left = left;
        if self.is_end_stream() {
            self.watch.enter(Phase::Waiting);
        }
        Poll::Ready(Some(Ok(frame)))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let Some(incoming) = &mut self.incoming else { return Poll::Ready(None) };
        let polled = Pin::new(incoming).poll_frame(cx);
        if let Some(upload) = &self.upload {
            upload.begun.set(true);
            upload.starved.set(polled.is_pending());
        }
        match polled {
            Poll::Ready(Some(Ok(frame))) => self.take(frame),
            Poll::Ready(Some(Err(_))) => {
                self.stop(Fault::Malformed("The request body is not valid."), BodyError::RequestBroken)
            }
            Poll::Ready(None) => {
                self.watch.enter(Phase::Waiting);
                Poll::Ready(None)
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl ResponseBody {
    /// A body that is known.
    pub(crate) fn whole(body: Bytes, watch: Arc<Watch>) -> Self {
        let source = Source::Whole(Some(body).filter(|body| !body.is_empty()));
        Self { source, watch }
    }

    /// A target's body.
    pub(crate) fn from_target(answer: Answer, watch: Arc<Watch>) -> Self {
        Self { source: Source::Target(answer), watch }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.source {
            Source::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Source::Target(answer) => answer.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Whole(body) => body.is_none(),
            Source::Target(answer) => answer.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Whole(body) => SizeHint::with_exact(body.as_ref().map_or(0, |body| body.len() as u64)),
            Source::Target(answer) => answer.size_hint(),
        }
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        if self.watch.phase() == Phase::Responding {
            self.watch.enter(Phase::Idle);
        }
    }
}
