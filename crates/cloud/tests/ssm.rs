//! The parameter service over HTTP: boto3, values at rest.
#![cfg(test)]

#[path = "ssm/clients.rs"]
mod clients;
#[path = "ssm/secrets.rs"]
mod secrets;
#[expect(dead_code, reason = "shared with the tests of S3, which use more of it")]
#[path = "s3/server.rs"]
mod server;
