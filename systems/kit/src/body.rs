//! A request's whole body in memory, bounded.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::ApiError;

/// The largest body a service takes, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// How much of a body that is too large is read and thrown away, in bytes. A client that is still sending when the
/// connection closes loses the answer; one that sends more than this may.
const MAX_DISCARDED: usize = 16 * MAX_BODY;

/// The body of a request of any content type. Over [`MAX_BODY`] the answer is 413.
#[derive(Debug)]
pub struct WholeBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for WholeBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let mut body = request.into_body();
        let mut kept = BytesMut::new();
        let mut received = 0;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| broken())?.into_data() else { continue };
            received += data.len();
            if received <= MAX_BODY {
                kept.extend_from_slice(&data);
            } else if received > MAX_DISCARDED {
                break;
            }
        }
        if received > MAX_BODY { Err(too_large()) } else { Ok(Self(kept.freeze())) }
    }
}

fn broken() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "The request body ended early")
}

fn too_large() -> ApiError {
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body is larger than 1 MiB")
}
