//! The HTTP client of the exporter. The exporter waits on a thread of its own, so what it sends is handed to the runtime.

use std::io;

use async_trait::async_trait;
use axum::http::{Request, Response, Uri};
use bytes::Bytes;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;

use crate::client;

#[derive(Debug)]
pub(super) struct Client {
    runtime: Handle,
    client: client::Client,
}

impl Client {
    /// A client for this collector.
    ///
    /// # Errors
    /// When it wants TLS, and this machine knows no certificates.
    pub(super) fn new(collector: &Uri) -> io::Result<Self> {
        Ok(Self { runtime: Handle::current(), client: client::Client::new(collector)? })
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        // The clock, too, is the runtime's.
        Ok(self.runtime.spawn(async move { client.ask(request).await }).await??)
    }
}
