//! What stays the same for all requests of one client connection.

use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use http::HeaderValue;

use crate::table::ListenerId;
use crate::watch::Watch;
use crate::worker::Worker;

/// One client connection.
pub(crate) struct Client {
    pub(crate) worker: Rc<Worker>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) listener: ListenerId,
    /// Its address, for `x-forwarded-for`.
    pub(crate) peer: HeaderValue,
    /// The listener's port, for `x-forwarded-port`.
    pub(crate) port: HeaderValue,
    /// The listener's address, for a request that names no host.
    pub(crate) host: HeaderValue,
}

impl Client {
    pub(crate) fn new(
        worker: Rc<Worker>,
        watch: Arc<Watch>,
        listener: ListenerId,
        peer: SocketAddr,
        local: SocketAddr,
    ) -> Self {
        Self {
            worker,
            watch,
            listener,
            peer: text(peer.ip().to_canonical().to_string()),
            port: HeaderValue::from(local.port()),
            host: text(local.to_string()),
        }
    }
}

fn text(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}
