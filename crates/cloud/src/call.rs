//! A request to one of the JSON or Query services, read whole.

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

/// What a JSON or Query service needs of a request.
#[derive(Debug)]
pub(crate) struct Call {
    /// The operation's name. Empty where the Query protocol has it in the body.
    pub(crate) operation: String,
    /// The whole body, which is bounded in length.
    pub(crate) body: Bytes,
    /// `Host` as the caller wrote it, for URLs it can use.
    pub(crate) host: String,
    /// The path: a queue's URL may be all that says which queue is meant.
    pub(crate) path: String,
    /// `X-Amzn-Trace-Id`, which a queue keeps with the messages sent.
    pub(crate) trace: Option<String>,
    /// `Accept`: the Query protocol has two forms of answers.
    pub(crate) accept: Option<String>,
    /// The region the caller signs for.
    pub(crate) region: Option<String>,
    /// `X-Amz-Security-Token`: whose session it is, where the caller assumed a role.
    pub(crate) session: Option<String>,
    /// Ends when the server stops: whoever waits answers at once.
    pub(crate) shutdown: CancellationToken,
    /// The room its body takes among all the long ones, given back with the call.
    pub(crate) _room: Option<OwnedSemaphorePermit>,
}

impl Call {
    /// One of the cloud's own, with no client behind it.
    pub(crate) fn from_inside(operation: String, body: Bytes) -> Self {
        Self {
            operation,
            body,
            host: "localhost".to_owned(),
            path: "/".to_owned(),
            trace: None,
            region: None,
            accept: None,
            session: None,
            shutdown: CancellationToken::new(),
            _room: None,
        }
    }
}
