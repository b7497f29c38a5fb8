//! The bucket service over HTTP: raw requests, other people's clients.
#![cfg(test)]

#[path = "s3/clients.rs"]
mod clients;
#[path = "s3/raw.rs"]
mod raw;
#[path = "s3/server.rs"]
mod server;
