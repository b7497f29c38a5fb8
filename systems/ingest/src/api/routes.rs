//! `GET /healthz` and `POST /ingest`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kit::ApiError;
use kit::validation::JsonBody;
use serde::Serialize;
use time::OffsetDateTime;

use super::payload::{self, Payload};
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

#[derive(Serialize)]
struct Accepted<'a> {
    status: &'static str,
    message_id: &'a str,
    received_at: &'a str,
}

/// The routes of the contract.
pub(crate) fn routes(api: Api) -> Router {
    let json = [(header::CONTENT_TYPE, "application/json")];
    Router::new()
        .route("/healthz", get(move || async move { (json, r#"{"status":"ok"}"#) }))
        .route("/ingest", post(ingest))
        .with_state(Arc::new(api))
}

/// The order of the checks is part of the contract: body, token present, token right, timestamp, queue.
async fn ingest(State(api): State<Arc<Api>>, body: JsonBody) -> Result<Response, ApiError> {
    let payload = payload::read(&body)?;
    check_token(&api.token, &payload).await?;
    let email = dated(payload)?;
    let received_at = message::received_at(OffsetDateTime::now_utc());
    let queued = api.publisher.publish(message::compose(&email, &received_at)).await;
    let message_id = queued.map_err(|_| failed("Failed to publish message"))?;
    Ok(accepted(&message_id, &received_at))
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

fn dated(payload: Payload) -> Result<Email, ApiError> {
    let not_one = || ApiError::new(StatusCode::BAD_REQUEST, "email_timestream must be a unix timestamp");
    let timestamp = Timestamp::of(&payload.timestream).ok_or_else(not_one)?;
    Ok(Email { subject: payload.subject, sender: payload.sender, timestamp, content: payload.content })
}

fn failed(detail: &str) -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
}

fn accepted(message_id: &str, received_at: &str) -> Response {
    match serde_json::to_vec(&Accepted { status: "accepted", message_id, received_at }) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(_) => ApiError::internal().into_response(),
    }
}
