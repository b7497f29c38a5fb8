//! The `knowledge` command: `knowledge` serves, `knowledge migrate`, `knowledge load`.

mod api;
mod document;
mod load;
mod migrate;
mod search;
mod settings;
mod store;
mod text;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kit::program::RunError;
use kit::{Environment, probe, program, server};

use settings::Settings;
use store::StoreError;

/// The route a container's health check asks.
const HEALTH: &str = "/api/v1/health";

/// Documents of many tenants, indexed and searched over HTTP.
#[derive(Debug, Parser)]
#[command(name = "knowledge", version)]
struct Command {
    /// Ask the service that runs with these settings whether it is well, and end with 0 or 1
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Bring the database's schema up to date, and end
    Migrate,
    /// Put documents from a file of JSON lines into the database
    Load(load::Arguments),
}

/// Why the program can't do what it should.
#[derive(Debug, thiserror::Error)]
enum ServiceError {
    /// As any service can't.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The database is of no use.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A load ended early.
    #[error(transparent)]
    Load(#[from] load::LoadError),
}

fn main() -> ExitCode {
    let mut environment = Environment::of_process();
    let command = Command::parse();
    if command.check {
        return probe::check(&server::Settings::read(&mut environment), HEALTH);
    }
    let settings = Settings::read(environment);
    match command.task {
        None => program::run(settings, api::run),
        Some(Task::Migrate) => program::run(settings, migrate::run),
        Some(Task::Load(arguments)) => program::run(settings, |settings| load::run(settings, arguments)),
    }
}
