//! The second stage: whether a well-formed request may come in.
//!
//! Web application firewall and origin gate stand here: after HTTP's own rules, before routing, on a request whose
//! head is known and whose body has not been read. TLS stands before all stages, in `connection.rs`, where a socket
//! becomes a stream of requests.

use http::Request;
use http_body::Body;

use crate::config::Limits;
use crate::fault::Fault;

/// Refuses what the listener's limits rule out before anything is forwarded.
///
/// # Errors
/// The body's length is known and over the limit.
pub(crate) fn admit<B: Body>(request: &Request<B>, limits: &Limits) -> Result<(), Fault> {
    if request.body().size_hint().lower() > limits.body_bytes { Err(Fault::BodyTooLarge) } else { Ok(()) }
}
