//! `GET /healthz` and `POST /ingest`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kit::ApiError;
use kit::answer::json;
use kit::docs::{self, Refused, UnprocessableV1};
use kit::validation::JsonBody;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::{OpenApi, ToSchema};

use super::payload::{self, Data, Payload};
use super::publish::Publisher;
use super::ssm::Parameter;
use super::token::{Keeper, LookupError, Verdict};
use crate::message::{self, Email};
use crate::timestamp::Timestamp;

/// What a request needs.
pub(crate) struct Api {
    /// Knows the token.
    pub(crate) token: Keeper<Parameter>,
    /// Puts messages on the queue.
    pub(crate) publisher: Publisher,
}

/// How the service is.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Health {
    #[schema(pattern = "^ok$")]
    status: &'static str,
}

/// A message that is on the queue.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Accepted {
    #[schema(pattern = "^accepted$")]
    status: &'static str,
    #[schema(min_length = 1)]
    message_id: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678901+00:00")]
    received_at: String,
}

/// The routes of the contract.
pub(crate) fn routes(api: Api) -> Router {
    Router::new().route("/healthz", get(health)).route("/ingest", post(ingest)).with_state(Arc::new(api))
}

/// What stands at `/openapi.json`.
pub(crate) fn openapi() -> String {
    docs::written(Description::openapi())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ingest",
        description = "Takes e-mails and puts them on a queue, from which a worker writes them to a bucket."
    ),
    paths(health, kit::metrics::show, ingest)
)]
struct Description;

/// Whether the service answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "It does", body = Health)))]
async fn health() -> Response {
    json(StatusCode::OK, &Health { status: "ok" })
}

/// Accepts one e-mail.
///
/// The checks come in this order: body (422), token present (401), token right (403), timestamp (400), queue (500). A 200
/// means that the queue has the message.
#[utoipa::path(
    post,
    path = "/ingest",
    request_body = Payload,
    responses(
        (status = 200, description = "The queue has the message", body = Accepted),
        (status = 400, description = "`email_timestream` is not a unix timestamp, or the body is not text", body = Refused),
        (status = 401, description = "The token is absent or empty", body = Refused),
        (status = 403, description = "The token is wrong", body = Refused),
        (status = 413, description = "The body is larger than 1 MiB", body = Refused),
        (status = 422, description = "Fields are missing or of the wrong type, or the body is not JSON", body = UnprocessableV1),
        (status = 500, description = "The token could not be looked up, or the message could not be queued", body = Refused),
    )
)]
async fn ingest(State(api): State<Arc<Api>>, body: JsonBody) -> Result<Response, ApiError> {
    let payload = payload::read(&body)?;
    check_token(&api.token, &payload).await?;
    let email = dated(payload.data)?;
    let received_at = message::received_at(OffsetDateTime::now_utc());
    let queued = api.publisher.publish(message::compose(&email, &received_at)).await;
    let message_id = queued.map_err(|_| failed("Failed to publish message"))?;
    Ok(json(StatusCode::OK, &Accepted { status: "accepted", message_id, received_at }))
}

async fn check_token(keeper: &Keeper<Parameter>, payload: &Payload) -> Result<(), ApiError> {
    let unauthorized = || ApiError::new(StatusCode::UNAUTHORIZED, "Token is required");
    let token = payload.token.as_ref().filter(|token| !token.is("")).ok_or_else(unauthorized)?;
    // A token with a lone surrogate can't equal a parameter's value: that is UTF-8.
    let token = token.to_unicode().unwrap_or_else(|| "\u{fffd}".to_owned());
    match keeper.check(&token).await {
        Ok(Verdict::Right) => Ok(()),
        Ok(Verdict::Wrong) => Err(ApiError::new(StatusCode::FORBIDDEN, "Invalid token")),
        Err(LookupError::NotFound) => Err(failed("Token parameter not found")),
        Err(LookupError::Unreachable) => Err(failed("Failed to retrieve token")),
    }
}

fn dated(Data { subject, sender, timestream, content }: Data) -> Result<Email, ApiError> {
    let not_one = || ApiError::new(StatusCode::BAD_REQUEST, "email_timestream must be a unix timestamp");
    let timestamp = Timestamp::of(&timestream).ok_or_else(not_one)?;
    Ok(Email { subject, sender, timestamp, content })
}

fn failed(detail: &str) -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
}
