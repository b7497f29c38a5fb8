//! The queue service over HTTP: the protocol, other people's clients, and what it survives.
#![cfg(test)]

#[path = "sqs/clients.rs"]
mod clients;
#[path = "sqs/protocol.rs"]
mod protocol;
#[expect(dead_code, reason = "shared with the tests of durability, which use more of it")]
#[path = "sqs/queue.rs"]
mod queue;
#[path = "sqs/restart.rs"]
mod restart;
#[expect(dead_code, reason = "shared with the tests of durability, which use more of it")]
#[path = "s3/server.rs"]
mod server;
#[path = "sqs/table.rs"]
mod table;
