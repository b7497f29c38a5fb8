//! The queue service over HTTP: the protocol, other people's clients, and what it survives.
#![cfg(test)]

#[path = "sqs/clients.rs"]
mod clients;
#[path = "sqs/protocol.rs"]
mod protocol;
#[path = "sqs/queue.rs"]
mod queue;
#[path = "sqs/restart.rs"]
mod restart;
#[path = "s3/server.rs"]
mod server;
#[path = "sqs/table.rs"]
mod table;
