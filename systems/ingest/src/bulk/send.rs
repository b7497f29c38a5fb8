//! Sends requests and sees what becomes of them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, Error, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use tokio::sync::mpsc;

use super::plan::{Kind, Plan};

/// Time to make a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Pauses between attempts to connect.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Bytes of an answer that are read.
const MAX_ANSWER: usize = 1024 * 1024;

/// Everything to be sent, and where.
pub(crate) struct Mission {
    http: Http,
    url: Uri,
    plan: Plan,
    next: AtomicUsize,
    limits: Limits,
}

/// How long to wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// For an answer.
    pub(crate) answer: Duration,
    /// For a connection, all attempts together.
    pub(crate) connecting: Duration,
}

/// What became of one request.
#[derive(Debug)]
pub(crate) struct Sample {
    /// What it was.
    pub(crate) kind: Kind,
    /// What came back.
    pub(crate) outcome: Outcome,
    /// From sending (the last attempt to connect included) to the whole answer.
    pub(crate) latency: Duration,
}

/// How a request ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// With an answer.
    Answered {
        /// Its status.
        status: u16,
        /// The `message_id` in it, if any.
        message_id: Option<String>,
    },
    /// Sent, perhaps in part, and never answered. The message may have been accepted, so it is not sent again.
    Unanswered,
    /// No connection in all the time allowed.
    NeverSent,
}

/// A plain client needs no certificates on the machine.
enum Http {
    Plain(Client<HttpConnector, Full<Bytes>>),
    Tls(Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

#[derive(Deserialize)]
struct Accepted {
    message_id: String,
}

impl Sample {
    /// The identifier of the message, if it was accepted.
    pub(crate) fn accepted(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Answered { status: 200, message_id } => message_id.as_deref(),
            _ => None,
        }
    }

    /// Whether the answer is the contract's. An acceptance without an identifier is not.
    pub(crate) fn as_expected(&self) -> bool {
        match &self.outcome {
            Outcome::Answered { status, message_id } => {
                *status == self.kind.expected() && (self.kind == Kind::Good) == message_id.is_some()
            }
            Outcome::Unanswered | Outcome::NeverSent => false,
        }
    }
}

impl Mission {
    /// # Errors
    /// When TLS is needed and this machine has no certificates.
    pub(crate) fn new(url: Uri, plan: Plan, limits: Limits) -> io::Result<Self> {
        Ok(Self { http: Http::new(&url)?, url, plan, next: AtomicUsize::new(0), limits })
    }

    /// Takes requests from the plan until none is left. Any number may run at once.
    pub(crate) async fn run(self: Arc<Self>, samples: mpsc::Sender<Sample>) {
        while let Some((kind, body)) = self.plan.request(self.next.fetch_add(1, Ordering::Relaxed)) {
            let (outcome, latency) = self.send(Bytes::from(body)).await;
            if samples.send(Sample { kind, outcome, latency }).await.is_err() {
                return;
            }
        }
    }

    async fn send(&self, body: Bytes) -> (Outcome, Duration) {
        let first = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let began = Instant::now();
            let outcome = tokio::time::timeout(self.limits.answer, self.attempt(body.clone())).await;
            let outcome = outcome.unwrap_or(Outcome::Unanswered);
            if outcome != Outcome::NeverSent || first.elapsed() + pause > self.limits.connecting {
                return (outcome, began.elapsed());
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn attempt(&self, body: Bytes) -> Outcome {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.url.clone();
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let answer = match self.http.send(request).await {
            Ok(answer) => answer,
            Err(error) if error.is_connect() => return Outcome::NeverSent,
            Err(_) => return Outcome::Unanswered,
        };
        let status = answer.status().as_u16();
        match Limited::new(answer.into_body(), MAX_ANSWER).collect().await {
            Ok(body) => Outcome::Answered { status, message_id: message_id(&body.to_bytes()) },
            Err(_) => Outcome::Unanswered,
        }
    }
}

impl Http {
    fn new(url: &Uri) -> io::Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.set_connect_timeout(Some(CONNECT_LIMIT));
        tcp.set_nodelay(true);
        if url.scheme_str() != Some("https") {
            return Ok(Self::Plain(Client::builder(TokioExecutor::new()).build(tcp)));
        }
        tcp.enforce_http(false);
        let tls =
            HttpsConnectorBuilder::new().with_native_roots()?.https_only().enable_http1().wrap_connector(tcp);
        Ok(Self::Tls(Client::builder(TokioExecutor::new()).build(tls)))
    }

    async fn send(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<hyper::Response<hyper::body::Incoming>, Error> {
        match self {
            Self::Plain(client) => client.request(request).await,
            Self::Tls(client) => client.request(request).await,
        }
    }
}

fn message_id(body: &[u8]) -> Option<String> {
    serde_json::from_slice(body).ok().map(|accepted: Accepted| accepted.message_id)
}
