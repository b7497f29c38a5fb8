//! Connections in, answers out: HTTP, and MongoDB's protocol on the same port. Everything about the wire that is the
//! same for all services.

use std::convert::Infallible;
use std::sync::Arc;

use http::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::accept::{Place, Places, Reception};
use self::first::Protocol;
use self::linger::Linger;
use self::stall::Impatient;
use crate::answer::Body;
use crate::auth::Keyring;
use crate::metrics::Metrics;
use crate::mongo::Mongo;
use crate::own::Own;
use crate::s3::S3;
use crate::sqs::Sqs;
use crate::vault::Vault;

mod accept;
mod collect;
mod first;
mod handle;
mod limits;
mod linger;
mod stall;

pub(crate) use self::collect::{BODY_LIMIT, BODY_TIMEOUT, ROOM};
pub(crate) use self::handle::json;
pub(crate) use self::limits::Limits;

/// The services behind the one port.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    pub(crate) sqs: Sqs,
    pub(crate) vault: Vault,
    pub(crate) s3: S3,
    pub(crate) keyring: Keyring,
    pub(crate) mongo: Mongo,
    pub(crate) own: Own,
    pub(crate) metrics: Metrics,
}

/// The services, and what their requests share.
#[derive(Debug)]
struct Shared {
    services: Services,
    /// Whose signatures are right.
    keyring: Keyring,
    limits: Limits,
    /// Room for long bodies.
    room: Arc<Semaphore>,
    linger: Linger,
}

/// Accepts and serves until `shutdown`, then lets requests under way finish for a while.
pub(crate) async fn serve(services: Services, listener: TcpListener, shutdown: CancellationToken) {
    serve_within(Limits::default(), services, listener, shutdown).await;
}

async fn serve_within(
    limits: Limits,
    services: Services,
    listener: TcpListener,
    shutdown: CancellationToken,
) {
    let (room, linger) = (collect::room(), Linger::new());
    let shared = Arc::new(Shared { keyring: services.keyring.clone(), services, limits, room, linger });
    let places = Places::new(&limits);
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    let (awake, until) = (Arc::clone(&shared), shutdown.clone());
    connections.spawn(async move { awake.linger.run(&until).await });
    while let Some((stream, place)) = places.accept(&listener, &shutdown).await {
        let connection = connection(Arc::clone(&shared), stream, place, shutdown.clone());
        let cut = cut.clone();
        connections.spawn(async move {
            cut.run_until_cancelled(connection).await;
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.grace, connections.wait()).await.is_err() {
        cut.cancel();
        connections.wait().await;
    }
}

async fn connection(shared: Arc<Shared>, stream: TcpStream, place: Place, shutdown: CancellationToken) {
    stream.set_nodelay(true).ok();
    let _open = shared.services.metrics.connected();
    let spoken = shutdown.run_until_cancelled(first::protocol(&stream, shared.limits.head)).await;
    match (spoken.flatten(), place.reception) {
        (Some(Protocol::Http), reception) => http(shared, stream, reception, shutdown).await,
        (Some(Protocol::Documents), Reception::Served) => {
            let Services { mongo, metrics, .. } = &shared.services;
            mongo.serve(stream, metrics, shutdown).await;
        }
        // MongoDB's protocol has no words for it: a server with too many connections closes them.
        (Some(Protocol::Documents), Reception::Refused) | (None, _) => {}
    }
}

async fn http(shared: Arc<Shared>, stream: TcpStream, reception: Reception, shutdown: CancellationToken) {
    let peer = stream.peer_addr().ok();
    let limits = shared.limits;
    let token = shutdown.clone();
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        let shutdown = token.clone();
        async move {
            Ok::<Response<Body>, Infallible>(match reception {
                Reception::Refused => handle::refuse_connection(limits.connections),
                Reception::Served => handle::handle(&shared, request, peer, shutdown).await,
            })
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.buffer)
        .serve_connection(TokioIo::new(Impatient::new(stream, limits.stall)), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests;
