//! `knowledge load`: a file of JSON lines into the database, in large commits.
//!
//! How far it came is kept in the commit of the documents themselves: a load that was killed goes on behind the last
//! document that is kept, and a file that has grown is read from where it had ended.

mod lines;
mod progress;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use kit::logs;
use tokio::sync::mpsc;

use crate::ServiceError;
use crate::document::Addition;
use crate::settings::Settings;
use crate::store::{Added, Checkpoint, Store, StoreError};
use progress::Progress;

/// Batches that are read ahead while one is written.
const AHEAD: usize = 2;

/// Bad lines that are named; more are only counted.
const MAX_NAMED: u64 = 20;

/// Arguments of `knowledge load`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Arguments {
    /// A file with one document a line, {"title": …, "content": …, "tags": […]}; `-` is standard input
    file: PathBuf,
    /// Whose documents they are
    #[arg(long)]
    tenant: String,
    /// Under which name to remember how far it came; the file's path unless given, nothing for standard input
    #[arg(long)]
    name: Option<String>,
}

/// Why a load ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("can't read {file}: {source}")]
    File { file: PathBuf, source: io::Error },
    #[error("{error}; {lines} lines are done, and the same command goes on behind them")]
    Store { error: StoreError, lines: u64 },
    #[error(
        "tenant {0} has as many documents as MAX_DOCUMENTS_PER_TENANT lets it have; the rest is not loaded"
    )]
    Quota(String),
    #[error("{0} lines are no documents; the others are loaded")]
    BadLines(u64),
}

/// Some documents of a file, and where it goes on behind them.
#[derive(Debug)]
struct Batch {
    documents: Vec<Addition>,
    /// Line number and reason of those that are no documents.
    bad: Vec<(u64, String)>,
    /// Lines up to here, those that were passed over included.
    lines: u64,
    /// Bytes up to here.
    bytes: u64,
}

#[derive(Debug, Default)]
struct Done {
    loaded: u64,
    bad: u64,
}

/// Loads the file; success only if every line was a document.
///
/// # Errors
/// Also when some lines were none.
pub(crate) async fn run(settings: Settings, arguments: Arguments) -> Result<(), ServiceError> {
    logs::start(settings.log_level);
    let store = settings.database.open()?;
    if settings.migrate_at_start {
        store.migrate().await?;
    }
    let name = checkpoint_name(&arguments)?;
    let from = match &name {
        Some(name) => store.checkpoint(name).await?,
        None => 0,
    };
    let (sender, batches) = mpsc::channel(AHEAD);
    let source = lines::Source::open(&arguments.file, &arguments.tenant, settings.limits, from)
        .map_err(|source| LoadError::File { file: arguments.file.clone(), source })?;
    let progress = Progress::start(source.size(), from);
    let reading = tokio::task::spawn_blocking(move || source.read(&sender));
    let load = Load { store, tenant: arguments.tenant, name, quota: settings.quotas.documents };
    let done = load.write(batches, progress, from).await?;
    let read = reading.await.unwrap_or_else(|error| Err(io::Error::other(error)));
    read.map_err(|source| LoadError::File { file: arguments.file, source })?;
    tell(&format!("{} documents loaded, {} lines refused, {from} lines passed over", done.loaded, done.bad));
    if done.bad > 0 { Err(LoadError::BadLines(done.bad).into()) } else { Ok(()) }
}

struct Load {
    store: Store,
    tenant: String,
    name: Option<String>,
    quota: u32,
}

impl Load {
    async fn write(
        &self,
        mut batches: mpsc::Receiver<Batch>,
        mut progress: Progress,
        from: u64,
    ) -> Result<Done, LoadError> {
        let (mut done, mut lines) = (Done::default(), from);
        while let Some(batch) = batches.recv().await {
            for (line, reason) in batch.bad {
                done.bad += 1;
                if done.bad <= MAX_NAMED {
                    progress.say(&format!("line {line}: {reason}"));
                }
            }
            let checkpoint = self.name.clone().map(|name| Checkpoint { name, lines: batch.lines });
            let added = self.store.add(batch.documents, self.quota, checkpoint).await;
            let added = added.map_err(|error| LoadError::Store { error, lines })?;
            done.loaded += added.iter().filter(|added| **added == Added::Kept).count() as u64;
            if added.contains(&Added::OverQuota) {
                return Err(LoadError::Quota(self.tenant.clone()));
            }
            lines = batch.lines;
            progress.show(batch.bytes, done.loaded);
        }
        progress.end();
        Ok(done)
    }
}

/// A file's name is its whole path, and the tenant: the same file may be loaded for two.
fn checkpoint_name(arguments: &Arguments) -> Result<Option<String>, LoadError> {
    let named = |name: &str| format!("{} {name}", arguments.tenant);
    if let Some(name) = &arguments.name {
        return Ok(Some(named(name)));
    }
    if arguments.file == Path::new("-") {
        return Ok(None);
    }
    let path = std::fs::canonicalize(&arguments.file);
    let path = path.map_err(|source| LoadError::File { file: arguments.file.clone(), source })?;
    Ok(Some(named(&path.to_string_lossy())))
}

/// Says what was done. Nobody listening is no reason to fail.
fn tell(sentence: &str) {
    let _ = writeln!(io::stdout(), "{sentence}");
}
