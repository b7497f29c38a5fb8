//! The HTTP client of the exporter. The exporter waits on a thread of its own, so what it sends is handed to the runtime.

use std::io;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{Request, Response, Uri};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;

/// How long a collector may take.
const LIMIT: Duration = Duration::from_secs(10);

/// How much of a collector's answer is read, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Client {
    runtime: Handle,
    connections: Connections,
}

#[derive(Debug)]
enum Connections {
    Plain(Pool<HttpConnector, Full<Bytes>>),
    Tls(Pool<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

impl Client {
    /// A client for this collector.
    ///
    /// # Errors
    /// When it wants TLS, and this machine knows no certificates.
    pub(super) fn new(collector: &Uri) -> io::Result<Self> {
        let pool = Pool::builder(TokioExecutor::new());
        let connections = if collector.scheme_str() == Some("https") {
            let tls = HttpsConnectorBuilder::new().with_native_roots()?.https_only().enable_http1().build();
            Connections::Tls(pool.build(tls))
        } else {
            Connections::Plain(pool.build_http())
        };
        Ok(Self { runtime: Handle::current(), connections })
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = request.map(Full::new);
        let sent = match &self.connections {
            Connections::Plain(pool) => pool.request(request),
            Connections::Tls(pool) => pool.request(request),
        };
        // The clock, too, is the runtime's.
        let answered = async move {
            let answer = tokio::time::timeout(LIMIT, sent).await??;
            let (head, body) = answer.into_parts();
            let body =
                tokio::time::timeout(LIMIT, Limited::new(body, MAX_ANSWER).collect()).await??.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(head, body))
        };
        self.runtime.spawn(answered).await?
    }
}
