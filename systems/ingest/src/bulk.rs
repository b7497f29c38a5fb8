//! `ingest bulk`: sends many messages, good ones and the four bad kinds, and reports what came back.

mod plan;
mod progress;
mod report;
mod send;
mod statistics;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use kit::Environment;
use kit::program::{BAD_SETTINGS, runtime, say};
use tokio::sync::mpsc;

use progress::Progress;
use send::Sample;
use statistics::Statistics;

/// Samples that may wait to be counted.
const MAX_UNCOUNTED: usize = 1024;

/// Arguments of `ingest bulk`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Arguments {
    /// Where to send; else API_URL, else http://localhost:8000/ingest
    #[arg(long)]
    url: Option<String>,
    /// The token; else TOKEN
    #[arg(long)]
    token: Option<String>,
    /// Good messages
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    count: u32,
    /// Requests of each bad kind: wrong token, no token, bad timestamp, missing timestamp
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    bad: u32,
    /// Requests in flight at once
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=4096))]
    concurrency: u16,
    /// Seconds to try again while no connection can be made; a request that was sent is never sent again
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(0..=3600))]
    retry_for: u64,
    /// Seconds to wait for an answer
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Write the identifier of every accepted message to this file, one a line
    #[arg(long)]
    accepted: Option<PathBuf>,
    /// Report as JSON
    #[arg(long)]
    json: bool,
}

/// Why nothing could be sent.
#[derive(Debug, thiserror::Error)]
enum BulkError {
    #[error("`{0}` is not an http or https URL; give one like http://localhost:8000/ingest")]
    Url(String),
    #[error("a token is needed: give --token, or TOKEN in the environment")]
    NoToken,
    #[error("can't write accepted identifiers to {file}: {source}")]
    Accepted { file: PathBuf, source: io::Error },
    #[error("can't use TLS: {0}")]
    Tls(io::Error),
    #[error("can't write the report: {0}")]
    Report(io::Error),
}

/// Sends everything; success only if every request was answered as expected.
pub(crate) fn main(arguments: Arguments) -> ExitCode {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return say(&error, ExitCode::FAILURE),
    };
    match runtime.block_on(run(arguments)) {
        Ok(statistics) if statistics.all_as_expected() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => say(&error, ExitCode::from(BAD_SETTINGS)),
    }
}

async fn run(arguments: Arguments) -> Result<Statistics, BulkError> {
    let environment = Environment::of_process();
    let url = target(
        arguments.url.clone().unwrap_or_else(|| environment.text("API_URL", "http://localhost:8000/ingest")),
    )?;
    let token =
        arguments.token.clone().or_else(|| environment.optional("TOKEN")).ok_or(BulkError::NoToken)?;
    let mut accepted = arguments.accepted.as_deref().map(AcceptedFile::create).transpose()?;
    let plan = plan::Plan::new(arguments.count, arguments.bad, &token);
    let mut progress = Progress::start(plan.len());
    let mut statistics = Statistics::start();
    let mut samples = start_senders(url, plan, &arguments)?;
    while let Some(sample) = samples.recv().await {
        if let (Some(file), Some(identifier)) = (accepted.as_mut(), sample.accepted()) {
            file.add(identifier)?;
        }
        statistics.add(&sample);
        progress.show(&statistics);
    }
    statistics.stop();
    progress.end();
    if let Some(file) = accepted.as_mut() {
        file.flush()?;
    }
    report::print(&statistics, arguments.json).map_err(BulkError::Report)?;
    Ok(statistics)
}

fn start_senders(
    url: Uri,
    plan: plan::Plan,
    arguments: &Arguments,
) -> Result<mpsc::Receiver<Sample>, BulkError> {
    let (sender, samples) = mpsc::channel(MAX_UNCOUNTED);
    let limits = send::Limits {
        answer: Duration::from_secs(arguments.timeout),
        connecting: Duration::from_secs(arguments.retry_for),
    };
    let mission = Arc::new(send::Mission::new(url, plan, limits).map_err(BulkError::Tls)?);
    for _ in 0..arguments.concurrency {
        tokio::spawn(Arc::clone(&mission).run(sender.clone()));
    }
    Ok(samples)
}

fn target(url: String) -> Result<Uri, BulkError> {
    let uri = url.parse::<Uri>().ok();
    let web = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.authority().is_some();
    uri.filter(web).ok_or(BulkError::Url(url))
}

/// The file of `--accepted`.
struct AcceptedFile {
    file: PathBuf,
    out: io::BufWriter<std::fs::File>,
}

impl AcceptedFile {
    fn create(file: &std::path::Path) -> Result<Self, BulkError> {
        let failed = |source| BulkError::Accepted { file: file.to_owned(), source };
        let out = io::BufWriter::new(std::fs::File::create(file).map_err(failed)?);
        Ok(Self { file: file.to_owned(), out })
    }

    fn add(&mut self, identifier: &str) -> Result<(), BulkError> {
        let written = writeln!(self.out, "{identifier}");
        written.map_err(|source| BulkError::Accepted { file: self.file.clone(), source })
    }

    fn flush(&mut self) -> Result<(), BulkError> {
        let written = self.out.flush();
        written.map_err(|source| BulkError::Accepted { file: self.file.clone(), source })
    }
}
