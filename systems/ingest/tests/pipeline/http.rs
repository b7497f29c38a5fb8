//! Requests to the API.

use std::net::SocketAddr;

pub(crate) use harness::http::{Answer, get, send};

/// `POST /ingest` with JSON.
pub(crate) async fn ingest(to: SocketAddr, body: &str) -> Answer {
    send(to, "POST", "/ingest", &[("content-type", "application/json")], body).await.expect("an answer")
}
