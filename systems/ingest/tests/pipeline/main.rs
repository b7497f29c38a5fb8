//! The binary against moto's server, which plays AWS. Without `moto_server` on the PATH they are skipped.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test fails by panicking and says on standard output what it skipped"
)]

mod api;
mod bulk;
mod http;
mod moto;
mod process;
mod settings;
mod worker;

use std::time::Duration;

/// Longest wait for any condition.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `condition` gives a value.
async fn eventually<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(tokio::time::Instant::now() < deadline, "after {PATIENCE:?} still waiting for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
