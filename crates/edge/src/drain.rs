//! Waiting for zero: requests of a target, connections of the edge.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Notify;

use crate::gate::Gate;
use crate::target::Target;

/// Whether the target's last request ended within `deadline`.
pub(crate) async fn until_empty(target: Arc<Target>, deadline: Duration) -> bool {
    until(&target.emptied, || target.counts.0.in_flight.load(Ordering::SeqCst) == 0, deadline).await
}

/// Whether the last client connection closed within `deadline`.
pub(crate) async fn until_closed(gate: Arc<Gate>, deadline: Duration) -> bool {
    until(&gate.emptied, || gate.open() == 0, deadline).await
}

async fn until(told: &Notify, is_zero: impl Fn() -> bool, deadline: Duration) -> bool {
    let wait = async {
        loop {
            // Listening begins before the look, so that a change in between is not missed.
            let mut told = std::pin::pin!(told.notified());
            told.as_mut().enable();
            if is_zero() {
                return;
            }
            told.await;
        }
    };
    tokio::time::timeout(deadline, wait).await.is_ok() || is_zero()
}
