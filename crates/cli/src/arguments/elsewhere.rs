//! What may be typed after the verbs that work elsewhere.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::{Project, seconds};

/// The verbs of `taxiway rehearse`.
#[derive(Debug, Subcommand)]
pub(crate) enum Rehearse {
    /// Plan, apply, plan again, change and destroy the compiled files on a simulated AWS
    Infra(RehearseInfra),
    /// Serve the simulated AWS of the rehearsals, for --endpoint, until Ctrl-C
    Aws(RehearseAws),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct RehearseAws {
    /// Port to listen on, on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value = "5000")]
    pub(crate) port: u16,
    /// Print the start as a line of JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct RehearseInfra {
    #[command(flatten)]
    pub(crate) project: Project,
    /// Environment to rehearse [default: every one but `local`, one after the other]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// URL of a simulated AWS that runs already [default: starts moto with the Python that TAXIWAY_PYTHON names]
    #[arg(long, value_name = "URL", value_parser = url)]
    pub(crate) endpoint: Option<String>,
    /// How long one step may take, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "1800")]
    pub(crate) timeout: Duration,
    /// Write the report as Markdown, too; those of several environments one after the other
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Print JSON: the report of --env, else a list of all
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `plan`, `apply` and `destroy` take.
#[derive(Debug, Clone, Args)]
pub(crate) struct Stacks {
    #[command(flatten)]
    pub(crate) project: Project,
    /// Environment [default: the manifest without one]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// One stack only [default: bootstrap, data, compute; destroy takes them the other way]
    #[arg(long, value_enum)]
    pub(crate) stack: Option<OneStack>,
    /// Folder of the compiled files [default: deploy/aws beside the manifest]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// URL of a simulated AWS to run against instead of an account; works on a copy below .taxiway/
    #[arg(long, value_name = "URL", value_parser = url)]
    pub(crate) endpoint: Option<String>,
    /// How long one step may take, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "7200")]
    pub(crate) timeout: Duration,
    /// How long to wait for a state that somebody else has locked, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "300")]
    pub(crate) lock_timeout: Duration,
    /// Do not ask before a protected environment changes, or anything is destroyed
    #[arg(long)]
    pub(crate) yes: bool,
    /// Print what happens to each stack as JSON at the end
    #[arg(long)]
    pub(crate) json: bool,
}

/// A stack, by its name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum OneStack {
    /// State, lock and roles of the pipelines
    Bootstrap,
    /// Network, databases, queues, buckets, parameters, registries
    Data,
    /// Cluster, services, balancer, edge, scaling, alarms
    Compute,
}

/// A URL that a program of ours or terraform can call.
fn url(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match host.map(|host| host.trim_end_matches('/')) {
        Some(host) if !host.is_empty() => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("a URL begins with http:// or https://, as http://127.0.0.1:5000 does".to_owned()),
    }
}

impl From<OneStack> for remote::Stack {
    fn from(stack: OneStack) -> Self {
        match stack {
            OneStack::Bootstrap => Self::Bootstrap,
            OneStack::Data => Self::Data,
            OneStack::Compute => Self::Compute,
        }
    }
}
