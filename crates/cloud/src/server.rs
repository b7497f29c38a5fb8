//! HTTP: connections in, answers out. Everything about the wire that is the same for all services.

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::linger::Linger;
use crate::answer::Body;
use crate::auth::Keyring;
use crate::metrics::Metrics;
use crate::own::Own;
use crate::s3::S3;
use crate::sqs::Sqs;
use crate::vault::Vault;

mod collect;
mod handle;
mod linger;

pub(crate) use self::collect::{BODY_LIMIT, BODY_TIMEOUT, ROOM};
pub(crate) use self::handle::json;

/// Connections open at the same time; further ones wait in the listener's backlog.
pub(crate) const CONNECTIONS: usize = 1024;

/// A request's head has to arrive within this.
pub(crate) const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of a connection that are buffered at most: what a head may be long.
pub(crate) const READ_BUFFER: usize = 128 * 1024;

/// Requests under way get this long after the shutdown before they are cut.
const GRACE: Duration = Duration::from_secs(5);

/// The pause after the system refused a connection, usually for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The services behind the one port.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    pub(crate) sqs: Sqs,
    pub(crate) vault: Vault,
    pub(crate) s3: S3,
    pub(crate) keyring: Keyring,
    pub(crate) own: Own,
    pub(crate) metrics: Metrics,
}

/// The services, and what their requests share.
#[derive(Debug)]
struct Shared {
    services: Services,
    /// Whose signatures are right.
    keyring: Keyring,
    /// Room for long bodies.
    room: Arc<Semaphore>,
    linger: Linger,
}

/// Accepts and serves until `shutdown`, then lets requests under way finish within [`GRACE`].
pub(crate) async fn serve(services: Services, listener: TcpListener, shutdown: CancellationToken) {
    let (room, linger) = (collect::room(), Linger::new());
    let shared = Arc::new(Shared { keyring: services.keyring.clone(), services, room, linger });
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    let (awake, until) = (Arc::clone(&shared), shutdown.clone());
    connections.spawn(async move { awake.linger.run(&until).await });
    while let Some((stream, slot)) = accept(&listener, &slots, &shutdown).await {
        let connection = connection(Arc::clone(&shared), stream, shutdown.clone());
        let cut = cut.clone();
        connections.spawn(async move {
            let _slot = slot;
            cut.run_until_cancelled(connection).await;
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
        cut.cancel();
        connections.wait().await;
    }
}

/// The next connection and its place among [`CONNECTIONS`]; nothing once `shutdown` came.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
    shutdown: &CancellationToken,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let slot = shutdown.run_until_cancelled(Arc::clone(slots).acquire_owned()).await?.ok()?;
    loop {
        match shutdown.run_until_cancelled(listener.accept()).await? {
            Ok((stream, _)) => return Some((stream, slot)),
            Err(error) => {
                tracing::debug!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(shared: Arc<Shared>, stream: TcpStream, shutdown: CancellationToken) {
    stream.set_nodelay(true).ok();
    let _open = shared.services.metrics.connected();
    let peer = stream.peer_addr().ok();
    let token = shutdown.clone();
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        let shutdown = token.clone();
        async move {
            Ok::<Response<Body>, std::convert::Infallible>(
                handle::handle(&shared, request, peer, shutdown).await,
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(READ_BUFFER)
        .serve_connection(TokioIo::new(stream), service);
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
