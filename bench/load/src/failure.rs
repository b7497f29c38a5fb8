//! Why there is no number.

use thiserror::Error;

use crate::connection::CallError;

/// What went wrong; one of these ends the load.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// There is no runtime.
    #[error("could not start: {0}")]
    Runtime(std::io::Error),
    /// A client panicked.
    #[error("a client ended without a result")]
    Lost,
    /// A call has no answer worth counting.
    #[error(transparent)]
    Call(#[from] CallError),
    /// A message is not there.
    #[error("{0} receives in a row found nothing although a message was sent")]
    NothingReceived(u32),
    /// A message or an object is another than was sent.
    #[error("{what} of {sent} bytes came back with {received}")]
    Changed { what: &'static str, sent: usize, received: usize },
    /// Some of a batch were refused.
    #[error("a batch was not taken whole: {0}")]
    NotTaken(String),
    /// A listing is another than it should be.
    #[error("a listing of {wanted} objects has {listed}")]
    Listed { wanted: usize, listed: usize },
    /// An answer lacks what it should have.
    #[error("an answer of {target} does not contain `{wanted}`: {answer}")]
    Lacks { target: String, wanted: String, answer: String },
}
