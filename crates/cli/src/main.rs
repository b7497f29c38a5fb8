//! The `taxiway` command: arguments in, one of the crates' verbs, a report and an exit code out.

use std::process::ExitCode;

use clap::Parser as _;

use self::arguments::{Arguments, Command};
use self::commands::terraform::Verb;
use self::report::Failure;

mod arguments;
mod commands;
mod display;
mod elsewhere;
mod environment;
mod generated;
mod manifest;
mod patches;
mod reach;
#[cfg(test)]
mod reference;
mod report;
mod runtime;
mod signals;

fn main() -> ExitCode {
    // A replica starts as this binary, which ties its life to ours and then becomes the service's program.
    if let Some(ended) = local::shim::run_if_asked(std::env::args_os()) {
        return ended;
    }
    report::end(run(Arguments::parse().command))
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Up(arguments) => commands::up::run(&arguments),
        Command::Down(arguments) => commands::down::run(&arguments),
        Command::Ps(arguments) => commands::ps::run(&arguments),
        Command::Logs(arguments) => commands::logs::run(&arguments),
        Command::Restart(arguments) => commands::restart::run(&arguments),
        Command::Exec(arguments) => commands::exec::run(&arguments),
        Command::Status(arguments) => commands::status::run(&arguments),
        Command::Queue(verb) => commands::queue::run(&verb),
        Command::Secrets(verb) => commands::secrets::run(&verb),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Compile(arguments) => commands::compile::run(&arguments),
        Command::Diff(arguments) => commands::diff::run(&arguments),
        Command::Plan(arguments) => commands::terraform::run(Verb::Plan, &arguments),
        Command::Apply(arguments) => commands::terraform::run(Verb::Apply, &arguments),
        Command::Destroy(arguments) => commands::terraform::run(Verb::Destroy, &arguments),
        Command::Rehearse(verb) => commands::rehearse::run(&verb),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::Schema => commands::schema::run(),
        Command::Cloud(arguments) => commands::cloud::run(&arguments),
    }
}
