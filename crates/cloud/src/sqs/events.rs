//! Messages from the other services of this cloud.

use super::error::SqsError;
use super::message::MessageInput;
use super::{Sqs, send};

impl Sqs {
    /// Whether there is a queue with this ARN.
    pub(crate) fn has_queue(&self, arn: &str) -> bool {
        self.by_arn(arn).is_some()
    }

    /// Sends a message to the queue with this ARN, as a service of the cloud does.
    pub(crate) async fn deliver(&self, arn: &str, body: String) -> Result<(), SqsError> {
        let queue = self.by_arn(arn).ok_or(SqsError::QueueDoesNotExist)?;
        send::to(self, queue, MessageInput::with_body(body)).await.map(drop)
    }
}
