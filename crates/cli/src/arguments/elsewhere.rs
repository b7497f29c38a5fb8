//! What may be typed after the verbs that work elsewhere.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

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
