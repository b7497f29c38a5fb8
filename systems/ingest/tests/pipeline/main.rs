//! The binary against moto's server, which plays AWS. Without `moto_server` on the PATH they are skipped.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
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
async fn eventually<T>(what: &str, condition: impl AsyncFnMut() -> Option<T>) -> T {
    harness::service::eventually(PATIENCE, what, condition).await
}
