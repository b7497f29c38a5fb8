//! The `ingest` command: `ingest api`, `ingest worker`, `ingest bulk`.

mod api;
mod aws;
mod bulk;
mod heartbeat;
mod message;
mod timestamp;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kit::{Environment, program};

/// Takes e-mails over HTTP, queues them, and writes them to a bucket.
#[derive(Debug, Parser)]
#[command(name = "ingest", version)]
struct Command {
    #[command(subcommand)]
    role: Role,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Serve the HTTP API: POST /ingest puts messages on the queue
    Api,
    /// Take messages from the queue and write them to the bucket
    Worker(worker::Arguments),
    /// Send many messages, good and bad, and report what came back
    Bulk(bulk::Arguments),
}

fn main() -> ExitCode {
    let environment = Environment::of_process();
    match Command::parse().role {
        Role::Api => program::run(api::Settings::read(environment), api::run),
        Role::Worker(arguments) if arguments.check_heartbeat => heartbeat::check(&environment),
        Role::Worker(_) => program::run(worker::Settings::read(environment), worker::run),
        Role::Bulk(arguments) => bulk::main(arguments),
    }
}
