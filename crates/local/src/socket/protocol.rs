//! What is said over the control socket: one request, then replies until a last one, each a line of JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Event, Status};

/// Bytes of one line: a status of a thousand replicas is a fifth of it.
pub(crate) const LINE_LIMIT: u64 = 1024 * 1024;

/// What another process asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub(crate) enum Request {
    Status,
    Restart { service: String },
    ExecEnvironment { service: String },
    Stop,
}

/// What `up` answers. `Event` is followed by more, every other is the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", content = "content", rename_all = "kebab-case")]
pub(crate) enum Reply {
    Event(Event),
    Status(Box<Status>),
    Environment(BTreeMap<String, String>),
    Done,
    Refused(String),
}
