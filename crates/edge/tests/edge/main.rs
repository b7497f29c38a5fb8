//! The edge from outside: raw bytes in, raw bytes out, real sockets, real processes.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends; clippy knows test functions but not their helpers"
)]

mod drain;
mod faults;
mod framing;
mod health;
mod kill;
mod limits;
mod routing;
mod support;
mod swap;
mod upgrade;
