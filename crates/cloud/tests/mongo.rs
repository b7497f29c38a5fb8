//! The document service as drivers use it: pymongo, the driver for JavaScript, raw bytes, another
//! implementation beside it.
#![cfg(test)]

#[path = "mongo/clients.rs"]
mod clients;
#[path = "mongo/raw.rs"]
mod raw;
#[expect(dead_code, reason = "shared with the tests of S3, which use more of it")]
#[path = "s3/server.rs"]
mod server;
