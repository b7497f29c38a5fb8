//! Asking a running cloud: its own endpoints, and AWS's JSON protocols.

use std::io::ErrorKind;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::Place;
use super::sign::{Key, Signed};
use crate::report::Failure;

/// How long a connection may take to be made, and an answer to come.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(60);

/// The longest answer that is read, in bytes: a thousand messages of 1 MiB are not meant for a terminal.
const LONGEST: usize = 64 * 1024 * 1024;

/// A cloud to ask. Each question has a connection of its own.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) place: Place,
    authority: String,
    key: Option<Key>,
}

/// Why there is no answer to use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Nobody listens there.
    #[error("no cloud answers at {url} ({reason}); {advice}")]
    Nobody {
        /// The cloud's URL.
        url: String,
        /// What the system said.
        reason: String,
        /// What to do.
        advice: String,
    },
    /// The conversation broke off.
    #[error("the cloud at {url} did not answer: {reason}")]
    Broken {
        /// The cloud's URL.
        url: String,
        /// What happened.
        reason: String,
    },
    /// Somebody else listens there.
    #[error(
        "what listens at {url} is not Taxiway's cloud (it answered {status} to {asked}); name another with --endpoint"
    )]
    Stranger {
        /// Its URL.
        url: String,
        /// The answer's status.
        status: StatusCode,
        /// What was asked for.
        asked: String,
    },
    /// The cloud refused, and says why.
    #[error("{message}")]
    Refused {
        /// The error's name, without its namespace; empty where Taxiway itself refused.
        code: String,
        /// The cloud's sentence.
        message: String,
    },
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::from_error(trouble)
    }
}

impl Trouble {
    /// Whether the cloud refused with this error.
    pub(crate) fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == wanted)
    }
}

impl Client {
    pub(super) fn new(place: Place, key: Option<Key>) -> Self {
        let rest = place.url.strip_prefix("http://").unwrap_or(&place.url);
        // A host alone means the scheme's own port.
        let has_port = rest.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority = if has_port { rest.to_owned() } else { format!("{rest}:80") };
        Self { place, authority, key }
    }

    /// One of Taxiway's own endpoints.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Trouble> {
        let request = Request::get(path).body(Full::default());
        let response = self.send(request, Method::GET.as_str()).await?;
        let status = response.status();
        let stranger = || self.stranger(status, path);
        let answer = self.read(response).await?.ok_or_else(stranger)?;
        match answer.get("error").and_then(Value::as_str) {
            Some(sentence) => Err(Trouble::Refused { code: String::new(), message: sentence.to_owned() }),
            None if status.is_success() => Ok(answer),
            None => Err(stranger()),
        }
    }

    /// An operation of one of AWS's JSON protocols: `AmazonSQS.SendMessage`.
    pub(crate) async fn ask(&self, target: &str, input: &Value) -> Result<Value, Trouble> {
        let body = input.to_string();
        let mut request = Request::post("/")
            .header("x-amz-target", target)
            .header(header::CONTENT_TYPE, "application/x-amz-json-1.0");
        if let Some(key) = &self.key {
            let (service, host) = (service(target), self.authority.as_str());
            let signed = key.sign(Signed { service, host, target: Some(target), body: body.as_bytes() });
            request =
                request.header("x-amz-date", signed.date).header(header::AUTHORIZATION, signed.authorization);
        }
        let response = self.send(request.body(Full::from(body)), target).await?;
        let status = response.status();
        let stranger = || self.stranger(status, target);
        let answer = self.read(response).await?.ok_or_else(stranger)?;
        if status.is_success() {
            return Ok(answer);
        }
        let code = answer.get("__type").and_then(Value::as_str).ok_or_else(stranger)?;
        let code = code.rsplit('#').next().unwrap_or(code).to_owned();
        let said = ["message", "Message"].iter().find_map(|name| answer.get(*name)?.as_str());
        Err(Trouble::Refused { message: said.map_or_else(|| code.clone(), str::to_owned), code })
    }

    async fn send(
        &self,
        request: http::Result<Request<Full<Bytes>>>,
        asked: &str,
    ) -> Result<Response<Incoming>, Trouble> {
        let mut request = request.map_err(|error| self.broken(&format!("{asked}: {error}")))?;
        let host = header::HeaderValue::from_str(&self.authority).map_err(|error| self.broken(&error))?;
        request.headers_mut().insert(header::HOST, host);
        let connecting = tokio::time::timeout(CONNECT, TcpStream::connect(&self.authority));
        let stream = match connecting.await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
                return Err(self.nobody(&"the connection is refused"));
            }
            Ok(Err(error)) => return Err(self.nobody(&error)),
            Err(_) => return Err(self.nobody(&"nothing came back")),
        };
        let exchange = async {
            let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
                .await
                .map_err(|error| self.broken(&error))?;
            tokio::spawn(connection);
            sender.send_request(request).await.map_err(|error| self.broken(&error))
        };
        tokio::time::timeout(ANSWER, exchange)
            .await
            .unwrap_or_else(|_| Err(self.broken(&format!("nothing came back for {} s", ANSWER.as_secs()))))
    }

    /// The answer as JSON; nothing where it is none. An empty one is an empty object, as of operations that say nothing.
    async fn read(&self, response: Response<Incoming>) -> Result<Option<Value>, Trouble> {
        let body = Limited::new(response.into_body(), LONGEST).collect();
        let body = tokio::time::timeout(ANSWER, body).await;
        let body = body.map_err(|_| self.broken(&"its answer did not end"))?;
        let bytes = body.map_err(|error| self.broken(&error))?.to_bytes();
        if bytes.is_empty() {
            return Ok(Some(Value::Object(serde_json::Map::new())));
        }
        Ok(serde_json::from_slice(&bytes).ok())
    }

    fn nobody(&self, reason: &dyn std::fmt::Display) -> Trouble {
        let (url, advice) = (self.place.url.clone(), self.place.advice());
        Trouble::Nobody { url, reason: reason.to_string(), advice }
    }

    fn broken(&self, reason: &dyn std::fmt::Display) -> Trouble {
        Trouble::Broken { url: self.place.url.clone(), reason: reason.to_string() }
    }

    fn stranger(&self, status: StatusCode, asked: &str) -> Trouble {
        Trouble::Stranger { url: self.place.url.clone(), status, asked: asked.to_owned() }
    }
}

/// The name a service has in signatures.
fn service(target: &str) -> &str {
    match target.split_once('.').map_or(target, |(service, _)| service) {
        "AmazonSQS" => "sqs",
        "AmazonSSM" => "ssm",
        other => other,
    }
}
