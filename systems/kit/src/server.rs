//! Accepts connections until told to stop, then lets what is in flight finish.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::Environment;

/// Longest wait for a request's head, also for the next one on a kept connection. It is longer than a balancer's
/// idle timeout (an ALB's is 60 s by default), so that the balancer always closes first and never writes into a
/// connection that is just being closed here.
const HEAD_LIMIT: Duration = Duration::from_secs(75);

/// Connections held at once; more wait in the system's accept queue.
const MAX_CONNECTIONS: usize = 8192;

/// Wait after an `accept` that failed, as it does when file descriptors run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where to listen and how long leaving may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Address and port; port 0 takes a free one, which the log names.
    pub address: SocketAddr,
    /// How long one request may take.
    pub request_limit: Duration,
    /// How long requests in flight may take after the order to stop.
    pub drain_limit: Duration,
}

/// The server can't start.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The address is taken, foreign or forbidden.
    #[error("can't listen on {address}: {source}; set PORT or HOST to a free address of this machine")]
    Listen {
        /// The address of `HOST` and `PORT`.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Settings {
    /// Reads `HOST` (0.0.0.0), `PORT` (8000), `REQUEST_TIMEOUT_SECONDS` (30) and `DRAIN_SECONDS` (25; ECS kills at 30).
    pub fn read(environment: &mut Environment) -> Self {
        let host = environment.parsed("HOST", IpAddr::V4(Ipv4Addr::UNSPECIFIED), "an IP address");
        let port = environment.number("PORT", 8000, 0..=u16::MAX);
        let request_limit = environment.number("REQUEST_TIMEOUT_SECONDS", 30, 1..=3600);
        let drain_limit = environment.number("DRAIN_SECONDS", 25, 0..=3600);
        Self {
            address: SocketAddr::new(host, port),
            request_limit: Duration::from_secs(request_limit),
            drain_limit: Duration::from_secs(drain_limit),
        }
    }
}

/// Serves `app` over HTTP/1.1 until `stop`, then until the last request in flight is answered or the drain limit.
///
/// # Errors
/// When the address can't be listened on.
pub async fn serve(settings: &Settings, app: Router, stop: CancellationToken) -> Result<(), ServeError> {
    Server::listen(settings).await?.serve(app, stop).await;
    Ok(())
}

/// A server that listens and does not answer yet: its address is known before it serves.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    drain_limit: Duration,
}

impl Server {
    /// Listens at the address of `settings`.
    ///
    /// # Errors
    /// When the address can't be listened on.
    pub async fn listen(settings: &Settings) -> Result<Self, ServeError> {
        let address = settings.address;
        let failed = |source| ServeError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address, drain_limit: settings.drain_limit })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves `app` as [`serve`] does.
    pub async fn serve(self, app: Router, stop: CancellationToken) {
        tracing::info!(address = %self.address, "listening");
        let connections = GracefulShutdown::new();
        accept_until(&stop, &self.listener, &app, &connections).await;
        drop(self.listener);
        if tokio::time::timeout(self.drain_limit, connections.shutdown()).await.is_err() {
            tracing::warn!("requests still in flight at the drain limit are cut off");
        }
    }
}

async fn accept_until(
    stop: &CancellationToken,
    listener: &TcpListener,
    app: &Router,
    all: &GracefulShutdown,
) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let next = async || {
        let place = Arc::clone(&places).acquire_owned().await.ok();
        (listener.accept().await, place)
    };
    loop {
        let (accepted, place) = tokio::select! {
            () = stop.cancelled() => return,
            next = next() => next,
        };
        match accepted {
            Ok((stream, _)) => hold(stream, place, app.clone(), all),
            Err(error) => {
                tracing::warn!(%error, "a connection can't be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn hold(stream: TcpStream, place: Option<OwnedSemaphorePermit>, app: Router, all: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let mut http = http1::Builder::new();
    // Answers are small: copied behind their heads they are sent in less time than as pieces.
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT).writev(false);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    let connection = all.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke");
        }
        drop(place);
    });
}
