//! The `bootstrap` command: `bootstrap` serves, `bootstrap migrate`, `bootstrap hook EVENT`.

mod hook;
mod migrate;
mod routes;
mod schema;
mod service;
mod settings;
mod smoke;
mod store;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kit::{Environment, probe, program, server};

use hook::Hook;
use settings::Settings;

/// The smallest service worth copying.
#[derive(Debug, Parser)]
#[command(name = "bootstrap", version)]
struct Command {
    /// Only say whether the service that runs here answers (a container's health check)
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Bring the database's schema up to date, and end
    Migrate,
    /// Check a deployment at one of CodeDeploy's lifecycle events, and end: 0 lets it go on
    Hook {
        #[command(subcommand)]
        event: Hook,
    },
}

fn main() -> ExitCode {
    let mut environment = Environment::of_process();
    let command = Command::parse();
    if command.check {
        return probe::check(&server::Settings::read(&mut environment), routes::HEALTH);
    }
    let settings = Settings::read(environment);
    match command.task {
        None => program::run(settings, service::run),
        Some(Task::Migrate) => program::run(settings, migrate::run),
        Some(Task::Hook { event }) => program::run(settings, |settings| hook::run(settings, event)),
    }
}
