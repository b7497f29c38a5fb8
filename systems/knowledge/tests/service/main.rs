//! The binary over HTTP, on both stores. Those on Postgres are skipped by name where Debian's `postgres` is not there.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test fails by panicking and says on standard output what it skipped"
)]

mod alike;
mod contract;
mod durability;
mod http;
mod keys;
mod load;
mod migrations;
mod postgres;
mod process;
mod quotas;
mod schemathesis;

use std::time::Duration;

/// Longest wait for any condition.
const PATIENCE: Duration = Duration::from_secs(90);

/// Waits until `condition` gives a value.
async fn eventually<T>(what: &str, condition: impl AsyncFnMut() -> Option<T>) -> T {
    harness::service::eventually(PATIENCE, what, condition).await
}
