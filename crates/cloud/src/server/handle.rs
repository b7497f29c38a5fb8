//! One request: find its service, read its body where the service wants it whole, answer, count.

use std::net::SocketAddr;
use std::time::Instant;

use http::header::{CONNECTION, HOST, HeaderValue, RETRY_AFTER};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio_util::sync::CancellationToken;

use super::collect::{BODY_LIMIT, Collected, Unread, collect};
use super::{Services, Shared};
use crate::answer::{self, Body};
use crate::auth::{self, Denied, Payload};
use crate::call::Call;
use crate::clock::now_ms;
use crate::coverage;
use crate::dispatch::{self, Destination, Service};
use crate::metrics::{Asked, Outcome};

/// Why a request never reaches its service.
enum Refused {
    Unread(Unread),
    Denied(Denied),
}

impl Refused {
    /// The answer; a service says in its own way that a request is denied.
    fn answer(&self, denied: fn(&Denied) -> Response<Body>) -> Response<Body> {
        match self {
            Self::Unread(unread) => refuse(*unread),
            Self::Denied(reason) => denied(reason),
        }
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<Incoming>,
    peer: Option<SocketAddr>,
    shutdown: CancellationToken,
) -> Response<Body> {
    let started = Instant::now();
    let _under_way = shared.linger.request();
    let mut response = dispatch(shared, request, peer, shutdown).await;
    answer::stamp(&mut response);
    if let Some(asked) = response.extensions().get::<Asked>() {
        shared.services.metrics.answered(*asked, outcome(response.status()), started.elapsed());
    }
    response
}

fn outcome(status: StatusCode) -> Outcome {
    match status.as_u16() {
        500.. => Outcome::ServerError,
        400.. => Outcome::ClientError,
        _ => Outcome::Success,
    }
}

async fn dispatch(
    shared: &Shared,
    request: Request<Incoming>,
    peer: Option<SocketAddr>,
    shutdown: CancellationToken,
) -> Response<Body> {
    let services = &shared.services;
    let (parts, body) = request.into_parts();
    match dispatch::destination(&parts) {
        Destination::Own(endpoint) => services.own.answer(services, &endpoint, &parts, peer).await,
        Destination::S3 => services.s3.handle(Request::from_parts(parts, body)).await,
        Destination::Unknown(target) => unknown(&target),
        Destination::Json { service, operation } => {
            let asked = asked(service, &operation);
            let answer = match call(shared, &parts, operation, body, shutdown).await {
                Ok(call) => json(services, service, call).await,
                Err(refused) => refused.answer(auth::json),
            };
            with(answer, asked)
        }
        Destination::Query(service) => match form(shared, &parts, body, shutdown).await {
            Ok(call) => query(services, service, call).await,
            Err(refused) => refused.answer(auth::query),
        },
        Destination::UnsignedForm => match form(shared, &parts, body, shutdown).await {
            Ok(call) => unsigned(services, call).await,
            Err(refused) => refused.answer(auth::query),
        },
    }
}

/// One operation of a JSON protocol.
pub(crate) async fn json(services: &Services, service: Service, call: Call) -> Response<Body> {
    match service {
        Service::Sqs => services.sqs.json(call).await,
        Service::Ssm => services.vault.ssm.handle(call).await,
        Service::Secrets => services.vault.secrets.handle(call).await,
        Service::Kms => services.vault.kms.handle(call).await,
        Service::Sts => unknown(&call.operation),
    }
}

async fn query(services: &Services, service: Service, call: Call) -> Response<Body> {
    let asked = asked(service, &call.operation);
    let answer = match service {
        Service::Sqs => services.sqs.query(call).await,
        Service::Sts => services.vault.sts.query(&call),
        Service::Ssm | Service::Secrets | Service::Kms => unknown(&call.operation),
    };
    with(answer, asked)
}

async fn unsigned(services: &Services, call: Call) -> Response<Body> {
    match dispatch::by_action(&call.operation) {
        Destination::Query(service) => query(services, service, call).await,
        _ => unknown(&call.operation),
    }
}

async fn call(
    shared: &Shared,
    parts: &Parts,
    operation: String,
    body: Incoming,
    shutdown: CancellationToken,
) -> Result<Call, Refused> {
    let Collected { bytes: body, room } = collect(body, &shared.room).await.map_err(Refused::Unread)?;
    let checked = shared.keyring.check(parts.into(), Payload::Body(&body), None, now_ms());
    checked.map_err(Refused::Denied)?;
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| parts.uri.authority().map(http::uri::Authority::as_str));
    let host = host.unwrap_or("localhost").to_owned();
    let path = parts.uri.path().to_owned();
    let header = |name: &str| Some(parts.headers.get(name)?.to_str().ok()?.to_owned());
    let region = dispatch::region(parts);
    let (trace, session, accept) =
        (header("x-amzn-trace-id"), header("x-amz-security-token"), header("accept"));
    Ok(Call { operation, body, host, path, trace, accept, region, session, shutdown, _room: room })
}

/// A call whose parameters are in the query string, the form, or both; joined here.
async fn form(
    shared: &Shared,
    parts: &Parts,
    body: Incoming,
    shutdown: CancellationToken,
) -> Result<Call, Refused> {
    let mut call = call(shared, parts, String::new(), body, shutdown).await?;
    if let Some(query) = parts.uri.query().filter(|query| !query.is_empty()) {
        let joined = [query.as_bytes(), call.body.as_ref()].join(&b'&');
        call.body = joined.into();
    }
    call.operation = dispatch::action(&call.body).unwrap_or_default();
    Ok(call)
}

fn asked(service: Service, operation: &str) -> Asked {
    let service = service.id();
    Asked { service, operation: coverage::name(service, operation) }
}

/// Puts what was asked for beside the answer, for whoever counts it.
fn with(mut answer: Response<Body>, asked: Asked) -> Response<Body> {
    answer.extensions_mut().insert(asked);
    answer
}

fn unknown(target: &str) -> Response<Body> {
    let message = format!("The operation {target:?} is not one this cloud knows.");
    let body = serde_json::json!({ "__type": "UnknownOperationException", "message": message });
    answer::answer(StatusCode::BAD_REQUEST, "application/x-amz-json-1.0", body.to_string())
}

/// The answer to a connection too many, which ends with it.
pub(super) fn refuse_connection(most: usize) -> Response<Body> {
    let message = format!(
        "The cloud serves {most} connections at the same time, and there are as many: close some, or send the request \
         again later."
    );
    let body = serde_json::json!({ "__type": "ServiceUnavailable", "message": message });
    let mut response =
        answer::answer(StatusCode::SERVICE_UNAVAILABLE, "application/x-amz-json-1.0", body.to_string());
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// What is left of the body is not read, so the connection ends with the answer.
fn refuse(unread: Unread) -> Response<Body> {
    let (status, message) = match unread {
        Unread::TooLong => {
            (StatusCode::PAYLOAD_TOO_LARGE, format!("The request is longer than {BODY_LIMIT} bytes."))
        }
        Unread::TooSlow => {
            (StatusCode::REQUEST_TIMEOUT, "The request's body did not arrive in time.".to_owned())
        }
        Unread::Broken => {
            (StatusCode::BAD_REQUEST, "The request's body ended early or is malformed.".to_owned())
        }
    };
    let body = serde_json::json!({ "__type": "RequestRefused", "message": message });
    let mut response = answer::answer(status, "application/x-amz-json-1.0", body.to_string());
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
