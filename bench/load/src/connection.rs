//! One keep-alive connection that speaks AWS JSON 1.0; opened again when the server closes it.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use thiserror::Error;
use tokio::net::TcpStream;

/// No server under test checks the signature; its scope is what names the service.
const UNSIGNED: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, \
                        Signature=0000000000000000000000000000000000000000000000000000000000000000";

/// A client of one server, with at most one request under way.
pub(crate) struct Connection {
    address: SocketAddr,
    host: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// A call that has no answer worth counting.
#[derive(Debug, Error)]
pub(crate) enum CallError {
    #[error("could not connect to {0}: {1}")]
    Connect(SocketAddr, std::io::Error),
    #[error("HTTP with {0} broke: {1}")]
    Http(SocketAddr, hyper::Error),
    #[error("{operation} could not be written: {error}")]
    Request { operation: &'static str, error: hyper::http::Error },
    #[error("{operation} was answered with {status}: {body}")]
    Refused { operation: &'static str, status: StatusCode, body: String },
    #[error("{operation} was answered with something that is not JSON: {error}")]
    NotJson { operation: &'static str, error: serde_json::Error },
}

impl Connection {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, host: address.to_string(), sender: None }
    }

    /// One call with a JSON body, and the body of its answer.
    pub(crate) async fn call(&mut self, operation: &'static str, body: Bytes) -> Result<Bytes, CallError> {
        let request =
            self.request(operation, body).map_err(|error| CallError::Request { operation, error })?;
        let address = self.address;
        let response = self
            .sender()
            .await?
            .send_request(request)
            .await
            .map_err(|error| CallError::Http(address, error))?;
        let status = response.status();
        let body =
            response.into_body().collect().await.map_err(|error| CallError::Http(address, error))?.to_bytes();
        if status != StatusCode::OK {
            return Err(CallError::Refused {
                operation,
                status,
                body: String::from_utf8_lossy(&body).into_owned(),
            });
        }
        Ok(body)
    }

    /// Reads what an operation answered.
    pub(crate) fn read<'a, T: Deserialize<'a>>(
        operation: &'static str,
        body: &'a Bytes,
    ) -> Result<T, CallError> {
        serde_json::from_slice(body).map_err(|error| CallError::NotJson { operation, error })
    }

    fn request(&self, operation: &str, body: Bytes) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        Request::post("/")
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, "application/x-amz-json-1.0")
            .header("x-amz-target", format!("AmazonSQS.{operation}"))
            .header(AUTHORIZATION, UNSIGNED)
            .body(Full::new(body))
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
