//! Taxiway's own endpoints, and the table of what is covered against what is answered.
#![cfg(test)]

#[path = "own/coverage.rs"]
mod coverage;
#[path = "own/endpoints.rs"]
mod endpoints;
#[expect(dead_code, reason = "shared with the tests of S3, which use more of it")]
#[path = "s3/server.rs"]
mod server;
