//! Secrets Manager, KMS and STS over HTTP: boto3 and awscli, the published models, values at rest, and
//! a data folder from before there were secrets.
#![cfg(test)]

#[path = "secrets/at_rest.rs"]
mod at_rest;
#[path = "secrets/clients.rs"]
mod clients;
#[expect(dead_code, reason = "shared with the tests of S3, which use more of it")]
#[path = "s3/server.rs"]
mod server;
#[path = "secrets/upgrade.rs"]
mod upgrade;
