//! The words of `taxiway secrets`.

use clap::{Args, Subcommand};

use super::Reach;

/// What to do with secrets and parameters.
#[derive(Debug, Subcommand)]
pub(crate) enum Secrets {
    /// Set a secret or parameter to what standard input says
    #[command(
        after_help = "The value is never an argument, because every list of processes would show it. On a \
                            terminal it is asked for; otherwise pipe it: `taxiway secrets set NAME < file`. One line \
                            break at its end is left out."
    )]
    Set(Set),
    /// List secrets and parameters, without their values
    Ls(List),
    /// Remove a secret or parameter at once
    Rm(Remove),
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Folder of taxiway.yaml, where it is not this one; then the name
    #[arg(value_name = "[DIR] NAME", required = true, num_args = 1..)]
    pub(crate) words: Vec<String>,
    /// A parameter of the Parameter Store, encrypted unless it is there as plain text
    #[arg(long)]
    pub(crate) parameter: bool,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Folder of taxiway.yaml whose running system is meant
    pub(crate) dir: Option<String>,
    /// Parameters only
    #[arg(long)]
    pub(crate) parameter: bool,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// Folder of taxiway.yaml, where it is not this one; then the name
    #[arg(value_name = "[DIR] NAME", required = true, num_args = 1..=2)]
    pub(crate) words: Vec<String>,
    /// A parameter of the Parameter Store
    #[arg(long)]
    pub(crate) parameter: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) reach: Reach,
}
