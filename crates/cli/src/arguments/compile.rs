//! What may be typed after the verbs that compile.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Project;

/// What is compiled, and where its files lie.
#[derive(Debug, Clone, Args)]
pub(crate) struct Asked {
    #[command(flatten)]
    pub(crate) project: Project,
    /// What the files are for
    #[arg(long, value_enum)]
    pub(crate) target: Target,
    /// Compile one environment only [default: every one but local]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Folder of the files [default: deploy/TARGET beside the manifest; for github, the repository's root]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Compile {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Write nothing, and fail where the files are not what would be written
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing and fail where a field of the manifest has no counterpart on the target
    #[arg(long)]
    pub(crate) strict: bool,
    /// Say which fields of the manifest are exact, too, and which say nothing to the target
    #[arg(long)]
    pub(crate) fidelity: bool,
    /// Write over files that were changed by hand
    #[arg(long, conflicts_with = "check")]
    pub(crate) force: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Writes nothing. Exit codes: 0 compile would change nothing, 1 it would change files (or the \
                        comparison failed, and an error says why), 2 a bad manifest or bad arguments."
)]
pub(crate) struct Diff {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where a system is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Terraform for AWS
    Aws,
    /// GitHub Actions that plan, deliver and take releases back
    Github,
}
