//! What a person may type. Help, completions and docs/cli.md all come from here.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::compile::{Asked, Compile, Diff, Target};
pub(crate) use self::elsewhere::{Rehearse, RehearseAws, RehearseInfra, Stacks};
pub(crate) use self::queue::Queue;
pub(crate) use self::secrets::Secrets;

pub(crate) mod compile;
pub(crate) mod elsewhere;
pub(crate) mod queue;
pub(crate) mod secrets;

/// Take a system of containers from a laptop to production with one file.
#[derive(Debug, Parser)]
#[command(name = "taxiway", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Start with `taxiway up DIR`, where DIR holds a taxiway.yaml.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the whole system on this machine
    Up(Up),
    /// Stop the system and end every process it left
    Down(Project),
    /// List services and their replicas
    Ps(Printed),
    /// Show what the services print
    Logs(Logs),
    /// Replace a service's replicas one after another
    Restart(Restart),
    /// Run a command with a service's environment
    Exec(Exec),
    /// Show where everything is: edge, cloud, replicas, resources
    Status(Printed),
    /// Look into the queues of a running cloud, and put things right in them
    #[command(subcommand)]
    Queue(Queue),
    /// Set, list and remove secrets and parameters of a running cloud
    #[command(subcommand)]
    Secrets(Secrets),
    /// Check the manifest and say everything that is wrong with it
    Check(Check),
    /// Explain a field of the manifest, or what the system costs on AWS
    Explain(Explain),
    /// Print the manifest's JSON Schema
    Schema,
    /// Write the files that run the system elsewhere, and stand alone there
    Compile(Compile),
    /// Show what compile would change, line by line
    Diff(Diff),
    /// Show what terraform would change: the compiled stacks of an environment, in their order
    Plan(Stacks),
    /// Apply the compiled stacks of an environment, in their order
    Apply(Stacks),
    /// Destroy the stacks of an environment, the last one first
    Destroy(Stacks),
    /// Rehearse what would happen elsewhere
    #[command(subcommand)]
    Rehearse(Rehearse),
    /// Serve the local cloud alone: AWS-compatible queues, buckets, parameters and secrets, MongoDB-compatible documents
    Cloud(Cloud),
}

/// Which project.
#[derive(Debug, Clone, Args)]
pub(crate) struct Project {
    /// Folder of taxiway.yaml
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) project: Project,
    /// Return when everything is healthy, and leave it running
    #[arg(short, long)]
    pub(crate) detach: bool,
    /// Environment to run [default: local, where the manifest has it]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Port of the edge on this machine
    #[arg(long, default_value_t = 8000)]
    pub(crate) port: u16,
    /// Start the services of this profile too; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Vec<String>,
    /// How long a service may take to become healthy, in seconds [default: what its health check needs, at least 60]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Let tests empty the cloud with POST /_taxiway/reset
    #[arg(long)]
    pub(crate) allow_reset: bool,
    /// Print each event as a line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// This is the process that `--detach` started
    #[arg(long, hide = true, conflicts_with = "detach")]
    pub(crate) background: bool,
}

impl Up {
    /// The words that start the same in the background, its events as JSON.
    pub(crate) fn in_background(&self) -> Vec<OsString> {
        let mut words: Vec<OsString> = vec!["up".into(), self.project.dir.clone().into()];
        words.extend(["--background".into(), "--json".into(), format!("--port={}", self.port).into()]);
        words.extend(self.allow_reset.then(|| "--allow-reset".into()));
        words.extend(self.env.iter().map(|name| format!("--env={name}").into()));
        words.extend(self.profile.iter().map(|name| format!("--profile={name}").into()));
        words.extend(self.timeout.iter().map(|limit| format!("--timeout={}", limit.as_secs_f64()).into()));
        words
    }
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Printed {
    #[command(flatten)]
    pub(crate) project: Project,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which cloud, and how to print.
#[derive(Debug, Clone, Args)]
pub(crate) struct Reach {
    /// The cloud's URL [default: the system that runs in DIR, else AWS_ENDPOINT_URL, else http://127.0.0.1:4566]
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A project, where the first word is a folder with a manifest, and services of it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Services {
    /// Folder of taxiway.yaml, where it is not this one; then services
    #[arg(value_name = "[DIR] SERVICE")]
    pub(crate) words: Vec<String>,
}

impl Services {
    /// The project's folder and the services named after it.
    pub(crate) fn split(&self) -> (PathBuf, &[String]) {
        match self.words.split_first() {
            Some((first, rest)) if Path::new(first).join("taxiway.yaml").is_file() => (first.into(), rest),
            _ => (".".into(), &self.words),
        }
    }
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    pub(crate) services: Services,
    /// Go on as new lines come
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Lines to begin with, per replica
    #[arg(short = 'n', long, default_value_t = 100, value_name = "LINES")]
    pub(crate) tail: usize,
    /// Print each line as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Restart {
    #[command(flatten)]
    pub(crate) services: Services,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Exec {
    #[command(flatten)]
    pub(crate) services: Services,
    /// Program and its arguments, after `--`
    #[arg(required = true, last = true)]
    pub(crate) command: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) project: Project,
    /// Check one environment only [default: every one]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Explain {
    #[command(subcommand)]
    pub(crate) whole: Option<Whole>,
    /// Path of the field, as `services.scale.queue_delay`; without it, the whole manifest
    #[arg(default_value = "")]
    pub(crate) field: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is explained of the system as a whole.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Whole {
    /// Estimate what the system costs on AWS in a month, by approximate prices
    Cost(Cost),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Cost {
    #[command(flatten)]
    pub(crate) project: Project,
    /// Environment to estimate; may be left out where the manifest has none
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Show one amount of traffic only
    #[arg(long, value_enum)]
    pub(crate) traffic: Option<Traffic>,
    /// Print JSON, with both amounts of traffic
    #[arg(long, conflicts_with = "traffic")]
    pub(crate) json: bool,
}

/// An amount of traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Traffic {
    /// A new service, at its fewest replicas
    Low,
    /// A busy one, at its most replicas
    High,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Cloud {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 4566)]
    pub(crate) port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub(crate) bind: IpAddr,
    /// Keep everything in this folder [default: .taxiway/cloud]
    #[arg(long, value_name = "DIR", conflicts_with = "ephemeral")]
    pub(crate) data: Option<PathBuf>,
    /// Keep nothing when it ends
    #[arg(long)]
    pub(crate) ephemeral: bool,
    /// What an acknowledgement promises
    #[arg(long, value_enum, default_value_t)]
    pub(crate) durability: Durability,
    /// Account in names, twelve digits [default: 000000000000]
    #[arg(long, value_name = "ID", requires = "ephemeral", value_parser = account)]
    pub(crate) account: Option<String>,
    /// Make callers wait where SQS does: 60 seconds between two purges of a queue, and before a deleted queue's name is
    /// used again
    #[arg(long)]
    pub(crate) queue_waits: bool,
    /// Make the queues, buckets, parameters, secrets and database users of this file (YAML or JSON) where they are missing
    #[arg(long, value_name = "FILE")]
    pub(crate) init: Option<PathBuf>,
    /// Check signatures against the access keys of this file, in the form of ~/.aws/credentials [default: accept any]
    #[arg(long, value_name = "FILE")]
    pub(crate) credentials: Option<PathBuf>,
    /// Print the start as a line of JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Durability {
    /// Survives the end of any process, kill -9 included
    #[default]
    ProcessCrash,
    /// Survives the loss of power
    PowerLoss,
}

fn account(text: &str) -> Result<String, String> {
    let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_account { Ok(text.to_owned()) } else { Err("give the twelve digits of an account".to_owned()) }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (1.0..=86_400.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("give a number of seconds from 1 to 86400".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Arguments;

    #[test]
    fn holds_together() {
        Arguments::command().debug_assert();
    }
}
