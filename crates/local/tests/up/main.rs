//! Whole runs of `up` with real processes: starts, ends, faults.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test's helpers may fail a test, and say what it leaves out"
)]

mod harness;

mod databases;
mod faults;
mod jobs;
mod killed;
mod logs;
mod resources;
mod restart;
mod start;
mod stop;
