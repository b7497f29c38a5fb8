//! The words of `taxiway queue`.

use clap::{Args, Subcommand};

use super::Reach;

/// What to do with queues.
#[derive(Debug, Subcommand)]
pub(crate) enum Queue {
    /// List the queues: what waits, what is in flight, how old the oldest is
    Ls(Ls),
    /// Show messages without receiving them
    Peek(Peek),
    /// Send a message
    Send(Send),
    /// Move the messages of a dead-letter queue back to where they came from
    Redrive(Redrive),
    /// Delete every message of a queue
    Purge(Purge),
}

#[derive(Debug, Args)]
pub(crate) struct Ls {
    /// Folder of taxiway.yaml whose running system is meant
    pub(crate) dir: Option<String>,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

#[derive(Debug, Args)]
pub(crate) struct Peek {
    /// Folder of taxiway.yaml, where it is not this one; then the queue
    #[arg(value_name = "[DIR] QUEUE", required = true, num_args = 1..=2)]
    pub(crate) words: Vec<String>,
    /// Messages to show at most
    #[arg(short = 'n', long, default_value_t = 10, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) max: u16,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    /// Folder of taxiway.yaml, where it is not this one; then the queue; then the body, or `-` for standard input
    #[arg(value_name = "[DIR] QUEUE BODY", required = true, num_args = 1..=3)]
    pub(crate) words: Vec<String>,
    /// A message attribute: NAME=TEXT, or NAME:Number=5; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) attribute: Vec<String>,
    /// Message group
    #[arg(long, value_name = "ID")]
    pub(crate) group: Option<String>,
    /// Deduplication id, on a FIFO queue without content-based deduplication
    #[arg(long, value_name = "ID")]
    pub(crate) deduplication: Option<String>,
    /// Seconds the message stays hidden
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(0..=900))]
    pub(crate) delay: Option<u16>,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

#[derive(Debug, Args)]
pub(crate) struct Redrive {
    /// Folder of taxiway.yaml, where it is not this one; then the dead-letter queue, or the queue it belongs to
    #[arg(value_name = "[DIR] QUEUE", required = true, num_args = 1..=2)]
    pub(crate) words: Vec<String>,
    /// Queue to move them to [default: where each came from]
    #[arg(long, value_name = "QUEUE")]
    pub(crate) to: Option<String>,
    /// Messages per second at most [default: as fast as it goes]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub(crate) rate: Option<u16>,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

#[derive(Debug, Args)]
pub(crate) struct Purge {
    /// Folder of taxiway.yaml, where it is not this one; then the queue
    #[arg(value_name = "[DIR] QUEUE", required = true, num_args = 1..=2)]
    pub(crate) words: Vec<String>,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) reach: Reach,
}
