//! An HTTP client for the few things a service asks by itself: one answer, in bounded time and memory.

use std::io;
use std::time::Duration;

use axum::http::{Request, Response, Uri};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use thiserror::Error;

/// How long a head and a body may each take.
const LIMIT: Duration = Duration::from_secs(10);

/// How much of an answer is read, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// Kept connections to servers of one scheme.
#[derive(Debug, Clone)]
pub struct Client(Connections);

#[derive(Debug, Clone)]
enum Connections {
    Plain(Pool<HttpConnector, Full<Bytes>>),
    Tls(Pool<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum AskError {
    /// It took longer than ten seconds.
    #[error("no answer within {} s", LIMIT.as_secs())]
    Late,
    /// The server can't be reached, or hung up.
    #[error("{}", innermost(.0))]
    Unreachable(#[from] hyper_util::client::legacy::Error),
    /// The answer broke off, or is longer than 64 KiB.
    #[error("the answer can't be read: {0}")]
    Unreadable(Box<dyn std::error::Error + Send + Sync>),
}

impl Client {
    /// A client for servers of this URI's scheme, `http` or `https`.
    ///
    /// # Errors
    /// When it is `https`, and this machine knows no certificates.
    pub fn new(server: &Uri) -> io::Result<Self> {
        let pool = Pool::builder(TokioExecutor::new());
        Ok(Self(if server.scheme_str() == Some("https") {
            let tls = HttpsConnectorBuilder::new().with_native_roots()?.https_only().enable_http1().build();
            Connections::Tls(pool.build(tls))
        } else {
            Connections::Plain(pool.build_http())
        }))
    }

    /// Asks once, without following redirects. Must be called inside the runtime.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub async fn ask(&self, request: Request<Bytes>) -> Result<Response<Bytes>, AskError> {
        let request = request.map(Full::new);
        let sent = match &self.0 {
            Connections::Plain(pool) => pool.request(request),
            Connections::Tls(pool) => pool.request(request),
        };
        let answer = tokio::time::timeout(LIMIT, sent).await.map_err(|_| AskError::Late)??;
        let (head, body) = answer.into_parts();
        let body = tokio::time::timeout(LIMIT, Limited::new(body, MAX_ANSWER).collect());
        let body = body.await.map_err(|_| AskError::Late)?.map_err(AskError::Unreadable)?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

/// hyper says that it could not connect, and the error below it why.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}
