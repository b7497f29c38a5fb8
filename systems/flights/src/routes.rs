//! The routes of the contract.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{any, get};
use kit::answer::json;
use kit::path::PathText;
use kit::validation::{JsonBody, Pydantic, Query};
use kit::{ApiError, docs, redirect};
use utoipa::OpenApi;

use crate::flight::{self, Draft, Flight};
use crate::store::{Page, Store, Unavailable};

/// The most flights that one page has.
const LONGEST_PAGE: i64 = 1000;

/// Flights on a page of which nothing was said.
const PAGE: i64 = 100;

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/", get(alive))
        .route("/flights", get(list).post(create))
        .route("/flights/", any(|query: RawQuery| redirect::to("/flights", query)))
        .route("/flights/{id}", get(read).put(replace).delete(remove))
        .with_state(store)
}

/// What stands at `/openapi.json`.
pub(crate) fn openapi() -> String {
    docs::written(Description::openapi())
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Flights API", description = "Flights in a document store."),
    paths(alive, list, create, read, replace, remove, kit::metrics::show),
    components(schemas(docs::Unprocessable, docs::Refused))
)]
struct Description;

/// Says that the service runs. It does not ask the store.
#[utoipa::path(get, path = "/", responses((status = 204, description = "It runs")))]
async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// A page of flights, in the order in which they were made.
#[utoipa::path(
    get,
    path = "/flights",
    params(
        ("skip" = Option<i64>, Query, description = "How many to leave out", minimum = 0),
        ("limit" = Option<i64>, Query, description = "How many at most; 0 for the most there can be", minimum = 0, maximum = 1000),
        ("after" = Option<String>, Query, description = "Only those behind this one: the quick way through a long list", pattern = "^[0-9a-fA-F]{24}$"),
    ),
    responses(
        (status = 200, description = "The page", body = Vec<Flight>),
        (status = 422, description = "A parameter is wrong", body = docs::Unprocessable),
        (status = 503, description = "The store is away", body = docs::Refused),
    )
)]
async fn list(State(store): State<Store>, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    let flights = store.list(page(&Query::of(query.as_deref()))?).await.map_err(away)?;
    Ok(json(StatusCode::OK, &flights))
}

fn page(query: &Query) -> Result<Page, ApiError> {
    let mut problems = Vec::new();
    let skip = query.integer("skip", 0, 0..=i64::MAX, &mut problems);
    let limit = query.integer("limit", PAGE, 0..=LONGEST_PAGE, &mut problems);
    let after = match query.find("after").map(|written| flight::identifier(&["query", "after"], written)) {
        Some(Ok(id)) => Some(id),
        Some(Err(problem)) => {
            problems.push(problem);
            None
        }
        None => None,
    };
    if !problems.is_empty() {
        return Err(Pydantic::V2.refuse(&problems));
    }
    let limit = if limit == 0 { LONGEST_PAGE } else { limit };
    Ok(Page { skip: skip.unsigned_abs(), limit, after })
}

/// Makes a flight.
#[utoipa::path(
    post,
    path = "/flights",
    request_body = Draft,
    responses(
        (status = 200, description = "The flight as it is kept", body = Flight),
        (status = 400, description = "The body is no text", body = docs::Refused),
        (status = 413, description = "The body is too large", body = docs::Refused),
        (status = 422, description = "The body is no flight", body = docs::Unprocessable),
        (status = 503, description = "The store is away", body = docs::Refused),
    )
)]
async fn create(State(store): State<Store>, body: JsonBody) -> Result<Response, ApiError> {
    let draft = Draft::read(&body, Vec::new())?;
    Ok(json(StatusCode::OK, &store.add(draft).await.map_err(away)?))
}

/// One flight.
#[utoipa::path(
    get,
    path = "/flights/{id}",
    params(("id" = String, Path, description = "Its identifier", pattern = "^[0-9a-fA-F]{24}$")),
    responses(
        (status = 200, description = "The flight", body = Flight),
        (status = 404, description = "There is none", body = docs::Refused),
        (status = 422, description = "The identifier is none", body = docs::Unprocessable),
        (status = 503, description = "The store is away", body = docs::Refused),
    )
)]
async fn read(State(store): State<Store>, PathText(id): PathText) -> Result<Response, ApiError> {
    let found = store.get(identifier(&id)?).await.map_err(away)?;
    Ok(json(StatusCode::OK, &found.ok_or_else(unknown)?))
}

/// Changes a flight.
#[utoipa::path(
    put,
    path = "/flights/{id}",
    params(("id" = String, Path, description = "Its identifier", pattern = "^[0-9a-fA-F]{24}$")),
    request_body = Draft,
    responses(
        (status = 200, description = "The flight as it is kept now", body = Flight),
        (status = 400, description = "The body is no text", body = docs::Refused),
        (status = 404, description = "There is none", body = docs::Refused),
        (status = 413, description = "The body is too large", body = docs::Refused),
        (status = 422, description = "The identifier or the body is wrong", body = docs::Unprocessable),
        (status = 503, description = "The store is away", body = docs::Refused),
    )
)]
async fn replace(
    State(store): State<Store>,
    PathText(id): PathText,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let id = flight::identifier(&["path", "id"], &id);
    let draft = Draft::read(&body, id.as_ref().err().cloned().into_iter().collect())?;
    let id = id.map_err(|problem| Pydantic::V2.refuse(&[problem]))?;
    let changed = store.change(id, draft).await.map_err(away)?;
    Ok(json(StatusCode::OK, &changed.ok_or_else(unknown)?))
}

/// Removes a flight.
#[utoipa::path(
    delete,
    path = "/flights/{id}",
    params(("id" = String, Path, description = "Its identifier", pattern = "^[0-9a-fA-F]{24}$")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "There is none", body = docs::Refused),
        (status = 422, description = "The identifier is none", body = docs::Unprocessable),
        (status = 503, description = "The store is away", body = docs::Refused),
    )
)]
async fn remove(State(store): State<Store>, PathText(id): PathText) -> Result<StatusCode, ApiError> {
    match store.remove(identifier(&id)?).await.map_err(away)? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(unknown()),
    }
}

fn identifier(written: &str) -> Result<mongodb::bson::oid::ObjectId, ApiError> {
    flight::identifier(&["path", "id"], written).map_err(|problem| Pydantic::V2.refuse(&[problem]))
}

fn unknown() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "Flight not found")
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` wants")]
fn away(error: Unavailable) -> ApiError {
    tracing::error!(%error, "a request could not be answered");
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "Database unavailable")
}
