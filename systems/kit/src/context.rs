//! What every line that a request logs tells of it.

use axum::http::HeaderValue;
use opentelemetry::trace::TraceId;

/// The request that a task works on.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    /// `X-Request-Id`.
    pub(crate) request_id: HeaderValue,
    /// The trace it is part of, where there is one.
    pub(crate) trace: Option<TraceId>,
}

tokio::task_local! {
    pub(crate) static CURRENT: Current;
}
