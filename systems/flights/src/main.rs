//! The `flights` command: flights in a document store, over HTTP.

mod flight;
mod routes;
mod service;
mod store;

use std::process::ExitCode;

use clap::Parser;
use kit::{Environment, probe, program, server};

/// Serves flights from a document store over HTTP.
#[derive(Debug, Parser)]
#[command(name = "flights", version)]
struct Command {
    /// Only say whether the service that runs here answers (a container's health check)
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    let mut environment = Environment::of_process();
    if Command::parse().check {
        return probe::check(&server::Settings::read(&mut environment), "/");
    }
    program::run(service::Settings::read(environment), service::run)
}
