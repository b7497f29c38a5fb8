//! One keep-alive connection that speaks AWS JSON and S3; opened again when the server closes it.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::http::request::Builder;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use thiserror::Error;
use tokio::net::TcpStream;

/// A client of one server, with at most one request under way.
pub(crate) struct Connection {
    address: SocketAddr,
    host: String,
    authorization: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// A call that has no answer worth counting.
#[derive(Debug, Error)]
pub(crate) enum CallError {
    /// Nobody listens.
    #[error("could not connect to {0}: {1}")]
    Connect(SocketAddr, std::io::Error),
    /// It is not HTTP that came, or too little of it.
    #[error("HTTP with {0} broke: {1}")]
    Http(SocketAddr, hyper::Error),
    /// The request itself is none.
    #[error("{what} could not be written: {error}")]
    Request { what: String, error: hyper::http::Error },
    /// Another status than 200.
    #[error("{what} was answered with {status}: {body}")]
    Refused { what: String, status: StatusCode, body: String },
    /// It is not the JSON that was expected.
    #[error("{operation} was answered with something that is not JSON: {error}")]
    NotJson { operation: &'static str, error: serde_json::Error },
}

impl Connection {
    /// No server under test checks the signature; its scope is what names the service.
    pub(crate) fn new(address: SocketAddr, service: &str) -> Self {
        let scope = format!("test/20260101/us-east-1/{service}/aws4_request");
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={}", "0".repeat(64));
        Self { address, host: address.to_string(), authorization, sender: None }
    }

    /// One call with a JSON body, and the body of its answer.
    pub(crate) async fn json(&mut self, target: &str, body: Bytes) -> Result<Bytes, CallError> {
        let version = if target.starts_with("AmazonSQS.") { "1.0" } else { "1.1" };
        let request = self
            .request(Request::post("/"))
            .header(CONTENT_TYPE, format!("application/x-amz-json-{version}"))
            .header("x-amz-target", target)
            .body(Full::new(body));
        let answer = self.answer(target, request).await?;
        self.whole(answer).await
    }

    /// Puts an object.
    pub(crate) async fn put(&mut self, path: &str, body: Bytes) -> Result<(), CallError> {
        let request = self.object(Request::put(path)).body(Full::new(body));
        let answer = self.answer(path, request).await?;
        self.whole(answer).await.map(drop)
    }

    /// Gets something short.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Bytes, CallError> {
        let request = self.object(Request::get(path)).body(Full::default());
        let answer = self.answer(path, request).await?;
        self.whole(answer).await
    }

    /// Gets something that may be long, and keeps only its length.
    pub(crate) async fn length(&mut self, path: &str) -> Result<usize, CallError> {
        let request = self.object(Request::get(path)).body(Full::default());
        let mut body = self.answer(path, request).await?.into_body();
        let mut length = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| CallError::Http(self.address, error))?;
            length += frame.data_ref().map_or(0, Bytes::len);
        }
        Ok(length)
    }

    /// Reads what an operation answered.
    pub(crate) fn read<'a, T: Deserialize<'a>>(
        operation: &'static str,
        body: &'a Bytes,
    ) -> Result<T, CallError> {
        serde_json::from_slice(body).map_err(|error| CallError::NotJson { operation, error })
    }

    fn request(&self, request: Builder) -> Builder {
        request.header(HOST, &self.host).header(AUTHORIZATION, &self.authorization)
    }

    fn object(&self, request: Builder) -> Builder {
        self.request(request).header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    }

    /// The head of an answer that is a 200.
    async fn answer(
        &mut self,
        what: &str,
        request: Result<Request<Full<Bytes>>, hyper::http::Error>,
    ) -> Result<Response<Incoming>, CallError> {
        let request = request.map_err(|error| CallError::Request { what: what.to_owned(), error })?;
        let address = self.address;
        let sent = self.sender().await?.send_request(request).await;
        let answer = sent.map_err(|error| CallError::Http(address, error))?;
        let status = answer.status();
        if status == StatusCode::OK {
            return Ok(answer);
        }
        let body = String::from_utf8_lossy(&self.whole(answer).await?).into_owned();
        Err(CallError::Refused { what: what.to_owned(), status, body })
    }

    async fn whole(&self, answer: Response<Incoming>) -> Result<Bytes, CallError> {
        let body = answer.into_body().collect().await;
        Ok(body.map_err(|error| CallError::Http(self.address, error))?.to_bytes())
    }

    /// The open connection, or a new one where the server has closed it.
    async fn sender(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, CallError> {
        let open = match self.sender.take() {
            Some(mut sender) => sender.ready().await.is_ok().then_some(sender),
            None => None,
        };
        let sender = match open {
            Some(sender) => sender,
            None => self.connect().await?,
        };
        Ok(self.sender.insert(sender))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, CallError> {
        let stream = TcpStream::connect(self.address)
            .await
            .map_err(|error| CallError::Connect(self.address, error))?;
        stream.set_nodelay(true).map_err(|error| CallError::Connect(self.address, error))?;
        let (sender, driver) =
            handshake(TokioIo::new(stream)).await.map_err(|error| CallError::Http(self.address, error))?;
        tokio::task::spawn_local(driver);
        Ok(sender)
    }
}
