//! The bucket service over HTTP: raw requests, other people's clients.
#![cfg(test)]

#[path = "s3/clients.rs"]
mod clients;
#[path = "s3/raw.rs"]
mod raw;
#[expect(dead_code, reason = "shared with the tests of durability, which use more of it")]
#[path = "s3/server.rs"]
mod server;
#[path = "s3/terraform.rs"]
mod terraform;
