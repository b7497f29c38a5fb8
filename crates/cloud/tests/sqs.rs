//! The queue service over HTTP: the protocol, other people's clients, and what it survives.
#![cfg(test)]

#[path = "sqs/clients.rs"]
mod clients;
#[path = "sqs/crash.rs"]
mod crash;
#[path = "sqs/fifo_crash.rs"]
mod fifo_crash;
#[path = "sqs/full_disk.rs"]
mod full_disk;
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
