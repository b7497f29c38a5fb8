//! Whole runs of `up` with real processes: starts, ends, faults.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers may fail a test"
)]

mod harness;

mod faults;
mod jobs;
mod killed;
mod logs;
mod resources;
mod restart;
mod start;
mod stop;
