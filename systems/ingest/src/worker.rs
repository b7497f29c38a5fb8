//! `ingest worker`: takes messages from the queue, writes each to the bucket, then deletes it from the queue.
//!
//! Several lanes work side by side; each receives a batch, writes its messages at once and waits for the last of them.
//! What is written goes to one task that deletes in batches. A message is deleted only after it is written, and every
//! delivery of it has the same key, so a worker that dies at any moment loses nothing and doubles nothing.

mod delete;
mod lane;
mod link;
mod write;

use std::sync::Arc;
use std::time::Duration;

use kit::program::RunError;
use kit::{Environment, InvalidSettings, logs, shutdown};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::aws;
use crate::heartbeat::{self, Heartbeat};
use link::Link;

/// Room an attempt has beyond the wait of a long poll.
const ANSWER_MARGIN: Duration = Duration::from_secs(10);

/// Written messages that may wait for their deletion.
const MAX_WRITTEN: usize = 256;

/// Arguments of `ingest worker`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only say whether the running worker made a step in the last 90 s (a container's health check)
    #[arg(long)]
    pub(crate) check_heartbeat: bool,
}

/// What the worker needs to know.
#[derive(Debug)]
pub(crate) struct Settings {
    aws: aws::Settings,
    queue_url: String,
    bucket: String,
    environment: String,
    poll_wait: Duration,
    sleep_on_empty: Duration,
    visibility: Duration,
    max_messages: i32,
    concurrent_receives: usize,
    drain_limit: Duration,
    heartbeat_file: std::path::PathBuf,
    log_level: logs::Level,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable is missing or wrong.
    pub(crate) fn read(mut environment: Environment) -> Result<Self, InvalidSettings> {
        let settings = Self {
            aws: aws::Settings::read(&mut environment),
            queue_url: environment.required("SQS_QUEUE_URL"),
            bucket: environment.required("S3_BUCKET"),
            environment: environment.text("APP_ENV", "local"),
            poll_wait: Duration::from_secs(environment.number("POLL_WAIT_SECONDS", 20, 0..=20)),
            sleep_on_empty: Duration::from_secs_f64(environment.number(
                "SLEEP_ON_EMPTY_SECONDS",
                2.0,
                0.0..=60.0,
            )),
            visibility: Duration::from_secs(environment.number("VISIBILITY_TIMEOUT", 60, 1..=43_200)),
            max_messages: environment.number("MAX_MESSAGES", 10, 1..=10),
            concurrent_receives: environment.number("CONCURRENT_RECEIVES", 4, 1..=64),
            drain_limit: Duration::from_secs(environment.number("DRAIN_SECONDS", 25, 0..=3600)),
            heartbeat_file: heartbeat::file(&environment),
            log_level: logs::Level::read(&mut environment),
        };
        environment.finish().map(|()| settings)
    }
}

/// What the lanes share.
struct Worker {
    settings: Settings,
    sqs: aws_sdk_sqs::Client,
    s3: aws_sdk_s3::Client,
    queue: Link,
    bucket: Link,
    heartbeat: Heartbeat,
}

/// Works until SIGTERM, then finishes what is in flight.
///
/// # Errors
/// When signals can't be listened for.
pub(crate) async fn run(settings: Settings) -> Result<(), RunError> {
    logs::start(settings.log_level);
    let stop = shutdown::requested().map_err(RunError::Signals)?;
    let worker = Arc::new(Worker::new(settings).await);
    let (written, to_delete) = mpsc::channel(MAX_WRITTEN);
    tracing::info!(queue = worker.settings.queue_url, bucket = worker.settings.bucket, "working");
    let mut tasks = JoinSet::new();
    for _ in 0..worker.settings.concurrent_receives {
        tasks.spawn(lane::run(Arc::clone(&worker), written.clone(), stop.clone()));
    }
    drop(written);
    tasks.spawn(delete::run(Arc::clone(&worker), to_delete, stop.clone()));
    stop.cancelled().await;
    if tokio::time::timeout(worker.settings.drain_limit, tasks.join_all()).await.is_err() {
        tracing::warn!("messages still in flight at the drain limit will be delivered again");
    }
    tracing::info!("stopped");
    Ok(())
}

impl Worker {
    async fn new(settings: Settings) -> Self {
        let config = aws::configure(&settings.aws, settings.poll_wait + ANSWER_MARGIN).await;
        Self {
            sqs: aws_sdk_sqs::Client::new(&config),
            s3: aws::s3(&config, &settings.aws),
            queue: Link::new("queue"),
            bucket: Link::new("bucket"),
            heartbeat: Heartbeat::new(settings.heartbeat_file.clone()),
            settings,
        }
    }

    fn visibility_seconds(&self) -> i32 {
        i32::try_from(self.settings.visibility.as_secs()).unwrap_or(i32::MAX)
    }
}
