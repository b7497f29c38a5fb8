//! Sockets: bound all or none, accepted on one thread, handed to the least loaded worker.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::gate::Gate;
use crate::table::{ListenerId, Table};
use crate::worker::{Arrival, Command, WorkerHandle};

/// Connections the kernel holds for us while we are busy.
const BACKLOG: u32 = 1024;
/// How long to wait when the system has no descriptor left for one more connection.
const BREATHER: Duration = Duration::from_millis(50);

/// Why a socket cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody else has it.
    #[error("port {} is already in use on {}; stop the program that holds it or choose another with --port", .0.port(), .0.ip())]
    InUse(SocketAddr),
    /// The system does not let us.
    #[error("port {} on {} may not be used by this user; choose one above 1023 with --port", .0.port(), .0.ip())]
    Forbidden(SocketAddr),
    /// The address belongs to another machine.
    #[error("{} is not an address of this machine; listen on 127.0.0.1 or 0.0.0.0 instead", .0.ip())]
    NotOurs(SocketAddr),
    /// The system is out of something.
    #[error("cannot listen on {address}: {error}")]
    System {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
}

/// What an accept loop needs to hand connections on.
pub(crate) struct Reception {
    pub(crate) gate: Arc<Gate>,
    pub(crate) workers: Arc<Vec<WorkerHandle>>,
    pub(crate) table: Arc<ArcSwap<Table>>,
}

/// Binds and listens; call it inside a runtime.
///
/// # Errors
/// The address is taken, forbidden or not ours.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse(address),
        io::ErrorKind::PermissionDenied => BindError::Forbidden(address),
        io::ErrorKind::AddrNotAvailable => BindError::NotOurs(address),
        _ => BindError::System { address, error },
    })
}

/// Accepts until the task is dropped, which closes the socket.
pub(crate) async fn accept(
    listener: TcpListener,
    id: ListenerId,
    local: SocketAddr,
    reception: Arc<Reception>,
) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => reception.seat(stream, id, peer, local),
            Err(error) if concerns_one_client(&error) => {}
            Err(error) => {
                tracing::warn!(%error, %local, "cannot accept connections; trying again");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
}

impl Reception {
    /// Hands a connection to a worker; closes it when all seats are taken.
    fn seat(&self, stream: TcpStream, listener: ListenerId, peer: SocketAddr, local: SocketAddr) {
        let Some(seat) = self.gate.enter(self.table.load().limits.connections) else {
            tracing::warn!(%peer, "all connections are taken; closing one more");
            return;
        };
        // The worker's runtime takes it over; a socket that cannot be moved is closed.
        let Ok(stream) = stream.set_nodelay(true).and_then(|()| stream.into_std()) else { return };
        if let Some(worker) = self.workers.get(seat.worker) {
            worker.tell(Command::Serve(Arrival { stream, seat, listener, peer, local }));
        }
    }
}

fn concerns_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
