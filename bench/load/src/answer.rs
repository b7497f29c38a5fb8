//! What is read of the servers' answers, without copying what is not needed.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

/// `ReceiveMessage`.
#[derive(Debug, Deserialize)]
pub(crate) struct Received<'a> {
    #[serde(rename = "Messages", default, borrow)]
    pub(crate) messages: Vec<Message<'a>>,
}

/// One message.
#[derive(Debug, Deserialize)]
pub(crate) struct Message<'a> {
    #[serde(rename = "ReceiptHandle", borrow)]
    pub(crate) receipt_handle: Cow<'a, str>,
    #[serde(rename = "Body", borrow)]
    pub(crate) body: Cow<'a, str>,
}

/// `SendMessageBatch` and `DeleteMessageBatch`: how many entries were taken.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    #[serde(rename = "Successful", default)]
    pub(crate) successful: Vec<IgnoredAny>,
}
