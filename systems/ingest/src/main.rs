//! The `ingest` command: `ingest api`, `ingest worker`, `ingest bulk`.

mod api;
mod aws;
mod bulk;
mod heartbeat;
mod json;
mod message;
mod timestamp;
mod worker;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use kit::Environment;

/// Exit code for settings that are missing or wrong.
const BAD_SETTINGS: u8 = 2;

/// How long a name look-up or the like may hold up the exit.
const LAST_CHORES: Duration = Duration::from_millis(100);

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
        Role::Api => with_settings(api::Settings::read(environment), api::run),
        Role::Worker(arguments) if arguments.check_heartbeat => heartbeat::check(&environment),
        Role::Worker(_) => with_settings(worker::Settings::read(environment), worker::run),
        Role::Bulk(arguments) => bulk::main(arguments),
    }
}

/// Starts the runtime with settings that are known to be good, or says what is wrong with them.
fn with_settings<S, F>(settings: Result<S, kit::InvalidSettings>, run: impl FnOnce(S) -> F) -> ExitCode
where
    F: Future<Output = Result<(), RunError>>,
{
    let settings = match settings {
        Ok(settings) => settings,
        Err(problems) => return say(&problems, ExitCode::from(BAD_SETTINGS)),
    };
    let finished = runtime().and_then(|runtime| {
        let finished = runtime.block_on(run(settings));
        runtime.shutdown_timeout(LAST_CHORES);
        finished
    });
    match finished {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say(&error, ExitCode::FAILURE),
    }
}

/// A role that can't do its work on this machine.
#[derive(Debug, thiserror::Error)]
enum RunError {
    #[error("can't start the runtime: {0}; are there threads and file descriptors left?")]
    Runtime(std::io::Error),
    #[error("can't listen for signals: {0}")]
    Signals(std::io::Error),
    #[error(transparent)]
    Serve(#[from] kit::server::ServeError),
}

fn runtime() -> Result<tokio::runtime::Runtime, RunError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(RunError::Runtime)
}

#[expect(clippy::print_stderr, reason = "the one place that speaks to the person who started the process")]
fn say(error: &dyn std::fmt::Display, code: ExitCode) -> ExitCode {
    eprintln!("{error}");
    code
}
