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
}

#[derive(Debug, Clone, Args)]
pub(crate) struct RehearseInfra {
    #[command(flatten)]
    pub(crate) project: Project,
    /// Environment to rehearse [default: the manifest without one]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// URL of a simulated AWS that runs already [default: starts moto with the Python that TAXIWAY_PYTHON names]
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// How long one step may take, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "1800")]
    pub(crate) timeout: Duration,
    /// Write the report as Markdown, too
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Print JSON
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
    /// How long one step may take, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "7200")]
    pub(crate) timeout: Duration,
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

impl From<OneStack> for remote::Stack {
    fn from(stack: OneStack) -> Self {
        match stack {
            OneStack::Bootstrap => Self::Bootstrap,
            OneStack::Data => Self::Data,
            OneStack::Compute => Self::Compute,
        }
    }
}
